using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;
using static System.BitConverter;

namespace Firmament.PowerPC.Leaf.FloatingPoint;

/// <content>
/// 4.6.6.1: estimates and the tests for software division and square root. An estimate is the true value cut to
/// 16 significant bits: never beyond the format's range when the true value is not, relative error below 2^-15, inside the bound
/// of every CPU (fres 2^-8, frsqrte 2^-5, fre 2^-14 where ftdiv and ftsqrt promise it). Chips differ in their tables; FR and FI,
/// undefined here, become 0.
/// </content>
public static unsafe partial class FloatingPointLeaves
{
    /// <summary>fres[.] FRT,FRB: estimate of 1 ÷ FRB, single.</summary>
    public static void Fres(CpuState* s, Insn* i) => ReciprocalEstimate(s, i, FloatFormat.Single);

    /// <summary>fre[.] FRT,FRB: estimate of 1 ÷ FRB, double.</summary>
    public static void Fre(CpuState* s, Insn* i) => ReciprocalEstimate(s, i, FloatFormat.Double);

    /// <summary>frsqrte[.] FRT,FRB: estimate of 1 ÷ √FRB, double.</summary>
    public static void Frsqrte(CpuState* s, Insn* i) => ReciprocalSquareRootEstimate(s, i, FloatFormat.Double);

    /// <summary>frsqrtes[.] FRT,FRB: estimate of 1 ÷ √FRB, single.</summary>
    public static void Frsqrtes(CpuState* s, Insn* i) => ReciprocalSquareRootEstimate(s, i, FloatFormat.Single);

    /// <summary>ftdiv BF,FRA,FRB: CR field BF says whether software can divide FRA by FRB without a special case.</summary>
    public static void Ftdiv(CpuState* s, Insn* i)
    {
        s->Cr[i->T >> 2] = TestDivide(s->Fpr(i->A), s->Fpr(i->B));
    }

    /// <summary>ftsqrt BF,FRB: CR field BF says whether software can take the square root of FRB without a special case.</summary>
    public static void Ftsqrt(CpuState* s, Insn* i) => s->Cr[i->T >> 2] = TestSquareRoot(s->Fpr(i->B));

    /// <summary>ftdiv's CR field for doubles.</summary>
    internal static byte TestDivide(ulong a, ulong b)
    {
        int ea = Binary64.BiasedExponent(a) - 1023;
        int eb = Binary64.BiasedExponent(b) - 1023;
        bool hard = ea == 1024 || eb == 1024 || Binary64.IsZero(b) || eb <= -1022 || eb >= 1021
            || (!Binary64.IsZero(a) && (ea - eb >= 1023 || ea - eb <= -1021 || ea <= -970));
        bool extreme = Binary64.IsInfinity(a) || Binary64.IsInfinity(b) || eb == -1023;
        return TestResult(hard, extreme);
    }

    /// <summary>ftsqrt's CR field for a double.</summary>
    internal static byte TestSquareRoot(ulong b)
    {
        int eb = Binary64.BiasedExponent(b) - 1023;
        bool hard = eb == 1024 || Binary64.IsNegative(b) || eb <= -970;
        bool extreme = Binary64.IsInfinity(b) || eb == -1023;
        return TestResult(hard, extreme);
    }

    /// <summary>0b1, fg_flag, fe_flag, 0b0: the first bit promises estimates good to 2^-14.</summary>
    internal static byte TestResult(bool hard, bool extreme) => (byte)(8 | (extreme ? 4 : 0) | (hard ? 2 : 0));

    private static void ReciprocalEstimate(CpuState* s, Insn* i, in FloatFormat format)
    {
        ReciprocalEstimate(s, i->T, s->Fpr(i->B), format);
        StatusUpdate.Record(s, i->Rc);
    }

    /// <summary>The estimate into <paramref name="target"/>.</summary>
    internal static void ReciprocalEstimate(CpuState* s, int target, ulong b, in FloatFormat format)
    {
        ulong sign = b & Binary64.SignBit;
        if (Binary64.IsZero(b))
        {
            StatusUpdate.DeliverZeroDivide(s, target, sign != 0);
        }
        else if (Binary64.IsInfinity(b))
        {
            StatusUpdate.Deliver(s, target, sign);
        }
        else if (!ExactArithmetic.TryDeliverNaN(s, target, b, b))
        {
            double significand = Normalize(b, out int exponent);
            StatusUpdate.DeliverEstimate(s, target, Estimate(1 / significand, -exponent, sign != 0), format);
        }
    }

    private static void ReciprocalSquareRootEstimate(CpuState* s, Insn* i, in FloatFormat format)
    {
        ReciprocalSquareRootEstimate(s, i->T, s->Fpr(i->B), format);
        StatusUpdate.Record(s, i->Rc);
    }

    /// <summary>The estimate into <paramref name="target"/>.</summary>
    internal static void ReciprocalSquareRootEstimate(CpuState* s, int target, ulong b, in FloatFormat format)
    {
        if (Binary64.IsZero(b))
        {
            StatusUpdate.DeliverZeroDivide(s, target, Binary64.IsNegative(b));
        }
        else if (!ExactArithmetic.TryDeliverNaN(s, target, b, b))
        {
            if (Binary64.IsNegative(b))
            {
                StatusUpdate.DeliverInvalid(s, target, Fpscr.VXSQRT, Binary64.DefaultNaN);
            }
            else if (Binary64.IsInfinity(b))
            {
                StatusUpdate.Deliver(s, target, 0);
            }
            else
            {
                double significand = Normalize(b, out int exponent);
                significand *= 1 + (exponent & 1);
                StatusUpdate.DeliverEstimate(s, target, Estimate(1 / Math.Sqrt(significand), -(exponent >> 1), false), format);
            }
        }
    }

    /// <summary>Splits a nonzero finite magnitude into a significand in [1, 2) and an exponent.</summary>
    private static double Normalize(ulong bits, out int exponent)
    {
        ulong magnitude = bits & Binary64.Magnitude;
        int adjust = 0;
        if (magnitude <= Binary64.FractionMask)
        {
            magnitude = DoubleToUInt64Bits(UInt64BitsToDouble(magnitude) * (1UL << 60));
            adjust = -60;
        }

        exponent = Binary64.BiasedExponent(magnitude) - 1023 + adjust;
        return UInt64BitsToDouble((magnitude & Binary64.FractionMask) | DoubleToUInt64Bits(1.0));
    }

    /// <summary><paramref name="magnitude"/> cut to 15 fraction bits, times 2^exponent.</summary>
    private static ExactValue Estimate(double magnitude, int exponent, bool isNegative)
    {
        const ulong unit = 1UL << 37;
        ulong bits = DoubleToUInt64Bits(magnitude) & ~(unit - 1);
        ExactValue value = ExactValue.FromBinary64(bits);
        return new(isNegative, value.Exponent + exponent, value.Significand);
    }
}
