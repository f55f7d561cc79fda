using System.Runtime.Intrinsics;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Leaf.FloatingPoint;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.Vsx;

/// <content>Exponents, significands and data classes. Power ISA 3.0B Book I 7.6.1.</content>
public static unsafe partial class VsxLeaves
{
    private const uint SingleFraction = 0x007f_ffff;

    /// <summary>xsxexpdp RT,XB: the biased exponent.</summary>
    public static void Xsxexpdp(CpuState* s, Insn* i) => s->Gpr[i->T] = (ulong)Binary64.BiasedExponent(s->Fpr(i->B));

    /// <summary>xsxsigdp RT,XB: the significand, its implied bit made explicit.</summary>
    public static void Xsxsigdp(CpuState* s, Insn* i) => s->Gpr[i->T] = Significand(s->Fpr(i->B));

    /// <summary>xvxexpdp XT,XB: biased exponents of two doubles.</summary>
    public static void Xvxexpdp(CpuState* s, Insn* i) => Set(s, i, (B(s, i) >>> 52) & Vector128.Create(0x7ffUL));

    /// <summary>xvxsigdp XT,XB: significands of two doubles.</summary>
    public static void Xvxsigdp(CpuState* s, Insn* i) =>
        Set(s, i, Vector128.Create(Significand(Doubleword(s, i->B, 1)), Significand(Doubleword(s, i->B, 0))));

    /// <summary>xvxexpsp XT,XB: biased exponents of four singles.</summary>
    public static void Xvxexpsp(CpuState* s, Insn* i) => Set(s, i, ((B(s, i).AsUInt32() >>> 23) & Vector128.Create(0xffu)).AsUInt64());

    /// <summary>xvxsigsp XT,XB: significands of four singles.</summary>
    public static void Xvxsigsp(CpuState* s, Insn* i) => SetWords(
        s, i, SingleSignificand(Word(s, i->B, 0)), SingleSignificand(Word(s, i->B, 1)), SingleSignificand(Word(s, i->B, 2)), SingleSignificand(Word(s, i->B, 3)));

    /// <summary>xsiexpdp XT,RA,RB: RA with the exponent RB.</summary>
    public static void Xsiexpdp(CpuState* s, Insn* i) => SetScalar(s, i, WithExponent(s->Gpr[i->A], s->Gpr[i->B]));

    /// <summary>xviexpdp XT,XA,XB: two doubles of XA with the exponents of XB.</summary>
    public static void Xviexpdp(CpuState* s, Insn* i) => Set(s, i, Vector128.Create(
        WithExponent(Doubleword(s, i->A, 1), Doubleword(s, i->B, 1)), WithExponent(Doubleword(s, i->A, 0), Doubleword(s, i->B, 0))));

    /// <summary>xviexpsp XT,XA,XB: four singles of XA with the exponents of XB.</summary>
    public static void Xviexpsp(CpuState* s, Insn* i)
    {
        Vector128<uint> exponents = B(s, i).AsUInt32() << 23;
        Set(s, i, Vector128.ConditionalSelect(Vector128.Create(0x7f80_0000u), exponents, A(s, i).AsUInt32()).AsUInt64());
    }

    /// <summary>xscmpexpdp BF,XA,XB: compares the exponents into CR field BF and FPCC; a NaN is unordered.</summary>
    public static void Xscmpexpdp(CpuState* s, Insn* i)
    {
        ulong a = s->Fpr(i->A);
        ulong b = s->Fpr(i->B);
        int difference = Binary64.BiasedExponent(a) - Binary64.BiasedExponent(b);
        uint relation = Binary64.IsNaN(a) || Binary64.IsNaN(b) ? 1u : difference < 0 ? 8u : difference > 0 ? 4u : 2u;
        SetCondition(s, i->T >> 2, relation);
    }

    /// <summary>xststdcdp BF,XB,DCMX: CR field BF and FPCC are the sign, 0, "of a class in DCMX", 0.</summary>
    public static void Xststdcdp(CpuState* s, Insn* i)
    {
        ulong b = s->Fpr(i->B);
        bool denormal = Binary64.BiasedExponent(b) == 0 && !Binary64.IsZero(b);
        SetCondition(s, i->T >> 2, ClassCondition(b, denormal, (i->Word >> 16) & 0x7f));
    }

    /// <summary>xststdcsp BF,XB,DCMX: as xststdcdp for a single in double format; bit 3: XB is no single.</summary>
    public static void Xststdcsp(CpuState* s, Insn* i)
    {
        ulong b = s->Fpr(i->B);
        bool denormal = Binary64.BiasedExponent(b) < 0x381 && !Binary64.IsZero(b);
        uint condition = ClassCondition(b, denormal, (i->Word >> 16) & 0x7f);
        SetCondition(s, i->T >> 2, condition | (SingleFormat.DoubleFromSingle(SingleFormat.SingleFromDouble(b)) == b ? 0u : 1u));
    }

    /// <summary>xvtstdcdp XT,XB,DCMX: ones in the doublewords whose double is of a class in DCMX.</summary>
    public static void Xvtstdcdp(CpuState* s, Insn* i)
    {
        uint classes = SplitClasses(i);
        for (int element = 0; element < 2; element++)
        {
            ulong b = Doubleword(s, i->B, element);
            bool denormal = Binary64.BiasedExponent(b) == 0 && !Binary64.IsZero(b);
            Doubleword(s, i->T, element) = (ClassCondition(b, denormal, classes) & 2) != 0 ? ulong.MaxValue : 0;
        }
    }

    /// <summary>xvtstdcsp XT,XB,DCMX: ones in the words whose single is of a class in DCMX.</summary>
    public static void Xvtstdcsp(CpuState* s, Insn* i)
    {
        uint classes = SplitClasses(i);
        for (int element = 0; element < 4; element++)
        {
            uint b = Word(s, i->B, element);
            bool denormal = (b & 0x7f80_0000) == 0 && b << 1 != 0;
            Word(s, i->T, element) = (ClassCondition(SingleFormat.DoubleFromSingle(b), denormal, classes) & 2) != 0 ? uint.MaxValue : 0;
        }
    }

    /// <summary>DCMX in three pieces: bits 25, 29 and 11:15.</summary>
    private static uint SplitClasses(Insn* i) => ((i->Word >> 16) & 31) | ((i->Word & 4) << 3) | (i->Word & 0x40);

    /// <summary>8 if negative, 2 if in <paramref name="classes"/>: NaN 64, +∞ 32, -∞ 16, +0 8, -0 4, denormal + 2, - 1.</summary>
    private static uint ClassCondition(ulong bits, bool denormal, uint classes)
    {
        int negative = Binary64.IsNegative(bits) ? 1 : 0;
        uint kind = Binary64.IsNaN(bits) ? 64u
            : Binary64.IsInfinity(bits) ? 32u >> negative
            : Binary64.IsZero(bits) ? 8u >> negative
            : denormal ? 2u >> negative : 0;
        return ((uint)negative << 3) | ((classes & kind) != 0 ? 2u : 0);
    }

    private static void SetCondition(CpuState* s, int field, uint condition)
    {
        s->Cr[field] = (byte)condition;
        s->Fpscr = (s->Fpscr & ~Fpscr.FPCC) | (condition << 12);
    }

    private static ulong Significand(ulong bits) =>
        (bits & Binary64.FractionMask) | (Binary64.BiasedExponent(bits) is 0 or 0x7ff ? 0 : 1UL << 52);

    private static uint SingleSignificand(uint bits) => (bits & SingleFraction) | (((bits >> 23) & 0xff) is 0 or 0xff ? 0 : 1u << 23);

    private static ulong WithExponent(ulong bits, ulong exponent) => (bits & (Binary64.SignBit | Binary64.FractionMask)) | ((exponent & 0x7ff) << 52);
}
