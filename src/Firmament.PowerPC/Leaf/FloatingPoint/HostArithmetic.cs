using System.Runtime.CompilerServices;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.FloatingPoint;

/// <summary>
/// The common case on the host's floating-point unit: rounding to nearest, inexact not enabled, no enabled exception pending, and
/// a result that is zero or safely normal. Each method computes the rounded result and the sign of its exact error, which is all
/// FI and FR need, and answers false, having changed nothing, when <see cref="ExactArithmetic"/> must decide.
/// </summary>
/// <remarks>
/// The error terms are exact because the range tests keep every intermediate away from overflow and from the denormals: two-sum
/// (Knuth), residuals by fused multiply-add for ×, ÷ and √, and Boldo and Muller's error of a fused multiply-add.
/// SAFETY: the pointer is the CPU's own unmanaged state, which outlives the call.
/// </remarks>
internal static unsafe class HostArithmetic
{
    /// <summary>FPSCR bits that rule the host out. The other enables matter only for results that the range tests exclude.</summary>
    private const uint Blocking = Fpscr.FEX | Fpscr.XE | Fpscr.RN;

    /// <summary>Biased exponent above which residuals of the operations are normal: 2^-960.</summary>
    private const uint ResidualFloor = 63;

    private const uint Top = 0x7fd;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsBlocked(CpuState* s) => (s->Fpscr & Blocking) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Add(CpuState* s, int target, double a, double b, bool single)
    {
        double sum = a + b;
        double bPart = sum - a;
        double error = (a - (sum - bPart)) + (b - bPart);
        return !IsBlocked(s) && (InRange(sum, 2) || sum == 0) && Deliver(s, target, sum, error, single, false);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Multiply(CpuState* s, int target, double a, double c, bool single)
    {
        double product = a * c;
        double error = Math.FusedMultiplyAdd(a, c, -product);
        if (IsBlocked(s))
        {
            return false;
        }

        if (product == 0)
        {
            return (a == 0 || c == 0) && Deliver(s, target, product, 0, single, false);
        }

        return InRange(product, ResidualFloor) && Deliver(s, target, product, error, single, false);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Divide(CpuState* s, int target, double a, double b, bool single)
    {
        double quotient = a / b;
        if (IsBlocked(s))
        {
            return false;
        }

        if (quotient == 0)
        {
            return a == 0 && Deliver(s, target, quotient, 0, single, false);
        }

        // The residual a - quotient × b has the sign of error × b.
        double residual = Math.FusedMultiplyAdd(-quotient, b, a);
        double error = b < 0 ? -residual : residual;
        return InRange(quotient, ResidualFloor) && InRange(a, 128) && Deliver(s, target, quotient, error, single, false);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool SquareRoot(CpuState* s, int target, double b, bool single)
    {
        double root = Math.Sqrt(b);
        if (IsBlocked(s))
        {
            return false;
        }

        if (b == 0)
        {
            return Deliver(s, target, root, 0, single, false);
        }

        double error = Math.FusedMultiplyAdd(-root, root, b);
        return b > 0 && InRange(b, 128) && Deliver(s, target, root, error, single, false);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MultiplyAdd(CpuState* s, int target, double a, double c, double b, bool single, bool negate)
    {
        double product = a * c;
        double result = Math.FusedMultiplyAdd(a, c, b);
        if (IsBlocked(s) || !(InRange(result, ResidualFloor) || result == 0))
        {
            return false;
        }

        if (product == 0)
        {
            return (a == 0 || c == 0) && Deliver(s, target, result, 0, single, negate);
        }

        if (!InRange(product, ResidualFloor))
        {
            return false;
        }

        double productLow = Math.FusedMultiplyAdd(a, c, -product);
        double high = b + productLow;
        double highPart = high - b;
        double low = (b - (high - highPart)) + (productLow - highPart);
        double sum = product + high;
        double sumPart = sum - product;
        double sumLow = (product - (sum - sumPart)) + (high - sumPart);
        double error = (sum - result) + sumLow + low;
        return Deliver(s, target, result, error, single, negate);
    }

    /// <summary>An integer that <paramref name="value"/> was rounded from, or frsp's operand: <paramref name="error"/> as above.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Convert(CpuState* s, int target, double value, double error, bool single) =>
        !IsBlocked(s) && (InRange(value, 2) || value == 0) && Deliver(s, target, value, error, single, false);

    /// <summary>Finite, and its biased exponent is at least <paramref name="floor"/> and at most <see cref="Top"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool InRange(double value, uint floor)
    {
        uint exponent = (uint)(BitConverter.DoubleToUInt64Bits(value) >> 52) & 0x7ff;
        return exponent - floor <= Top - floor;
    }

    /// <summary>Commits result + error, the exact value, rounded to double already or now to single.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Deliver(CpuState* s, int target, double result, double error, bool single, bool negate)
    {
        bool inexact = error != 0;
        bool larger = (BitConverter.DoubleToInt64Bits(error) ^ BitConverter.DoubleToInt64Bits(result)) < 0;
        if (single)
        {
            double odd = inexact ? RoundToOdd(result, larger) : result;
            uint exponent = (uint)(BitConverter.DoubleToUInt64Bits(result) >> 52) & 0x7ff;
            if (exponent - (1023 - 124) > 124 + 126 && result != 0)
            {
                return false;
            }

            result = (float)odd;
            inexact = result != odd;
            larger = Math.Abs(result) > Math.Abs(odd);
        }

        if (negate)
        {
            result = -result;
        }

        ulong bits = BitConverter.DoubleToUInt64Bits(result);
        uint fpscr = s->Fpscr & ~(Fpscr.FR | Fpscr.FI | Fpscr.FPRF);
        fpscr |= (long)bits < 0 ? Fpscr.Negative : Fpscr.Positive;
        if (result == 0)
        {
            fpscr ^= (long)bits < 0 ? Fpscr.Negative ^ (Fpscr.PositiveZero | Fpscr.C) : Fpscr.Positive ^ Fpscr.PositiveZero;
        }

        if (inexact)
        {
            fpscr |= Fpscr.FI | (larger ? Fpscr.FR : 0);
            fpscr |= (fpscr & Fpscr.XX) == 0 ? Fpscr.XX | Fpscr.FX : 0;
        }

        s->Fpr(target) = bits;
        s->Fpscr = fpscr;
        return true;
    }

    /// <summary>
    /// Turns "rounded to nearest, with error" into "truncated, low bit 1 because inexact". Rounding that to at most 51 bits equals
    /// rounding the exact value (Boldo and Melquiond, round to odd), so the single result suffers no double rounding.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double RoundToOdd(double result, bool larger)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(result);
        ulong truncated = larger ? bits - 1 : bits;
        return BitConverter.UInt64BitsToDouble(truncated | 1);
    }
}
