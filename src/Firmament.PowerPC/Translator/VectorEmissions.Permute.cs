using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Translator.X64;

namespace Firmament.PowerPC.Translator;

// Permute, merge and splat. Power ISA 2.07B Book I 6.8.2 to 6.8.4, 6.8.6, 7.6.1; byte reversal 3.0B.
internal static unsafe partial class VectorEmissions
{
    private static void AddPermutes()
    {
        Vector(Opcode.Vperm, &Permute);
        Vector(Opcode.Vpermr, &PermuteReversed);
        Vector(Opcode.Vsldoi, &ShiftDouble);
        Vector(Opcode.Vmrghb, &Swapped, PackedOperation.Punpckhbw);
        Vector(Opcode.Vmrghh, &Swapped, PackedOperation.Punpckhwd);
        Vector(Opcode.Vmrghw, &Swapped, PackedOperation.Punpckhdq);
        Vector(Opcode.Vmrglb, &Swapped, PackedOperation.Punpcklbw);
        Vector(Opcode.Vmrglh, &Swapped, PackedOperation.Punpcklwd);
        Vector(Opcode.Vmrglw, &Swapped, PackedOperation.Punpckldq);
        Vector(Opcode.Vmrgew, &MergeEvenWords);
        Vector(Opcode.Vmrgow, &MergeOddWords);
        Vector(Opcode.Vspltb, &SplatByte);
        Vector(Opcode.Vsplth, &SplatHalfword);
        Vector(Opcode.Vspltw, &SplatWord);
        Vector(Opcode.Vspltisb, &SplatImmediateByte);
        Vector(Opcode.Vspltish, &SplatImmediateHalfword);
        Vector(Opcode.Vspltisw, &SplatImmediateWord);
        VectorScalar(Opcode.Xxmrghw, &Swapped, PackedOperation.Punpckhdq);
        VectorScalar(Opcode.Xxmrglw, &Swapped, PackedOperation.Punpckldq);
        VectorScalar(Opcode.Xxspltw, &SplatWord);
        VectorScalar(Opcode.Xxspltib, &SplatWholeImmediate);
        VectorScalar(Opcode.Xxpermdi, &PermuteDoublewords);
        VectorScalar(Opcode.Xxsldwi, &ShiftDoubleByWords);
        VectorScalar(Opcode.Xxperm, &PermuteIntoTarget);
        VectorScalar(Opcode.Xxpermr, &PermuteReversedIntoTarget);
        VectorScalar(Opcode.Xxbrh, &ReverseHalfwordBytes);
        VectorScalar(Opcode.Xxbrw, &ReverseWordBytes);
        VectorScalar(Opcode.Xxbrd, &ReverseDoublewordBytes);
        VectorScalar(Opcode.Xxbrq, &ReverseQuadwordBytes);
    }

    private static void Permute(VectorEmission v) => PermuteBytes(v, v.First, v.Second, v.Third, reversed: false);

    private static void PermuteReversed(VectorEmission v) => PermuteBytes(v, v.First, v.Second, v.Third, reversed: true);

    private static void PermuteIntoTarget(VectorEmission v) => PermuteBytes(v, v.First, v.Result, v.Second, reversed: false);

    private static void PermuteReversedIntoTarget(VectorEmission v) => PermuteBytes(v, v.First, v.Result, v.Second, reversed: true);

    /// <summary>
    /// Byte s of both operands is host byte 31 - s of b followed by a, and 31 - s is the complement of s in five bits. A shuffle gives zero where bit 7
    /// of a selector is set: 0x70 more sets it for 16 to 31, 16 less for 0 to 15.
    /// </summary>
    private static void PermuteBytes(VectorEmission v, MemoryOperand a, MemoryOperand b, MemoryOperand selectors, bool reversed)
    {
        v.Load(X0, selectors);
        v.Apply(reversed ? PackedOperation.Pand : PackedOperation.Pandn, X0, X0, VectorConstant.Bytes1f);
        v.Apply(PackedOperation.Paddb, X1, X0, VectorConstant.Bytes70);
        v.Apply(PackedOperation.Psubb, X0, X0, VectorConstant.Bytes10);
        v.Load(X2, b);
        v.Load(X3, a);
        v.Apply(PackedOperation.Pshufb, X2, X2, X1);
        v.Apply(PackedOperation.Pshufb, X3, X3, X0);
        v.Apply(PackedOperation.Por, X0, X2, X3);
        v.Store(X0);
    }

    private static void ShiftDouble(VectorEmission v) => ShiftDouble(v, (int)(v.Insn.Word >> 6) & 15);

    private static void ShiftDoubleByWords(VectorEmission v) => ShiftDouble(v, 4 * ((int)(v.Insn.Word >> 8) & 3));

    /// <summary>Bytes n to n + 15 of both operands.</summary>
    private static void ShiftDouble(VectorEmission v, int bytes)
    {
        v.Load(X0, v.First);
        if (bytes != 0)
        {
            v.A.PackedImmediate(PackedOperation.Palignr, X0, X0, v.Second, 16 - bytes);
        }

        v.Store(X0);
    }

    private static void MergeEvenWords(VectorEmission v)
    {
        v.Load(X0, v.Second);
        v.Shift(PackedShift.Psrlq, X0, X0, 32);
        v.Load(X1, v.First);
        // Words 1 and 3 of the host's order.
        v.A.PackedImmediate(PackedOperation.Pblendw, X0, X0, X1, 0xcc);
        v.Store(X0);
    }

    private static void MergeOddWords(VectorEmission v)
    {
        v.Load(X0, v.First);
        v.Shift(PackedShift.Psllq, X0, X0, 32);
        v.A.PackedImmediate(PackedOperation.Pblendw, X0, X0, v.Second, 0x33);
        v.Store(X0);
    }

    private static void SplatByte(VectorEmission v) => Splat(v, PackedOperation.Pbroadcastb, 15 - (v.Insn.A & 15));

    private static void SplatHalfword(VectorEmission v) => Splat(v, PackedOperation.Pbroadcastw, 2 * (7 - (v.Insn.A & 7)));

    private static void SplatWord(VectorEmission v) => Splat(v, PackedOperation.Pbroadcastd, 4 * (3 - (v.Insn.A & 3)));

    private static void Splat(VectorEmission v, PackedOperation broadcast, int offset)
    {
        v.A.Packed(broadcast, X0, v.SecondFrom(offset));
        v.Store(X0);
    }

    private static void SplatImmediateByte(VectorEmission v) => SplatImmediate(v, (uint)(byte)SignedImmediate(v) * 0x0101_0101);

    private static void SplatImmediateHalfword(VectorEmission v) => SplatImmediate(v, (uint)(ushort)SignedImmediate(v) * 0x0001_0001);

    private static void SplatImmediateWord(VectorEmission v) => SplatImmediate(v, (uint)SignedImmediate(v));

    private static void SplatWholeImmediate(VectorEmission v) => SplatImmediate(v, ((v.Insn.Word >> 11) & 0xff) * 0x0101_0101);

    private static int SignedImmediate(VectorEmission v) => (v.Insn.A << 27) >> 27;

    private static void SplatImmediate(VectorEmission v, uint word)
    {
        switch (word)
        {
            case 0:
                v.Zero(X0);
                break;
            case uint.MaxValue:
                v.Apply(PackedOperation.Pcmpeqd, X0, X0, X0);
                break;
            default:
                v.A.MoveImmediate(HostRegister.Rax, word);
                v.A.MoveToVector(X0, HostRegister.Rax, false);
                v.A.Packed(PackedOperation.Pbroadcastd, X0, X0);
                break;
        }

        v.Store(X0);
    }

    /// <summary>DM's bits choose a doubleword of the first and one of the second operand; the host numbers them the other way.</summary>
    private static void PermuteDoublewords(VectorEmission v)
    {
        int choice = (int)(v.Insn.Word >> 8) & 3;
        v.Load(X0, v.Second);
        v.A.PackedImmediate(PackedOperation.Shufpd, X0, X0, v.First, ((choice & 1) ^ 1) | ((choice & 2) ^ 2));
        v.Store(X0);
    }

    private static void ReverseHalfwordBytes(VectorEmission v) => Shuffle(v, VectorConstant.SwapHalfwords);

    private static void ReverseWordBytes(VectorEmission v) => Shuffle(v, VectorConstant.SwapWords);

    private static void ReverseDoublewordBytes(VectorEmission v) => Shuffle(v, VectorConstant.SwapDoublewords);

    private static void ReverseQuadwordBytes(VectorEmission v) => Shuffle(v, VectorConstant.ReverseBytes);

    private static void Shuffle(VectorEmission v, VectorConstant control)
    {
        v.Load(X0, v.Second);
        v.Apply(PackedOperation.Pshufb, X0, X0, control);
        v.Store(X0);
    }
}
