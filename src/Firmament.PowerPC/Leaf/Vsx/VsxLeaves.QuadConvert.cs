using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Leaf.FloatingPoint;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.Vsx;

/// <content>Quad precision: conversions, rounding, compares and moves. Power ISA 3.0B Book I 7.6.1.</content>
public static unsafe partial class VsxLeaves
{
    /// <summary>xscvqpdp[o] VRT,VRB: to double in doubleword 0.</summary>
    public static void Xscvqpdp(CpuState* s, Insn* i)
    {
        UInt128 b = QuadB(s, i);
        if (Binary128.IsNaN(b))
        {
            ulong nan = ((ulong)(b >>> 64) & Binary64.SignBit) | Binary64.Infinity | Binary64.QuietBit | ((ulong)(b >>> 60) & Binary64.FractionMask);
            DeliverDouble(s, i, nan, Binary128.IsSignalingNaN(b) ? Fpscr.VXSNAN : 0);
        }
        else if (Binary128.IsInfinity(b))
        {
            DeliverDouble(s, i, ((ulong)(b >>> 64) & Binary64.SignBit) | Binary64.Infinity, 0);
        }
        else
        {
            RoundedValue result = Binary128.Value(b).Round(FloatFormat.Double, s->Fpscr, QuadMode(s, i));
            uint set = result.Fprf | (result.IsInexact ? Fpscr.FI : 0) | (result.IsIncremented || result.IsInfinity ? Fpscr.FR : 0);
            uint exceptions = (result.IsInexact ? Fpscr.XX : 0) | (result.IsOverflow ? Fpscr.OX : 0) | (result.IsUnderflow ? Fpscr.UX : 0);
            SetWhole(s, 32 + i->T, (UInt128)result.ToBinary64() << 64);
            StatusUpdate.Apply(s, Fpscr.FR | Fpscr.FI | Fpscr.FPRF, set, exceptions);
        }
    }

    /// <summary>xscvdpqp VRT,VRB: from double in doubleword 0; exact.</summary>
    public static void Xscvdpqp(CpuState* s, Insn* i)
    {
        ulong b = Doubleword(s, 32 + i->B, 0);
        UInt128 sign = (UInt128)(b & Binary64.SignBit) << 64;
        if (Binary64.BiasedExponent(b) == 0x7ff)
        {
            UInt128 fraction = (UInt128)(b & Binary64.FractionMask) << 60;
            DeliverQuad(s, i, sign | Binary128.Infinity | fraction | (fraction != 0 ? Binary128.QuietBit : 0), Binary64.IsSignalingNaN(b) ? Fpscr.VXSNAN : 0);
            return;
        }

        DeliverQuad(s, i, Binary128.Pattern(ExactValue.FromBinary64(b).Round(FloatFormat.Quad, 0)), 0);
    }

    /// <summary>xscvsdqp VRT,VRB: from the signed doubleword 0.</summary>
    public static void Xscvsdqp(CpuState* s, Insn* i)
    {
        long value = (long)Doubleword(s, 32 + i->B, 0);
        FromInteger(s, i, value < 0, value < 0 ? 0 - (ulong)value : (ulong)value);
    }

    /// <summary>xscvudqp VRT,VRB: from the unsigned doubleword 0.</summary>
    public static void Xscvudqp(CpuState* s, Insn* i) => FromInteger(s, i, false, Doubleword(s, 32 + i->B, 0));

    /// <summary>xscvqpsdz VRT,VRB: to signed doubleword, toward zero.</summary>
    public static void Xscvqpsdz(CpuState* s, Insn* i) => QuadToInteger(s, i, IntegerRange.SignedDoubleword);

    /// <summary>xscvqpudz VRT,VRB: to unsigned doubleword, toward zero.</summary>
    public static void Xscvqpudz(CpuState* s, Insn* i) => QuadToInteger(s, i, IntegerRange.UnsignedDoubleword);

    /// <summary>xscvqpswz VRT,VRB: to signed word, toward zero, sign-extended in doubleword 0.</summary>
    public static void Xscvqpswz(CpuState* s, Insn* i) => QuadToInteger(s, i, IntegerRange.SignedWord);

    /// <summary>xscvqpuwz VRT,VRB: to unsigned word, toward zero, in doubleword 0.</summary>
    public static void Xscvqpuwz(CpuState* s, Insn* i) => QuadToInteger(s, i, IntegerRange.UnsignedWord);

    /// <summary>xsrqpi[x] R,VRT,VRB,RMC: to an integral value; only the x form tells that bits were lost.</summary>
    public static void Xsrqpi(CpuState* s, Insn* i)
    {
        UInt128 b = QuadB(s, i);
        if (TryDeliverNaN(s, i, b, b))
        {
            return;
        }

        if (Binary128.BiasedExponent(b) >= 16383 + 112)
        {
            DeliverQuad(s, i, b, 0);
            return;
        }

        UInt128 magnitude = Binary128.Value(b).RoundToUnit(0, ChosenMode(s, i), out bool inexact, out bool incremented);
        ExactValue integral = new(Binary128.IsNegative(b), 0, magnitude);
        DeliverQuad(s, i, Binary128.Pattern(integral.Round(FloatFormat.Quad, 0)), 0);
        if (inexact && i->Rc)
        {
            StatusUpdate.Apply(s, 0, incremented ? Fpscr.FR | Fpscr.FI : Fpscr.FI, Fpscr.XX);
        }
    }

    /// <summary>xsrqpxp R,VRT,VRB,RMC: to double-extended precision.</summary>
    public static void Xsrqpxp(CpuState* s, Insn* i)
    {
        UInt128 b = QuadB(s, i);
        if (TryDeliverNaN(s, i, b, b))
        {
            return;
        }

        if (Binary128.IsInfinity(b))
        {
            DeliverQuad(s, i, b, 0);
        }
        else
        {
            RoundQuad(s, i, Binary128.Value(b), FloatFormat.Extended, ChosenMode(s, i), negate: false);
        }
    }

    /// <summary>xscmpuqp BF,VRA,VRB: compare into CR field BF and FPCC; only a signalling NaN is invalid.</summary>
    public static void Xscmpuqp(CpuState* s, Insn* i) => CompareQuad(s, i, ordered: false);

    /// <summary>xscmpoqp BF,VRA,VRB: compare into CR field BF and FPCC; any NaN is invalid.</summary>
    public static void Xscmpoqp(CpuState* s, Insn* i) => CompareQuad(s, i, ordered: true);

    /// <summary>xscmpexpqp BF,VRA,VRB: compares the exponents; a NaN is unordered.</summary>
    public static void Xscmpexpqp(CpuState* s, Insn* i)
    {
        UInt128 a = QuadA(s, i);
        UInt128 b = QuadB(s, i);
        int difference = Binary128.BiasedExponent(a) - Binary128.BiasedExponent(b);
        SetCondition(s, i->T >> 2, Binary128.IsNaN(a) || Binary128.IsNaN(b) ? 1u : difference < 0 ? 8u : difference > 0 ? 4u : 2u);
    }

    /// <summary>xststdcqp BF,VRB,DCMX: CR field BF and FPCC are the sign, 0, "of a class in DCMX", 0.</summary>
    public static void Xststdcqp(CpuState* s, Insn* i)
    {
        UInt128 b = QuadB(s, i);

        // The class of a double of the same kind.
        ulong kind = ((ulong)(b >>> 64) & Binary64.SignBit)
            | (Binary128.IsNaN(b) ? Binary64.DefaultNaN : Binary128.IsInfinity(b) ? Binary64.Infinity : Binary128.IsZero(b) ? 0 : 1UL);
        SetCondition(s, i->T >> 2, ClassCondition(kind, Binary128.IsDenormal(b), (i->Word >> 16) & 0x7f));
    }

    /// <summary>xsabsqp VRT,VRB: sign cleared.</summary>
    public static void Xsabsqp(CpuState* s, Insn* i) => SetWhole(s, 32 + i->T, QuadB(s, i) & ~Binary128.SignBit);

    /// <summary>xsnabsqp VRT,VRB: sign set.</summary>
    public static void Xsnabsqp(CpuState* s, Insn* i) => SetWhole(s, 32 + i->T, QuadB(s, i) | Binary128.SignBit);

    /// <summary>xsnegqp VRT,VRB: sign inverted.</summary>
    public static void Xsnegqp(CpuState* s, Insn* i) => SetWhole(s, 32 + i->T, QuadB(s, i) ^ Binary128.SignBit);

    /// <summary>xscpsgnqp VRT,VRA,VRB: VRB with the sign of VRA.</summary>
    public static void Xscpsgnqp(CpuState* s, Insn* i) =>
        SetWhole(s, 32 + i->T, (QuadB(s, i) & ~Binary128.SignBit) | (QuadA(s, i) & Binary128.SignBit));

    /// <summary>xsxexpqp VRT,VRB: the biased exponent, in doubleword 0.</summary>
    public static void Xsxexpqp(CpuState* s, Insn* i) => SetWhole(s, 32 + i->T, (UInt128)(uint)Binary128.BiasedExponent(QuadB(s, i)) << 64);

    /// <summary>xsxsigqp VRT,VRB: the significand, its implied bit made explicit.</summary>
    public static void Xsxsigqp(CpuState* s, Insn* i)
    {
        UInt128 b = QuadB(s, i);
        UInt128 implied = Binary128.BiasedExponent(b) is 0 or 0x7fff ? 0 : UInt128.One << 112;
        SetWhole(s, 32 + i->T, (b & Binary128.FractionMask) | implied);
    }

    /// <summary>xsiexpqp VRT,VRA,VRB: VRA with the exponent in doubleword 0 of VRB.</summary>
    public static void Xsiexpqp(CpuState* s, Insn* i) => SetWhole(
        s, 32 + i->T, (QuadA(s, i) & ~Binary128.Infinity) | ((UInt128)(Doubleword(s, 32 + i->B, 0) & 0x7fff) << 112));

    /// <summary>R and RMC: R=0 nearest away, or for RMC 3 the current mode (1 and 2 reserved); R=1 nearest even, zero, plus, minus infinity.</summary>
    private static RoundingMode ChosenMode(CpuState* s, Insn* i)
    {
        int rmc = (int)(i->Word >> 9) & 3;
        return (i->A & 1) != 0 ? (RoundingMode)rmc : rmc switch
        {
            0 => RoundingMode.NearestAway,
            3 => FloatingPointLeaves.Mode(s),
            _ => RoundingMode.NearestEven,
        };
    }

    private static void FromInteger(CpuState* s, Insn* i, bool negative, ulong magnitude) =>
        DeliverQuad(s, i, Binary128.Pattern(ExactValue.FromInteger(negative, magnitude).Round(FloatFormat.Quad, 0)), 0);

    private static void QuadToInteger(CpuState* s, Insn* i, in IntegerRange range)
    {
        UInt128 b = QuadB(s, i);
        bool negative = Binary128.IsNegative(b);
        UInt128 magnitude = UInt128.MaxValue;
        bool inexact = false;
        if (Binary128.BiasedExponent(b) < 16383 + 70)
        {
            magnitude = Binary128.Value(b).RoundToUnit(0, RoundingMode.TowardZero, out inexact, out _);
        }

        if (Binary128.IsNaN(b) || magnitude > (negative ? range.LowestMagnitude : range.Highest))
        {
            uint exceptions = Binary128.IsSignalingNaN(b) ? Fpscr.VXCVI | Fpscr.VXSNAN : Fpscr.VXCVI;
            if ((s->Fpscr & Fpscr.VE) == 0)
            {
                ulong limit = Binary128.IsNaN(b) || negative ? range.Lowest : range.Highest;
                SetWhole(s, 32 + i->T, (UInt128)limit << 64);
            }

            StatusUpdate.Apply(s, Fpscr.FR | Fpscr.FI, 0, exceptions);
            return;
        }

        ulong value = (ulong)magnitude;
        SetWhole(s, 32 + i->T, (UInt128)(negative ? 0 - value : value) << 64);
        StatusUpdate.Apply(s, Fpscr.FR | Fpscr.FI, inexact ? Fpscr.FI : 0, inexact ? Fpscr.XX : 0);
    }

    private static void DeliverDouble(CpuState* s, Insn* i, ulong bits, uint exceptions)
    {
        if (Suppresses(exceptions | (s->Fpscr & Enables)))
        {
            StatusUpdate.Apply(s, Fpscr.FR | Fpscr.FI, 0, exceptions);
            return;
        }

        SetWhole(s, 32 + i->T, (UInt128)bits << 64);
        StatusUpdate.Apply(s, Fpscr.FR | Fpscr.FI | Fpscr.FPRF, Binary64.Fprf(bits), exceptions);
    }

    private static void CompareQuad(CpuState* s, Insn* i, bool ordered)
    {
        UInt128 a = QuadA(s, i);
        UInt128 b = QuadB(s, i);
        uint exceptions = 0;
        uint relation;
        if (Binary128.IsNaN(a) || Binary128.IsNaN(b))
        {
            relation = 1;
            bool signals = Binary128.IsSignalingNaN(a) || Binary128.IsSignalingNaN(b);
            exceptions = signals ? Fpscr.VXSNAN : 0;
            if (ordered && (!signals || (s->Fpscr & Fpscr.VE) == 0))
            {
                exceptions |= Fpscr.VXVC;
            }
        }
        else
        {
            Int128 x = Ordinal(a);
            Int128 y = Ordinal(b);
            relation = x < y ? 8u : x > y ? 4u : 2u;
        }

        s->Cr[i->T >> 2] = (byte)relation;
        StatusUpdate.Apply(s, Fpscr.FPCC, relation << 12, exceptions);
    }

    /// <summary>A number's place in the order of values; both zeros are 0.</summary>
    private static Int128 Ordinal(UInt128 bits) =>
        Binary128.IsNegative(bits) ? -(Int128)(bits & ~Binary128.SignBit) : (Int128)bits;
}
