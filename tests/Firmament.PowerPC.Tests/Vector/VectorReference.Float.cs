using System.Numerics;

namespace Firmament.PowerPC.Tests.Vector;

using Model = Func<VectorCase, Quadword>;

internal static partial class VectorReference
{
    private const uint Sign = 0x80000000;

    private static void AddFloats(Dictionary<string, Model> m)
    {
        m["vaddfp"] = c => Floats(c, (a, b, _) => ExactSingle.NanOf(a, b) ?? ExactSingle.Add(a, b, c.NonJava));
        m["vsubfp"] = c => Floats(c, (a, b, _) => ExactSingle.NanOf(a, b) ?? ExactSingle.Add(a, b ^ Sign, c.NonJava));
        m["vmaddfp"] = c => Floats(c, (a, b, d) => ExactSingle.NanOf(a, b, d) ?? ExactSingle.MultiplyAdd(a, d, b, c.NonJava));
        m["vnmsubfp"] = c => Floats(c, (a, b, d) => ExactSingle.NanOf(a, b, d) ?? Negated(ExactSingle.MultiplyAdd(a, d, b ^ Sign, c.NonJava)));
        m["vmaxfp"] = c => Floats(c, (a, b, _) => ExactSingle.NanOf(a, b) ?? (Order(a) > Order(b) ? a : b));
        m["vminfp"] = c => Floats(c, (a, b, _) => ExactSingle.NanOf(a, b) ?? (Order(a) < Order(b) ? a : b));

        m["vcmpeqfp"] = c => c.Compare(32, i => Relation(c, i) == 0);
        m["vcmpgefp"] = c => c.Compare(32, i => Relation(c, i) is 0 or 1);
        m["vcmpgtfp"] = c => c.Compare(32, i => Relation(c, i) == 1);
        m["vcmpbfp"] = c =>
        {
            Quadword outside = Quadword.Of(32, i => Outside(c.A.Word(i), c.B.Word(i), c.NonJava));
            c.Cr6 = outside.Value == 0 ? 2 : 0;
            return outside;
        };

        m["vrfin"] = c => Floats(c, (_, b, _) => RoundToInteger(b, static (q, twiceRest) => twiceRest > 1 || (twiceRest == 1 && !q.IsEven)));
        m["vrfiz"] = c => Floats(c, (_, b, _) => RoundToInteger(b, static (_, _) => false));
        m["vrfip"] = c => Floats(c, (_, b, _) => RoundToInteger(b, (_, rest) => rest > 0 && (b & Sign) == 0));
        m["vrfim"] = c => Floats(c, (_, b, _) => RoundToInteger(b, (_, rest) => rest > 0 && (b & Sign) != 0));
        m["vcfux"] = c => Quadword.Of(32, i => FromInteger(c.B.U(32, i), c.Immediate));
        m["vcfsx"] = c => Quadword.Of(32, i => FromInteger(c.B.S(32, i), c.Immediate));
        m["vctuxs"] = c => Quadword.Of(32, i => ToInteger(c, c.B.Word(i), v => c.ClampUnsigned(32, v)));
        m["vctsxs"] = c => Quadword.Of(32, i => ToInteger(c, c.B.Word(i), v => c.ClampSigned(32, v)));
    }

    private static Quadword Floats(VectorCase c, Func<uint, uint, uint, uint> f) => Quadword.Of(32, i => f(
        ExactSingle.Operand(c.A.Word(i), c.NonJava), ExactSingle.Operand(c.B.Word(i), c.NonJava), ExactSingle.Operand(c.C.Word(i), c.NonJava)));

    private static uint Negated(uint f) => ExactSingle.IsNan(f) ? f : f ^ Sign;

    /// <summary>Orders all but NaNs, -0 below +0.</summary>
    private static long Order(uint f) => (f & Sign) == 0 ? f : -(long)(f & ~Sign) - 1;

    /// <summary>1 greater, 0 equal, -1 less, 2 unordered.</summary>
    private static int Relation(uint a, uint b, bool nonJava)
    {
        if (ExactSingle.NanOf(a, b) is not null)
        {
            return 2;
        }

        a = ExactSingle.Operand(a, nonJava);
        b = ExactSingle.Operand(b, nonJava);
        return ((a | b) & ~Sign) == 0 ? 0 : Order(a).CompareTo(Order(b));
    }

    private static int Relation(VectorCase c, int i) => Relation(c.A.Word(i), c.B.Word(i), c.NonJava);

    private static uint Outside(uint a, uint b, bool nonJava) =>
        (Relation(a, b, nonJava) is 1 or 2 ? 0x80000000u : 0) | (Relation(a, b ^ Sign, nonJava) is -1 or 2 ? 0x40000000u : 0);

    /// <summary>
    /// Rounds the magnitude; <paramref name="up"/> gets the whole part and the rest against one half (0 none, ½ as 1 exactly,
    /// anything less than ½ as between).
    /// </summary>
    private static uint RoundToInteger(uint f, Func<BigInteger, double, bool> up)
    {
        if (ExactSingle.IsNan(f))
        {
            return f | 0x00400000;
        }

        if (ExactSingle.IsInfinity(f))
        {
            return f;
        }

        BigInteger magnitude = BigInteger.Abs(ExactSingle.Scaled(f));
        BigInteger whole = magnitude >> 149;
        double twiceRest = (double)(magnitude - (whole << 149)) * Math.Pow(2, -148);
        BigInteger rounded = up(whole, twiceRest) ? whole + 1 : whole;
        return (f & Sign) | (rounded.IsZero ? 0 : ExactSingle.Round(rounded, 0, nonJava: false));
    }

    private static Int128 FromInteger(Int128 value, int scale) =>
        value == 0 ? 0 : ExactSingle.Round((BigInteger)value, -scale, nonJava: false);

    private static Int128 ToInteger(VectorCase c, uint f, Func<Int128, Int128> clamp)
    {
        if (ExactSingle.IsNan(f))
        {
            return 0;
        }

        if (ExactSingle.IsInfinity(f))
        {
            return clamp(ExactSingle.IsNegative(f) ? -(Int128.One << 100) : Int128.One << 100);
        }

        // BigInteger division truncates toward zero.
        BigInteger value = (ExactSingle.Scaled(f) << c.Immediate) / (BigInteger.One << 149);
        BigInteger bound = BigInteger.One << 100;
        return clamp((Int128)BigInteger.Max(-bound, BigInteger.Min(bound, value)));
    }
}
