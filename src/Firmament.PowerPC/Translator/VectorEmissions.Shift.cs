using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Translator.X64;

namespace Firmament.PowerPC.Translator;

// Rotates and shifts, by element and of the whole register. Power ISA 2.07B Book I 6.9.5, 6.8.6.
// AVX2 shifts words and doublewords by counts of their own. Halfwords go as the low and high halves of words; bytes as products with powers of
// two in halfwords.
internal static unsafe partial class VectorEmissions
{
    // pblendw: the upper halfword of each word from the second operand.
    private const int UpperHalfwords = 0xaa;

    private static void AddShifts()
    {
        Vector(Opcode.Vslb, &ShiftLeftBytes);
        Vector(Opcode.Vsrb, &ShiftRightBytes);
        Vector(Opcode.Vsrab, &ShiftRightSignedBytes);
        Vector(Opcode.Vrlb, &RotateBytes);
        Vector(Opcode.Vslh, &ShiftLeftHalfwords);
        Vector(Opcode.Vsrh, &ShiftRightHalfwords);
        Vector(Opcode.Vsrah, &ShiftRightSignedHalfwords);
        Vector(Opcode.Vrlh, &RotateHalfwords);
        Vector(Opcode.Vslw, &ShiftWords, PackedOperation.Psllvd);
        Vector(Opcode.Vsrw, &ShiftWords, PackedOperation.Psrlvd);
        Vector(Opcode.Vsraw, &ShiftWords, PackedOperation.Psravd);
        Vector(Opcode.Vrlw, &RotateWords);
        Vector(Opcode.Vsld, &ShiftDoublewords, PackedOperation.Psllvq);
        Vector(Opcode.Vsrd, &ShiftDoublewords, PackedOperation.Psrlvq);
        Vector(Opcode.Vsrad, &ShiftRightSignedDoublewords);
        Vector(Opcode.Vrld, &RotateDoublewords);
        Vector(Opcode.Vsl, &ShiftLeftBits);
        Vector(Opcode.Vsr, &ShiftRightBits);
        Vector(Opcode.Vslo, &ShiftLeftOctets);
        Vector(Opcode.Vsro, &ShiftRightOctets);
    }

    private static void ShiftLeftBytes(VectorEmission v)
    {
        LoadPowers(v, VectorConstant.Powers);
        v.Load(X0, v.First);
        v.Apply(PackedOperation.Pand, X3, X0, VectorConstant.Halfwordsff00);
        v.Apply(PackedOperation.Pmullw, X3, X3, X1);
        v.Apply(PackedOperation.Pmullw, X0, X0, X2);
        v.Apply(PackedOperation.Pand, X0, X0, VectorConstant.Halfwords00ff);
        v.Apply(PackedOperation.Por, X0, X0, X3);
        v.Store(X0);
    }

    /// <summary>a >> n is a·2^(7 - n) >> 7.</summary>
    private static void ShiftRightBytes(VectorEmission v)
    {
        LoadPowers(v, VectorConstant.ReversedPowers);
        v.Load(X0, v.First);
        v.Shift(PackedShift.Psrlw, X3, X0, 8);
        v.Apply(PackedOperation.Pand, X0, X0, VectorConstant.Halfwords00ff);
        v.Apply(PackedOperation.Pmullw, X3, X3, X1);
        v.Apply(PackedOperation.Pmullw, X0, X0, X2);
        v.Shift(PackedShift.Psrlw, X3, X3, 7);
        v.Shift(PackedShift.Psrlw, X0, X0, 7);
        JoinBytes(v);
    }

    private static void ShiftRightSignedBytes(VectorEmission v)
    {
        LoadPowers(v, VectorConstant.ReversedPowers);
        v.Load(X0, v.First);
        v.Shift(PackedShift.Psraw, X3, X0, 8);
        v.Shift(PackedShift.Psllw, X0, X0, 8);
        v.Shift(PackedShift.Psraw, X0, X0, 8);
        v.Apply(PackedOperation.Pmullw, X3, X3, X1);
        v.Apply(PackedOperation.Pmullw, X0, X0, X2);
        v.Shift(PackedShift.Psraw, X3, X3, 7);
        v.Shift(PackedShift.Psraw, X0, X0, 7);
        v.Apply(PackedOperation.Pand, X0, X0, VectorConstant.Halfwords00ff);
        JoinBytes(v);
    }

    /// <summary>The halves of a·2^n together are a rotated.</summary>
    private static void RotateBytes(VectorEmission v)
    {
        LoadPowers(v, VectorConstant.Powers);
        v.Load(X0, v.First);
        v.Shift(PackedShift.Psrlw, X3, X0, 8);
        v.Apply(PackedOperation.Pand, X0, X0, VectorConstant.Halfwords00ff);
        v.Apply(PackedOperation.Pmullw, X3, X3, X1);
        v.Apply(PackedOperation.Pmullw, X0, X0, X2);
        v.Shift(PackedShift.Psrlw, X1, X3, 8);
        v.Shift(PackedShift.Psrlw, X2, X0, 8);
        v.Apply(PackedOperation.Por, X3, X3, X1);
        v.Apply(PackedOperation.Por, X0, X0, X2);
        v.Apply(PackedOperation.Pand, X0, X0, VectorConstant.Halfwords00ff);
        JoinBytes(v);
    }

    /// <summary>Powers of two by the second operand's bytes: those of even bytes in halfwords of xmm1, of odd bytes in xmm2.</summary>
    private static void LoadPowers(VectorEmission v, VectorConstant table)
    {
        v.Load(X1, v.Second);
        v.Apply(PackedOperation.Pand, X1, X1, VectorConstant.Bytes07);
        v.Load(X2, table);
        v.Apply(PackedOperation.Pshufb, X2, X2, X1);
        v.Shift(PackedShift.Psrlw, X1, X2, 8);
        v.Apply(PackedOperation.Pand, X2, X2, VectorConstant.Halfwords00ff);
    }

    /// <summary>Stores the low bytes of xmm3's halfwords as even bytes, those of xmm0's, whose others are zero, as odd ones.</summary>
    private static void JoinBytes(VectorEmission v)
    {
        v.Shift(PackedShift.Psllw, X3, X3, 8);
        v.Apply(PackedOperation.Por, X0, X0, X3);
        v.Store(X0);
    }

    private static void ShiftLeftHalfwords(VectorEmission v)
    {
        LoadHalfwordCounts(v);
        v.Load(X0, v.First);
        v.Apply(PackedOperation.Pand, X3, X0, VectorConstant.Wordsffff0000);
        v.Apply(PackedOperation.Psllvd, X0, X0, X2);
        v.Apply(PackedOperation.Psllvd, X3, X3, X1);
        JoinHalfwords(v);
    }

    private static void ShiftRightHalfwords(VectorEmission v)
    {
        LoadHalfwordCounts(v);
        v.Load(X3, v.First);
        v.Apply(PackedOperation.Pand, X0, X3, VectorConstant.Words0000ffff);
        v.Apply(PackedOperation.Psrlvd, X0, X0, X2);
        v.Apply(PackedOperation.Psrlvd, X3, X3, X1);
        JoinHalfwords(v);
    }

    private static void ShiftRightSignedHalfwords(VectorEmission v)
    {
        LoadHalfwordCounts(v);
        v.Load(X3, v.First);
        v.Shift(PackedShift.Pslld, X0, X3, 16);
        v.Shift(PackedShift.Psrad, X0, X0, 16);
        v.Apply(PackedOperation.Psravd, X0, X0, X2);
        v.Apply(PackedOperation.Psravd, X3, X3, X1);
        JoinHalfwords(v);
    }

    /// <summary>A halfword twice in a word, shifted, is the rotated one in the upper half.</summary>
    private static void RotateHalfwords(VectorEmission v)
    {
        LoadHalfwordCounts(v);
        v.Load(X0, v.First);
        v.Shift(PackedShift.Psrld, X3, X0, 16);
        v.A.PackedImmediate(PackedOperation.Pblendw, X3, X3, X0, UpperHalfwords);
        v.Shift(PackedShift.Pslld, X4, X0, 16);
        v.A.PackedImmediate(PackedOperation.Pblendw, X0, X0, X4, UpperHalfwords);
        v.Apply(PackedOperation.Psllvd, X0, X0, X2);
        v.Apply(PackedOperation.Psllvd, X3, X3, X1);
        v.Shift(PackedShift.Psrld, X0, X0, 16);
        JoinHalfwords(v);
    }

    /// <summary>The second operand's counts of even halfwords in words of xmm1, of odd ones in xmm2.</summary>
    private static void LoadHalfwordCounts(VectorEmission v)
    {
        v.Load(X1, v.Second);
        v.Apply(PackedOperation.Pand, X1, X1, VectorConstant.Halfwords000f);
        v.Apply(PackedOperation.Pand, X2, X1, VectorConstant.Words0000ffff);
        v.Shift(PackedShift.Psrld, X1, X1, 16);
    }

    /// <summary>Stores the upper halfwords of xmm3 and the lower ones of xmm0.</summary>
    private static void JoinHalfwords(VectorEmission v)
    {
        v.A.PackedImmediate(PackedOperation.Pblendw, X0, X0, X3, UpperHalfwords);
        v.Store(X0);
    }

    private static void ShiftWords(VectorEmission v)
    {
        v.Load(X1, v.Second);
        v.Apply(PackedOperation.Pand, X1, X1, VectorConstant.Words0000001f);
        v.Load(X0, v.First);
        v.Apply(v.Operation, X0, X0, X1);
        v.Store(X0);
    }

    /// <summary>A right shift by 32, all bits, completes a left shift by 0: the host gives zero.</summary>
    private static void RotateWords(VectorEmission v)
    {
        v.Load(X2, VectorConstant.Words0000001f);
        v.Apply(PackedOperation.Pand, X1, X2, v.Second);
        v.Load(X0, v.First);
        // 32 - n = 31 - n + 1.
        v.Apply(PackedOperation.Psubd, X2, X2, X1);
        v.Apply(PackedOperation.Paddd, X2, X2, VectorConstant.Words00000001);
        v.Apply(PackedOperation.Psllvd, X1, X0, X1);
        v.Apply(PackedOperation.Psrlvd, X0, X0, X2);
        v.Apply(PackedOperation.Por, X0, X0, X1);
        v.Store(X0);
    }

    private static void ShiftDoublewords(VectorEmission v)
    {
        v.Load(X1, v.Second);
        v.Apply(PackedOperation.Pand, X1, X1, VectorConstant.Doublewords3f);
        v.Load(X0, v.First);
        v.Apply(v.Operation, X0, X0, X1);
        v.Store(X0);
    }

    /// <summary>The shifted sign bit m extends a logical shift s: (s ^ m) - m.</summary>
    private static void ShiftRightSignedDoublewords(VectorEmission v)
    {
        v.Load(X1, v.Second);
        v.Apply(PackedOperation.Pand, X1, X1, VectorConstant.Doublewords3f);
        v.Load(X2, VectorConstant.DoublewordsSign);
        v.Load(X0, v.First);
        v.Apply(PackedOperation.Psrlvq, X0, X0, X1);
        v.Apply(PackedOperation.Psrlvq, X2, X2, X1);
        v.Apply(PackedOperation.Pxor, X0, X0, X2);
        v.Apply(PackedOperation.Psubq, X0, X0, X2);
        v.Store(X0);
    }

    private static void RotateDoublewords(VectorEmission v)
    {
        v.Load(X2, VectorConstant.Doublewords3f);
        v.Apply(PackedOperation.Pand, X1, X2, v.Second);
        v.Load(X0, v.First);
        // A shift by 63 - n and one by 1 are one by 64 - n.
        v.Apply(PackedOperation.Psubq, X2, X2, X1);
        v.Apply(PackedOperation.Psllvq, X1, X0, X1);
        v.Shift(PackedShift.Psrlq, X0, X0, 1);
        v.Apply(PackedOperation.Psrlvq, X0, X0, X2);
        v.Apply(PackedOperation.Por, X0, X0, X1);
        v.Store(X0);
    }

    private static void ShiftLeftBits(VectorEmission v) => ShiftWhole(v, PackedOperation.Psllvq, PackedShift.Pslldq, PackedOperation.Psrlvq);

    private static void ShiftRightBits(VectorEmission v) => ShiftWhole(v, PackedOperation.Psrlvq, PackedShift.Psrldq, PackedOperation.Psllvq);

    /// <summary>By 0 to 7 bits: each doubleword, and what comes over from the other one.</summary>
    private static void ShiftWhole(VectorEmission v, PackedOperation shift, PackedShift toOther, PackedOperation carry)
    {
        v.A.Packed(PackedOperation.Pbroadcastq, X1, v.Second);
        v.Apply(PackedOperation.Pand, X1, X1, VectorConstant.Bytes07);
        v.Apply(PackedOperation.Pand, X1, X1, VectorConstant.Doublewords3f);
        v.Load(X0, v.First);
        v.Shift(toOther, X2, X0, 8);
        v.Apply(shift, X0, X0, X1);
        // The host gives zero for a count of 64.
        v.Load(X3, VectorConstant.Doublewords40);
        v.Apply(PackedOperation.Psubq, X3, X3, X1);
        v.Apply(carry, X2, X2, X3);
        v.Apply(PackedOperation.Por, X0, X0, X2);
        v.Store(X0);
    }

    /// <summary>Host byte i comes from byte i - n; numbers below zero give zero.</summary>
    private static void ShiftLeftOctets(VectorEmission v)
    {
        LoadOctetCount(v);
        v.Load(X2, VectorConstant.Ascending);
        v.Apply(PackedOperation.Psubb, X1, X2, X1);
        v.Load(X0, v.First);
        v.Apply(PackedOperation.Pshufb, X0, X0, X1);
        v.Store(X0);
    }

    /// <summary>Host byte i comes from byte i + n; 0x70 more make those past 15 give zero.</summary>
    private static void ShiftRightOctets(VectorEmission v)
    {
        LoadOctetCount(v);
        v.Apply(PackedOperation.Paddb, X1, X1, VectorConstant.AscendingFrom70);
        v.Load(X0, v.First);
        v.Apply(PackedOperation.Pshufb, X0, X0, X1);
        v.Store(X0);
    }

    /// <summary>Bits 121:124 of the second operand in each byte of xmm1.</summary>
    private static void LoadOctetCount(VectorEmission v)
    {
        v.A.Packed(PackedOperation.Pbroadcastb, X1, v.Second);
        v.Apply(PackedOperation.Pand, X1, X1, VectorConstant.Bytes78);
        v.Shift(PackedShift.Psrlw, X1, X1, 3);
    }
}
