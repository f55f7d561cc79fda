using System.Runtime.CompilerServices;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;
using static System.BitConverter;

namespace Firmament.PowerPC.Leaf.FloatingPoint;

/// <content>
/// 4.6.7: rounding and conversion. FPRF, undefined after a conversion to integer, keeps its value. The undefined high word of
/// fctiw is the sign of the result (what the Cell does), that of fctiwu is 0.
/// </content>
public static unsafe partial class FloatingPointLeaves
{
    /// <summary>frsp[.] FRT,FRB: rounds to single.</summary>
    public static void Frsp(CpuState* s, Insn* i)
    {
        ulong b = s->Fpr(i->B);
        if (!HostArithmetic.Convert(s, i->T, UInt64BitsToDouble(b), 0, single: true))
        {
            ExactArithmetic.RoundToSingle(s, i->T, b);
        }

        StatusUpdate.Record(s, i->Rc);
    }

    /// <summary>fctiw[.] FRT,FRB: to signed word, in the current rounding mode.</summary>
    public static void Fctiw(CpuState* s, Insn* i) => ToInteger(s, i, IntegerRange.SignedWord, Mode(s));

    /// <summary>fctiwz[.] FRT,FRB: to signed word, toward zero.</summary>
    public static void Fctiwz(CpuState* s, Insn* i) => ToInteger(s, i, IntegerRange.SignedWord, RoundingMode.TowardZero);

    /// <summary>fctiwu[.] FRT,FRB: to unsigned word, in the current rounding mode.</summary>
    public static void Fctiwu(CpuState* s, Insn* i) => ToInteger(s, i, IntegerRange.UnsignedWord, Mode(s));

    /// <summary>fctiwuz[.] FRT,FRB: to unsigned word, toward zero.</summary>
    public static void Fctiwuz(CpuState* s, Insn* i) => ToInteger(s, i, IntegerRange.UnsignedWord, RoundingMode.TowardZero);

    /// <summary>fctid[.] FRT,FRB: to signed doubleword, in the current rounding mode.</summary>
    public static void Fctid(CpuState* s, Insn* i) => ToInteger(s, i, IntegerRange.SignedDoubleword, Mode(s));

    /// <summary>fctidz[.] FRT,FRB: to signed doubleword, toward zero.</summary>
    public static void Fctidz(CpuState* s, Insn* i) => ToInteger(s, i, IntegerRange.SignedDoubleword, RoundingMode.TowardZero);

    /// <summary>fctidu[.] FRT,FRB: to unsigned doubleword, in the current rounding mode.</summary>
    public static void Fctidu(CpuState* s, Insn* i) => ToInteger(s, i, IntegerRange.UnsignedDoubleword, Mode(s));

    /// <summary>fctiduz[.] FRT,FRB: to unsigned doubleword, toward zero.</summary>
    public static void Fctiduz(CpuState* s, Insn* i) => ToInteger(s, i, IntegerRange.UnsignedDoubleword, RoundingMode.TowardZero);

    /// <summary>fcfid[.] FRT,FRB: signed doubleword to double.</summary>
    public static void Fcfid(CpuState* s, Insn* i) => FromSigned(s, i, single: false);

    /// <summary>fcfids[.] FRT,FRB: signed doubleword to single.</summary>
    public static void Fcfids(CpuState* s, Insn* i) => FromSigned(s, i, single: true);

    /// <summary>fcfidu[.] FRT,FRB: unsigned doubleword to double.</summary>
    public static void Fcfidu(CpuState* s, Insn* i) => FromUnsigned(s, i, single: false);

    /// <summary>fcfidus[.] FRT,FRB: unsigned doubleword to single.</summary>
    public static void Fcfidus(CpuState* s, Insn* i) => FromUnsigned(s, i, single: true);

    /// <summary>frin[.] FRT,FRB: to the nearest integral value, halves away from zero.</summary>
    public static void Frin(CpuState* s, Insn* i) => RoundToIntegral(s, i, RoundingMode.NearestAway);

    /// <summary>friz[.] FRT,FRB: to an integral value, toward zero.</summary>
    public static void Friz(CpuState* s, Insn* i) => RoundToIntegral(s, i, RoundingMode.TowardZero);

    /// <summary>frip[.] FRT,FRB: to an integral value, toward plus infinity.</summary>
    public static void Frip(CpuState* s, Insn* i) => RoundToIntegral(s, i, RoundingMode.TowardPlusInfinity);

    /// <summary>frim[.] FRT,FRB: to an integral value, toward minus infinity.</summary>
    public static void Frim(CpuState* s, Insn* i) => RoundToIntegral(s, i, RoundingMode.TowardMinusInfinity);

    internal static RoundingMode Mode(CpuState* s) => (RoundingMode)(s->Fpscr & Fpscr.RN);

    private static void ToInteger(CpuState* s, Insn* i, in IntegerRange range, RoundingMode mode)
    {
        ToInteger(s, i->T, s->Fpr(i->B), range, mode);
        StatusUpdate.Record(s, i->Rc);
    }

    /// <summary>A double to an integer of <paramref name="range"/>, into <paramref name="target"/>.</summary>
    internal static void ToInteger(CpuState* s, int target, ulong b, in IntegerRange range, RoundingMode mode)
    {
        double x = UInt64BitsToDouble(b);
        double rounded = mode == RoundingMode.TowardZero ? Math.Truncate(x) : Math.Round(x, MidpointRounding.ToEven);
        bool hostMode = mode is RoundingMode.TowardZero or RoundingMode.NearestEven;
        if (hostMode && (s->Fpscr & (Fpscr.FEX | Fpscr.XE)) == 0 && rounded >= range.HostLow && rounded <= range.HostHigh)
        {
            s->Fpr(target) = (ulong)(long)rounded;
            uint inexact = rounded == x ? 0 : Math.Abs(rounded) > Math.Abs(x) ? Fpscr.FI | Fpscr.FR : Fpscr.FI;
            StatusUpdate.Apply(s, Fpscr.FR | Fpscr.FI, inexact, inexact == 0 ? 0 : Fpscr.XX);
        }
        else
        {
            ToIntegerExact(s, target, b, range, mode);
        }
    }

    private static void ToIntegerExact(CpuState* s, int target, ulong b, in IntegerRange range, RoundingMode mode)
    {
        bool negative = Binary64.IsNegative(b);
        if (Binary64.IsNaN(b))
        {
            uint exceptions = Binary64.IsSignalingNaN(b) ? Fpscr.VXSNAN | Fpscr.VXCVI : Fpscr.VXCVI;
            DeliverInvalidInteger(s, target, exceptions, range.Lowest);
            return;
        }

        // Nothing of 2^70 or more fits, and below it the magnitude fits 128 bits.
        UInt128 magnitude = UInt128.MaxValue;
        bool inexact = false;
        bool incremented = false;
        if (Binary64.BiasedExponent(b) < 1023 + 70)
        {
            magnitude = ExactValue.FromBinary64(b).RoundToUnit(0, mode, out inexact, out incremented);
        }

        if (magnitude > (negative ? range.LowestMagnitude : range.Highest))
        {
            DeliverInvalidInteger(s, target, Fpscr.VXCVI, negative ? range.Lowest : range.Highest);
            return;
        }

        ulong value = (ulong)magnitude;
        s->Fpr(target) = negative ? 0 - value : value;
        uint set = (inexact ? Fpscr.FI : 0) | (incremented ? Fpscr.FR : 0);
        StatusUpdate.Apply(s, Fpscr.FR | Fpscr.FI, set, inexact ? Fpscr.XX : 0);
    }

    /// <summary>Invalid conversion (4.4.1.2): saturated; not written with VE=1.</summary>
    internal static void DeliverInvalidInteger(CpuState* s, int target, uint exceptions, ulong value)
    {
        if ((s->Fpscr & Fpscr.VE) == 0)
        {
            s->Fpr(target) = value;
        }

        StatusUpdate.Apply(s, Fpscr.FR | Fpscr.FI, 0, exceptions);
    }

    private static void FromSigned(CpuState* s, Insn* i, bool single)
    {
        FromSigned(s, i->T, s->Fpr(i->B), single);
        StatusUpdate.Record(s, i->Rc);
    }

    /// <summary>A signed doubleword to double or single, into <paramref name="target"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void FromSigned(CpuState* s, int target, ulong bits, bool single)
    {
        // The host path ends where the difference to the rounded double could not be taken in 64 bits.
        long value = (long)bits;
        double rounded = value;
        if (Math.Abs(rounded) > 1L << 62 || !HostArithmetic.Convert(s, target, rounded, value - (long)rounded, single))
        {
            ulong magnitude = value < 0 ? 0 - (ulong)value : (ulong)value;
            StatusUpdate.Deliver(s, target, ExactValue.FromInteger(value < 0, magnitude), single ? FloatFormat.Single : FloatFormat.Double);
        }
    }

    private static void FromUnsigned(CpuState* s, Insn* i, bool single)
    {
        FromUnsigned(s, i->T, s->Fpr(i->B), single);
        StatusUpdate.Record(s, i->Rc);
    }

    /// <summary>An unsigned doubleword to double or single, into <paramref name="target"/>.</summary>
    internal static void FromUnsigned(CpuState* s, int target, ulong value, bool single)
    {
        if (value <= 1UL << 62)
        {
            FromSigned(s, target, value, single);
            return;
        }

        StatusUpdate.Deliver(s, target, ExactValue.FromInteger(false, value), single ? FloatFormat.Single : FloatFormat.Double);
    }

    /// <summary>fri*: the result is never inexact to FPSCR: FR and FI are 0 and XX stays.</summary>
    private static void RoundToIntegral(CpuState* s, Insn* i, RoundingMode mode)
    {
        RoundToIntegral(s, i->T, s->Fpr(i->B), mode, tellsInexact: false);
        StatusUpdate.Record(s, i->Rc);
    }

    /// <summary>To an integral value, into <paramref name="target"/>; only the forms of "current mode" tell that bits were lost.</summary>
    internal static void RoundToIntegral(CpuState* s, int target, ulong b, RoundingMode mode, bool tellsInexact)
    {
        if (Binary64.IsNaN(b))
        {
            ExactArithmetic.TryDeliverNaN(s, target, b, b);
        }
        else if (Binary64.BiasedExponent(b) >= 1023 + 52)
        {
            StatusUpdate.Deliver(s, target, b);
        }
        else
        {
            UInt128 magnitude = ExactValue.FromBinary64(b).RoundToUnit(0, mode, out bool inexact, out bool incremented);
            ulong bits = DoubleToUInt64Bits((ulong)magnitude);
            StatusUpdate.Deliver(s, target, bits | (b & Binary64.SignBit));
            if (tellsInexact && inexact)
            {
                StatusUpdate.Apply(s, 0, incremented ? Fpscr.FR | Fpscr.FI : Fpscr.FI, Fpscr.XX);
            }
        }
    }
}
