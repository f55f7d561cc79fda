using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Translator.X64;

namespace Firmament.PowerPC.Translator;

// Add, subtract and pack that clamp and record it in VSCR[SAT]. Power ISA 2.07B Book I 6.9.1, 6.8.1.
// An element clamped exactly when it differs from what it would be modulo 2^n, or before it was packed.
internal static unsafe partial class VectorEmissions
{
    private static void AddSaturating()
    {
        Vector(Opcode.Vaddubs, &Saturating, PackedOperation.Paddusb);
        Vector(Opcode.Vadduhs, &Saturating, PackedOperation.Paddusw);
        Vector(Opcode.Vaddsbs, &Saturating, PackedOperation.Paddsb);
        Vector(Opcode.Vaddshs, &Saturating, PackedOperation.Paddsw);
        Vector(Opcode.Vsububs, &Saturating, PackedOperation.Psubusb);
        Vector(Opcode.Vsubuhs, &Saturating, PackedOperation.Psubusw);
        Vector(Opcode.Vsubsbs, &Saturating, PackedOperation.Psubsb);
        Vector(Opcode.Vsubshs, &Saturating, PackedOperation.Psubsw);
        Vector(Opcode.Vadduws, &AddUnsignedWords);
        Vector(Opcode.Vsubuws, &SubtractUnsignedWords);
        Vector(Opcode.Vaddsws, &AddSignedWords);
        Vector(Opcode.Vsubsws, &SubtractSignedWords);
        Vector(Opcode.Vpkshss, &PackSignedHalfwords);
        Vector(Opcode.Vpkshus, &PackSignedHalfwordsToUnsigned);
        Vector(Opcode.Vpkuhus, &PackUnsignedHalfwords);
        Vector(Opcode.Vpkswss, &PackSignedWords);
        Vector(Opcode.Vpkswus, &PackSignedWordsToUnsigned);
        Vector(Opcode.Vpkuwus, &PackUnsignedWords);
    }

    private static void Saturating(VectorEmission v)
    {
        PackedOperation modulo = v.Operation switch
        {
            PackedOperation.Paddusb or PackedOperation.Paddsb => PackedOperation.Paddb,
            PackedOperation.Paddusw or PackedOperation.Paddsw => PackedOperation.Paddw,
            PackedOperation.Psubusb or PackedOperation.Psubsb => PackedOperation.Psubb,
            _ => PackedOperation.Psubw,
        };
        v.Load(X1, v.First);
        v.Load(X2, v.Second);
        v.Apply(v.Operation, X0, X1, X2);
        v.Apply(modulo, X1, X1, X2);
        StoreSaturated(v);
    }

    /// <summary>min(a, ¬b) + b stops at all ones.</summary>
    private static void AddUnsignedWords(VectorEmission v)
    {
        v.Load(X1, v.First);
        v.Load(X2, v.Second);
        v.Apply(PackedOperation.Pcmpeqd, X3, X3, X3);
        v.Apply(PackedOperation.Pxor, X0, X2, X3);
        v.Apply(PackedOperation.Pminud, X0, X0, X1);
        v.Apply(PackedOperation.Paddd, X0, X0, X2);
        v.Apply(PackedOperation.Paddd, X1, X1, X2);
        StoreSaturated(v);
    }

    /// <summary>max(a, b) - b stops at zero.</summary>
    private static void SubtractUnsignedWords(VectorEmission v)
    {
        v.Load(X1, v.First);
        v.Load(X2, v.Second);
        v.Apply(PackedOperation.Pmaxud, X0, X1, X2);
        v.Apply(PackedOperation.Psubd, X0, X0, X2);
        v.Apply(PackedOperation.Psubd, X1, X1, X2);
        StoreSaturated(v);
    }

    /// <summary>A sum overflowed where both operands have another sign than it.</summary>
    private static void AddSignedWords(VectorEmission v)
    {
        v.Load(X2, v.First);
        v.Load(X3, v.Second);
        v.Apply(PackedOperation.Paddd, X1, X2, X3);
        v.Apply(PackedOperation.Pxor, X0, X1, X2);
        v.Apply(PackedOperation.Pxor, X3, X1, X3);
        v.Apply(PackedOperation.Pand, X3, X3, X0);
        ClampSignedWords(v);
    }

    /// <summary>A difference overflowed where the operands differ in sign, and it and the first do.</summary>
    private static void SubtractSignedWords(VectorEmission v)
    {
        v.Load(X2, v.First);
        v.Load(X3, v.Second);
        v.Apply(PackedOperation.Psubd, X1, X2, X3);
        v.Apply(PackedOperation.Pxor, X0, X1, X2);
        v.Apply(PackedOperation.Pxor, X3, X2, X3);
        v.Apply(PackedOperation.Pand, X3, X3, X0);
        ClampSignedWords(v);
    }

    /// <summary>From the result modulo 2^32 in xmm1, the first operand in xmm2, overflow in the signs of xmm3.</summary>
    private static void ClampSignedWords(VectorEmission v)
    {
        v.Shift(PackedShift.Psrad, X3, X3, 31);
        v.Shift(PackedShift.Psrad, X2, X2, 31);
        v.Apply(PackedOperation.Pxor, X2, X2, VectorConstant.Words7fffffff);
        v.Apply(PackedOperation.Pand, X2, X2, X3);
        v.Apply(PackedOperation.Pandn, X0, X3, X1);
        v.Apply(PackedOperation.Por, X0, X0, X2);
        StoreSaturated(v);
    }

    /// <summary>Stores xmm0; records saturation when xmm1 differs from it.</summary>
    private static void StoreSaturated(VectorEmission v)
    {
        v.Store(X0);
        v.Apply(PackedOperation.Pxor, X1, X1, X0);
        RecordSaturation(v);
    }

    /// <summary>Sets VSCR[SAT] unless xmm1 is zero.</summary>
    private static void RecordSaturation(VectorEmission v)
    {
        v.A.TestVector(X1, X1);
        v.A.Set(Condition.NotEqual, HostRegister.Rax);
        v.A.Alu8(AluOperation.Or, StateOffset.Vscr, HostRegister.Rax);
    }

    private static void PackSignedHalfwords(VectorEmission v) => PackClamped(
        v, PackedOperation.Packsswb, PackedOperation.Pmaxsw, VectorConstant.Halfwordsff80, PackedOperation.Pminsw, VectorConstant.Halfwords007f);

    private static void PackSignedHalfwordsToUnsigned(VectorEmission v) => PackClamped(
        v, PackedOperation.Packuswb, PackedOperation.Pmaxsw, null, PackedOperation.Pminsw, VectorConstant.Halfwords00ff);

    private static void PackUnsignedHalfwords(VectorEmission v) => PackClamped(
        v, PackedOperation.Packuswb, PackedOperation.None, null, PackedOperation.Pminuw, VectorConstant.Halfwords00ff);

    private static void PackSignedWords(VectorEmission v) => PackClamped(
        v, PackedOperation.Packssdw, PackedOperation.Pmaxsd, VectorConstant.Wordsffff8000, PackedOperation.Pminsd, VectorConstant.Words00007fff);

    private static void PackSignedWordsToUnsigned(VectorEmission v) => PackClamped(
        v, PackedOperation.Packusdw, PackedOperation.Pmaxsd, null, PackedOperation.Pminsd, VectorConstant.Words0000ffff);

    private static void PackUnsignedWords(VectorEmission v) => PackClamped(
        v, PackedOperation.Packusdw, PackedOperation.None, null, PackedOperation.Pminud, VectorConstant.Words0000ffff);

    /// <summary>Clamps the elements of both operands and packs them, the first into the upper half.</summary>
    /// <param name="v">The instruction.</param>
    /// <param name="pack">Packs what fits.</param>
    /// <param name="raise">Maximum; none where nothing is too small.</param>
    /// <param name="low">The least element; null = 0.</param>
    /// <param name="lower">Minimum.</param>
    /// <param name="high">The greatest element.</param>
    private static void PackClamped(
        VectorEmission v, PackedOperation pack, PackedOperation raise, VectorConstant? low, PackedOperation lower, VectorConstant high)
    {
        v.Load(X0, v.Second);
        v.Load(X1, v.First);
        v.Load(X5, high);
        v.Apply(lower, X2, X0, X5);
        v.Apply(lower, X3, X1, X5);
        if (raise != PackedOperation.None)
        {
            if (low is { } least)
            {
                v.Load(X4, least);
            }
            else
            {
                v.Zero(X4);
            }

            v.Apply(raise, X2, X2, X4);
            v.Apply(raise, X3, X3, X4);
        }

        v.Apply(PackedOperation.Pxor, X0, X0, X2);
        v.Apply(PackedOperation.Pxor, X1, X1, X3);
        v.Apply(PackedOperation.Por, X1, X1, X0);
        v.Apply(pack, X0, X2, X3);
        v.Store(X0);
        RecordSaturation(v);
    }
}
