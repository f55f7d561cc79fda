using System.Numerics;

namespace Firmament.PowerPC.Tests.Vector;

/// <summary>
/// Single-precision sums and products on integers: the value is computed without bound, then rounded to nearest even once. The
/// non-Java mode flushes denormal operands, and results that are tiny before rounding.
/// </summary>
internal static class ExactSingle
{
    public const uint DefaultNan = 0x7fc00000;

    public static bool IsNan(uint f) => (f & 0x7fffffff) > 0x7f800000;

    public static bool IsInfinity(uint f) => (f & 0x7fffffff) == 0x7f800000;

    public static bool IsNegative(uint f) => f >> 31 != 0;

    public static uint Operand(uint f, bool nonJava) => nonJava && (f & 0x7f800000) == 0 ? f & 0x80000000 : f;

    /// <summary>The first NaN of the operands, quieted, or null.</summary>
    public static uint? NanOf(params ReadOnlySpan<uint> operands)
    {
        foreach (uint f in operands)
        {
            if (IsNan(f))
            {
                return f | 0x00400000;
            }
        }

        return null;
    }

    /// <summary>a · c + b; the caller has dealt with NaNs.</summary>
    public static uint MultiplyAdd(uint a, uint c, uint b, bool nonJava)
    {
        bool productNegative = IsNegative(a) != IsNegative(c);
        bool productInfinite = IsInfinity(a) || IsInfinity(c);
        if (productInfinite && ((a & 0x7fffffff) == 0 || (c & 0x7fffffff) == 0))
        {
            return DefaultNan;
        }

        if (productInfinite)
        {
            return IsInfinity(b) && IsNegative(b) != productNegative ? DefaultNan : productNegative ? 0xff800000 : 0x7f800000;
        }

        if (IsInfinity(b))
        {
            return b;
        }

        // All in units of 2^-298, the square of the smallest denormal.
        BigInteger product = Scaled(a) * Scaled(c);
        BigInteger sum = product + (Scaled(b) << 149);
        if (sum.IsZero)
        {
            bool negativeZero = product.IsZero && (b & 0x7fffffff) == 0 && productNegative && IsNegative(b);
            return negativeZero ? 0x80000000 : 0;
        }

        return Round(sum, -298, nonJava);
    }

    public static uint Add(uint a, uint b, bool nonJava) => MultiplyAdd(a, 0x3f800000, b, nonJava);

    /// <summary>The single nearest to value · 2^exponent, value not zero.</summary>
    public static uint Round(BigInteger value, int exponent, bool nonJava)
    {
        uint sign = value.Sign < 0 ? 0x80000000 : 0;
        BigInteger magnitude = BigInteger.Abs(value);
        int top = (int)magnitude.GetBitLength() - 1 + exponent;
        if (top < -126 && nonJava)
        {
            return sign;
        }

        int unit = Math.Max(top - 23, -149);
        int drop = unit - exponent;
        BigInteger kept = drop > 0 ? magnitude >> drop : magnitude << -drop;
        if (drop > 0)
        {
            BigInteger rest = magnitude - (kept << drop);
            BigInteger half = BigInteger.One << (drop - 1);
            if (rest > half || (rest == half && !kept.IsEven))
            {
                kept++;
            }
        }

        // With the hidden bit added in, a carry out of the fraction steps the exponent by itself.
        uint biased = unit == -149 ? 0 : (uint)(unit + 149);
        ulong bits = ((ulong)biased << 23) + (ulong)kept;
        return sign | (bits >= 0x7f800000 ? 0x7f800000 : (uint)bits);
    }

    /// <summary>A finite single in units of 2^-149.</summary>
    public static BigInteger Scaled(uint f)
    {
        int exponent = (int)((f >> 23) & 0xff);
        BigInteger fraction = f & 0x7fffff;
        BigInteger magnitude = exponent == 0 ? fraction : (fraction + 0x800000) << (exponent - 1);
        return IsNegative(f) ? -magnitude : magnitude;
    }
}
