using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Translator.X64;

namespace Firmament.PowerPC.Translator;

// Counts of ones, and extensions of signs. Power ISA 2.07B Book I 6.12, 3.0B 6.9.
internal static unsafe partial class VectorEmissions
{
    private static void AddBits()
    {
        Vector(Opcode.Vpopcntb, &CountInBytes);
        Vector(Opcode.Vpopcnth, &CountInHalfwords);
        Vector(Opcode.Vpopcntw, &CountInWords);
        Vector(Opcode.Vpopcntd, &CountInDoublewords);
        Vector(Opcode.Vclzd, &LeadingZerosOfDoublewords);
        Vector(Opcode.Vctzd, &TrailingZerosOfDoublewords);
        Vector(Opcode.Vextsb2w, &ExtendBytesToWords);
        Vector(Opcode.Vextsh2w, &ExtendHalfwordsToWords);
        Vector(Opcode.Vextsw2d, &ExtendWordsToDoublewords);
    }

    private static void CountInBytes(VectorEmission v)
    {
        CountOnes(v);
        v.Store(X0);
    }

    private static void CountInHalfwords(VectorEmission v)
    {
        CountOnes(v);
        v.Apply(PackedOperation.Pmaddubsw, X0, X0, VectorConstant.Bytes01);
        v.Store(X0);
    }

    private static void CountInWords(VectorEmission v)
    {
        CountOnes(v);
        v.Apply(PackedOperation.Pmaddubsw, X0, X0, VectorConstant.Bytes01);
        v.Apply(PackedOperation.Pmaddwd, X0, X0, VectorConstant.Halfwords0001);
        v.Store(X0);
    }

    private static void CountInDoublewords(VectorEmission v)
    {
        CountOnes(v);
        v.Zero(X1);
        v.Apply(PackedOperation.Psadbw, X0, X0, X1);
        v.Store(X0);
    }

    /// <summary>Ones of each byte of the second operand in xmm0: those of its two nibbles, by table.</summary>
    private static void CountOnes(VectorEmission v)
    {
        v.Load(X0, v.Second);
        v.Load(X2, VectorConstant.Bytes0f);
        v.Shift(PackedShift.Psrlw, X1, X0, 4);
        v.Apply(PackedOperation.Pand, X0, X0, X2);
        v.Apply(PackedOperation.Pand, X1, X1, X2);
        v.Load(X2, VectorConstant.Ones);
        v.Apply(PackedOperation.Pshufb, X0, X2, X0);
        v.Apply(PackedOperation.Pshufb, X1, X2, X1);
        v.Apply(PackedOperation.Paddb, X0, X0, X1);
    }

    private static void LeadingZerosOfDoublewords(VectorEmission v) => CountZeros(v, leading: true);

    private static void TrailingZerosOfDoublewords(VectorEmission v) => CountZeros(v, leading: false);

    private static void CountZeros(VectorEmission v, bool leading)
    {
        foreach ((XmmRegister to, int offset) in (ReadOnlySpan<(XmmRegister, int)>)[(X0, 0), (X1, 8)])
        {
            v.A.Load(HostRegister.Rax, v.SecondFrom(offset), true);
            if (leading)
            {
                v.A.LeadingZeros(HostRegister.Rax, HostRegister.Rax, true);
            }
            else
            {
                v.A.TrailingZeros(HostRegister.Rax, HostRegister.Rax, true);
            }

            v.A.MoveToVector(to, HostRegister.Rax, false);
        }

        v.Apply(PackedOperation.Punpcklqdq, X0, X0, X1);
        v.Store(X0);
    }

    private static void ExtendBytesToWords(VectorEmission v) => ExtendInWords(v, 24);

    private static void ExtendHalfwordsToWords(VectorEmission v) => ExtendInWords(v, 16);

    private static void ExtendInWords(VectorEmission v, int count)
    {
        v.Load(X0, v.Second);
        v.Shift(PackedShift.Pslld, X0, X0, count);
        v.Shift(PackedShift.Psrad, X0, X0, count);
        v.Store(X0);
    }

    private static void ExtendWordsToDoublewords(VectorEmission v)
    {
        v.A.PackedImmediate(PackedOperation.Pshufd, X0, X0, v.Second, EvenWords);
        v.A.Packed(PackedOperation.Pmovsxdq, X0, X0);
        v.Store(X0);
    }
}
