using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Translator.X64;

namespace Firmament.PowerPC.Translator;

// Add, subtract, average, maximum, minimum, multiply of elements, modulo. Power ISA 2.07B Book I 6.9.1.
internal static unsafe partial class VectorEmissions
{
    private static void AddArithmetic()
    {
        Vector(Opcode.Vaddubm, &Binary, PackedOperation.Paddb);
        Vector(Opcode.Vadduhm, &Binary, PackedOperation.Paddw);
        Vector(Opcode.Vadduwm, &Binary, PackedOperation.Paddd);
        Vector(Opcode.Vaddudm, &Binary, PackedOperation.Paddq);
        Vector(Opcode.Vsububm, &Binary, PackedOperation.Psubb);
        Vector(Opcode.Vsubuhm, &Binary, PackedOperation.Psubw);
        Vector(Opcode.Vsubuwm, &Binary, PackedOperation.Psubd);
        Vector(Opcode.Vsubudm, &Binary, PackedOperation.Psubq);
        Vector(Opcode.Vaddcuw, &AddCarry);
        Vector(Opcode.Vsubcuw, &SubtractCarry);
        Vector(Opcode.Vmaxub, &Binary, PackedOperation.Pmaxub);
        Vector(Opcode.Vmaxuh, &Binary, PackedOperation.Pmaxuw);
        Vector(Opcode.Vmaxuw, &Binary, PackedOperation.Pmaxud);
        Vector(Opcode.Vmaxsb, &Binary, PackedOperation.Pmaxsb);
        Vector(Opcode.Vmaxsh, &Binary, PackedOperation.Pmaxsw);
        Vector(Opcode.Vmaxsw, &Binary, PackedOperation.Pmaxsd);
        Vector(Opcode.Vminub, &Binary, PackedOperation.Pminub);
        Vector(Opcode.Vminuh, &Binary, PackedOperation.Pminuw);
        Vector(Opcode.Vminuw, &Binary, PackedOperation.Pminud);
        Vector(Opcode.Vminsb, &Binary, PackedOperation.Pminsb);
        Vector(Opcode.Vminsh, &Binary, PackedOperation.Pminsw);
        Vector(Opcode.Vminsw, &Binary, PackedOperation.Pminsd);
        Vector(Opcode.Vavgub, &Binary, PackedOperation.Pavgb);
        Vector(Opcode.Vavguh, &Binary, PackedOperation.Pavgw);
        Vector(Opcode.Vavguw, &AverageUnsignedWords);
        Vector(Opcode.Vavgsw, &AverageSignedWords);
        Vector(Opcode.Vmuloub, &MultiplyOddUnsignedBytes);
        Vector(Opcode.Vmuleub, &MultiplyEvenUnsignedBytes);
        Vector(Opcode.Vmulosb, &MultiplyOddSignedBytes);
        Vector(Opcode.Vmulesb, &MultiplyEvenSignedBytes);
        Vector(Opcode.Vmulouh, &MultiplyOddUnsignedHalfwords);
        Vector(Opcode.Vmuleuh, &MultiplyEvenUnsignedHalfwords);
        Vector(Opcode.Vmulosh, &MultiplyOddSignedHalfwords);
        Vector(Opcode.Vmulesh, &MultiplyEvenSignedHalfwords);
        Vector(Opcode.Vmulouw, &Binary, PackedOperation.Pmuludq);
        Vector(Opcode.Vmulosw, &Binary, PackedOperation.Pmuldq);
        Vector(Opcode.Vmuleuw, &MultiplyEvenWords, PackedOperation.Pmuludq);
        Vector(Opcode.Vmulesw, &MultiplyEvenWords, PackedOperation.Pmuldq);
        Vector(Opcode.Vmuluwm, &Binary, PackedOperation.Pmulld);
        Vector(Opcode.Vmladduhm, &MultiplyAddHalfwords);
        Vector(Opcode.Vmsumshm, &MultiplySumSignedHalfwords);
        Vector(Opcode.Vmsumuhm, &MultiplySumUnsignedHalfwords);
        Vector(Opcode.Vmsumubm, &MultiplySumUnsignedBytes);
        Vector(Opcode.Vabsdub, &Difference, PackedOperation.Psubusb);
        Vector(Opcode.Vabsduh, &Difference, PackedOperation.Psubusw);
        Vector(Opcode.Vnegw, &Negate, PackedOperation.Psubd);
        Vector(Opcode.Vnegd, &Negate, PackedOperation.Psubq);
    }

    /// <summary>a + b carries when a exceeds ¬b: 1 + (-1 where it does not).</summary>
    private static void AddCarry(VectorEmission v)
    {
        v.Load(X0, v.Second);
        v.Invert(X0, X1);
        v.Load(X1, v.First);
        v.Apply(PackedOperation.Pminud, X0, X0, X1);
        v.Apply(PackedOperation.Pcmpeqd, X0, X0, X1);
        v.Apply(PackedOperation.Paddd, X0, X0, VectorConstant.Words00000001);
        v.Store(X0);
    }

    /// <summary>1 where a is at least b.</summary>
    private static void SubtractCarry(VectorEmission v)
    {
        v.Load(X0, v.First);
        v.Apply(PackedOperation.Pmaxud, X1, X0, v.Second);
        v.Apply(PackedOperation.Pcmpeqd, X0, X0, X1);
        v.A.Packed(PackedOperation.Pabsd, X0, X0);
        v.Store(X0);
    }

    private static void AverageUnsignedWords(VectorEmission v) => Average(v, PackedShift.Psrld);

    private static void AverageSignedWords(VectorEmission v) => Average(v, PackedShift.Psrad);

    /// <summary>(a | b) - ((a ^ b) >> 1) is the average rounded up, without the carry bit.</summary>
    private static void Average(VectorEmission v, PackedShift halve)
    {
        v.Load(X0, v.First);
        v.Apply(PackedOperation.Pxor, X1, X0, v.Second);
        v.Apply(PackedOperation.Por, X0, X0, v.Second);
        v.Shift(halve, X1, X1, 1);
        v.Apply(PackedOperation.Psubd, X0, X0, X1);
        v.Store(X0);
    }

    private static void MultiplyOddUnsignedBytes(VectorEmission v)
    {
        v.Load(X0, VectorConstant.Halfwords00ff);
        v.Apply(PackedOperation.Pand, X1, X0, v.First);
        v.Apply(PackedOperation.Pand, X0, X0, v.Second);
        v.Apply(PackedOperation.Pmullw, X0, X0, X1);
        v.Store(X0);
    }

    private static void MultiplyEvenUnsignedBytes(VectorEmission v) => MultiplyShifted(v, PackedShift.Psrlw, 8, PackedOperation.Pmullw);

    private static void MultiplyEvenSignedBytes(VectorEmission v) => MultiplyShifted(v, PackedShift.Psraw, 8, PackedOperation.Pmullw);

    private static void MultiplyEvenUnsignedHalfwords(VectorEmission v) => MultiplyShifted(v, PackedShift.Psrld, 16, PackedOperation.Pmulld);

    private static void MultiplyEvenWords(VectorEmission v) => MultiplyShifted(v, PackedShift.Psrlq, 32, v.Operation);

    private static void MultiplyShifted(VectorEmission v, PackedShift shift, int count, PackedOperation multiply)
    {
        v.Load(X0, v.First);
        v.Load(X1, v.Second);
        v.Shift(shift, X0, X0, count);
        v.Shift(shift, X1, X1, count);
        v.Apply(multiply, X0, X0, X1);
        v.Store(X0);
    }

    private static void MultiplyOddSignedBytes(VectorEmission v)
    {
        v.Load(X0, v.First);
        v.Load(X1, v.Second);
        v.Shift(PackedShift.Psllw, X0, X0, 8);
        v.Shift(PackedShift.Psllw, X1, X1, 8);
        v.Shift(PackedShift.Psraw, X0, X0, 8);
        v.Shift(PackedShift.Psraw, X1, X1, 8);
        v.Apply(PackedOperation.Pmullw, X0, X0, X1);
        v.Store(X0);
    }

    private static void MultiplyOddUnsignedHalfwords(VectorEmission v)
    {
        v.Load(X0, VectorConstant.Words0000ffff);
        v.Apply(PackedOperation.Pand, X1, X0, v.First);
        v.Apply(PackedOperation.Pand, X0, X0, v.Second);
        v.Apply(PackedOperation.Pmulld, X0, X0, X1);
        v.Store(X0);
    }

    private static void MultiplyOddSignedHalfwords(VectorEmission v) => MultiplyHalf(v, VectorConstant.Words0000ffff);

    private static void MultiplyEvenSignedHalfwords(VectorEmission v) => MultiplyHalf(v, VectorConstant.Wordsffff0000);

    /// <summary>pmaddwd adds two signed products, of which one is made zero.</summary>
    private static void MultiplyHalf(VectorEmission v, VectorConstant mask)
    {
        v.Load(X0, v.First);
        v.Apply(PackedOperation.Pand, X0, X0, mask);
        v.Apply(PackedOperation.Pmaddwd, X0, X0, v.Second);
        v.Store(X0);
    }

    private static void MultiplyAddHalfwords(VectorEmission v)
    {
        v.Load(X0, v.First);
        v.Apply(PackedOperation.Pmullw, X0, X0, v.Second);
        v.Apply(PackedOperation.Paddw, X0, X0, v.Third);
        v.Store(X0);
    }

    private static void MultiplySumSignedHalfwords(VectorEmission v)
    {
        v.Load(X0, v.First);
        v.Apply(PackedOperation.Pmaddwd, X0, X0, v.Second);
        v.Apply(PackedOperation.Paddd, X0, X0, v.Third);
        v.Store(X0);
    }

    private static void MultiplySumUnsignedHalfwords(VectorEmission v)
    {
        v.Load(X0, VectorConstant.Words0000ffff);
        v.Load(X1, v.First);
        v.Load(X2, v.Second);
        v.Apply(PackedOperation.Pand, X3, X0, X1);
        v.Apply(PackedOperation.Pand, X0, X0, X2);
        v.Apply(PackedOperation.Pmulld, X0, X0, X3);
        v.Shift(PackedShift.Psrld, X1, X1, 16);
        v.Shift(PackedShift.Psrld, X2, X2, 16);
        v.Apply(PackedOperation.Pmulld, X1, X1, X2);
        v.Apply(PackedOperation.Paddd, X0, X0, X1);
        v.Apply(PackedOperation.Paddd, X0, X0, v.Third);
        v.Store(X0);
    }

    private static void MultiplySumUnsignedBytes(VectorEmission v)
    {
        v.Load(X0, VectorConstant.Halfwords00ff);
        v.Load(X1, v.First);
        v.Load(X2, v.Second);
        v.Apply(PackedOperation.Pand, X3, X0, X1);
        v.Apply(PackedOperation.Pand, X0, X0, X2);
        v.Apply(PackedOperation.Pmullw, X0, X0, X3);
        v.Shift(PackedShift.Psrlw, X1, X1, 8);
        v.Shift(PackedShift.Psrlw, X2, X2, 8);
        v.Apply(PackedOperation.Pmullw, X1, X1, X2);
        // Products are of 16 bits, sums of words.
        v.Load(X4, VectorConstant.Words0000ffff);
        foreach (XmmRegister products in (ReadOnlySpan<XmmRegister>)[X0, X1])
        {
            v.Shift(PackedShift.Psrld, X2, products, 16);
            v.Apply(PackedOperation.Pand, products, products, X4);
            v.Apply(PackedOperation.Paddd, products, products, X2);
        }

        v.Apply(PackedOperation.Paddd, X0, X0, X1);
        v.Apply(PackedOperation.Paddd, X0, X0, v.Third);
        v.Store(X0);
    }

    /// <summary>Of the two saturating differences one is the absolute difference, the other zero.</summary>
    private static void Difference(VectorEmission v)
    {
        v.Load(X0, v.First);
        v.Load(X1, v.Second);
        v.Apply(v.Operation, X2, X0, X1);
        v.Apply(v.Operation, X1, X1, X0);
        v.Apply(PackedOperation.Por, X0, X1, X2);
        v.Store(X0);
    }

    private static void Negate(VectorEmission v)
    {
        v.Zero(X0);
        v.Apply(v.Operation, X0, X0, v.Second);
        v.Store(X0);
    }
}
