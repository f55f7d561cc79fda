using System.Numerics;

namespace Firmament.PowerPC.Tests.Vector;

using Model = Func<VectorCase, Quadword>;

internal static partial class VectorReference
{
    private static readonly BigInteger Modulus = BigInteger.One << 128;

    private static void AddPower8(Dictionary<string, Model> m)
    {
        // Doublewords: the rows of the narrower widths, but those POWER8 does not have.
        Dictionary<string, Model> doublewords = [];
        AddArithmetic(doublewords, [('d', 64)]);
        AddCompares(doublewords, [('d', 64)]);
        AddShifts(doublewords, [('d', 64)]);
        foreach (string name in (string[])
        [
            "vaddudm", "vsubudm", "vmaxud", "vmaxsd", "vminud", "vminsd",
            "vcmpequd", "vcmpgtud", "vcmpgtsd", "vrld", "vsld", "vsrd", "vsrad",
        ])
        {
            m[name] = doublewords[name];
        }

        AddPacks(m, 'd', 64);
        AddUnpacks(m, 'w', 32);
        m["vmuluwm"] = c => Quadword.Of(32, i => c.A.U(32, i) * c.B.U(32, i));
        m["vmrgew"] = c => Quadword.Of(32, i => (i % 2 == 0 ? c.A : c.B).U(32, i & 2));
        m["vmrgow"] = c => Quadword.Of(32, i => (i % 2 == 0 ? c.A : c.B).U(32, i | 1));
        m["veqv"] = c => new(~(c.A.Value ^ c.B.Value));
        m["vnand"] = c => new(~(c.A.Value & c.B.Value));
        m["vorc"] = c => new(c.A.Value | ~c.B.Value);
        AddQuadwords(m);
        AddBits(m);
        m["bcdadd"] = c => Decimal(c, 1);
        m["bcdsub"] = c => Decimal(c, -1);
        m["vshasigmaw"] = c => Quadword.Of(32, i => Sigma(c, 32, i, (Six(c) >> (3 - i)) & 1,
            [[7, 18, -3], [17, 19, -10], [2, 13, 22], [6, 11, 25]]));
        m["vshasigmad"] = c => Quadword.Of(64, i => Sigma(c, 64, i, (Six(c) >> (3 - (2 * i))) & 1,
            [[1, 8, -7], [19, 61, -6], [28, 34, 39], [14, 18, 41]]));
    }

    private static void AddQuadwords(Dictionary<string, Model> m)
    {
        m["vadduqm"] = c => Whole(Big(c.A) + Big(c.B));
        m["vaddcuq"] = c => Whole((Big(c.A) + Big(c.B)) / Modulus);
        m["vaddeuqm"] = c => Whole(Big(c.A) + Big(c.B) + (Big(c.C) % 2));
        m["vaddecuq"] = c => Whole((Big(c.A) + Big(c.B) + (Big(c.C) % 2)) / Modulus);
        m["vsubuqm"] = c => Whole(Big(c.A) + (Modulus - 1 - Big(c.B)) + 1);
        m["vsubcuq"] = c => Whole((Big(c.A) + (Modulus - 1 - Big(c.B)) + 1) / Modulus);
        m["vsubeuqm"] = c => Whole(Big(c.A) + (Modulus - 1 - Big(c.B)) + (Big(c.C) % 2));
        m["vsubecuq"] = c => Whole((Big(c.A) + (Modulus - 1 - Big(c.B)) + (Big(c.C) % 2)) / Modulus);
    }

    private static BigInteger Big(Quadword q) => q.Value;

    private static Quadword Whole(BigInteger value) => new((UInt128)(value % Modulus));

    private static void AddBits(Dictionary<string, Model> m)
    {
        foreach ((char z, int n) in ((char, int)[])[.. Widths, ('d', 64)])
        {
            m[$"vclz{z}"] = c => Quadword.Of(n, i => Enumerable.Range(0, n).TakeWhile(bit => c.B.U(1, (n * i) + bit) == 0).Count());
            m[$"vpopcnt{z}"] = c => Quadword.Of(n, i => Enumerable.Range(0, n).Count(bit => c.B.U(1, (n * i) + bit) != 0));
            m[$"vpmsum{z}"] = c => Quadword.Of(2 * n, i => PolynomialProduct(c, n, 2 * i) ^ PolynomialProduct(c, n, (2 * i) + 1));
        }

        m["vgbbd"] = c => Quadword.Of(1, bit => c.B.U(1, (bit / 64 * 64) + (bit % 8 * 8) + (bit / 8 % 8)));
        m["vbpermq"] = c => Quadword.Of(1, bit =>
            bit is >= 48 and < 64 && c.B.U(8, bit - 48) < 128 ? c.A.U(1, (int)c.B.U(8, bit - 48)) : 0);
        m["vpermxor"] = c => Quadword.Of(8, i => c.A.U(8, (int)c.C.U(4, 2 * i)) ^ c.B.U(8, (int)c.C.U(4, (2 * i) + 1)));
    }

    private static Int128 PolynomialProduct(VectorCase c, int n, int i)
    {
        Int128 product = 0;
        for (int bit = 0; bit < n; bit++)
        {
            product ^= ((c.A.U(n, i) >> bit) & 1) * (c.B.U(n, i) << bit);
        }

        return product;
    }

    private static int Six(VectorCase c) => (int)(c.Word >> 11) & 15;

    /// <summary>Exclusive or of three rotations right, a negative one being a shift; rows by ST then SIX bit.</summary>
    private static Int128 Sigma(VectorCase c, int bits, int i, int sixBit, int[][] functions)
    {
        int st = (int)(c.Word >> 15) & 1;
        UInt128 x = (UInt128)c.A.U(bits, i);
        UInt128 result = 0;
        foreach (int n in functions[(2 * st) + sixBit])
        {
            result ^= n < 0 ? x >> -n : (x >> n) | (x << (bits - n));
        }

        return (Int128)(result & ((UInt128.One << bits) - 1));
    }

    private static Quadword Decimal(VectorCase c, int signOfB)
    {
        if (ReadDecimal(c.A) is not { } a || ReadDecimal(c.B) is not { } b)
        {
            c.Cr6 = 1;
            return new(UInt128.MaxValue);
        }

        BigInteger sum = a + (signOfB * b);
        string digits = BigInteger.Abs(sum).ToString("D31", null);
        c.Cr6 = (sum < 0 ? 8 : sum > 0 ? 4 : 2) + (digits.Length > 31 ? 1 : 0);
        return Quadword.Parse(digits[^31..] + (sum < 0 ? "d" : (c.Word & 0x200) != 0 ? "f" : "c"));
    }

    private static BigInteger? ReadDecimal(Quadword q)
    {
        string text = q.ToString();
        bool valid = text[..31].All(char.IsAsciiDigit) && !char.IsAsciiDigit(text[31]);
        return valid ? BigInteger.Parse(text[..31], null) * (text[31] is 'b' or 'd' ? -1 : 1) : null;
    }
}
