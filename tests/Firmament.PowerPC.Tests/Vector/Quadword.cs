using System.Globalization;

namespace Firmament.PowerPC.Tests.Vector;

/// <summary>A vector register as the manuals draw it: element 0 is the most significant.</summary>
internal readonly record struct Quadword(UInt128 Value)
{
    public static Quadword Parse(string hex) => new(UInt128.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    /// <summary>Elements of <paramref name="bits"/> bits, each taken modulo 2^bits.</summary>
    public static Quadword Of(int bits, Func<int, Int128> element)
    {
        UInt128 value = 0;
        for (int i = 0; i < 128 / bits; i++)
        {
            UInt128 low = bits == 128 ? UInt128.MaxValue : (UInt128.One << bits) - 1;
            value = (bits == 128 ? 0 : value << bits) | ((UInt128)element(i) & low);
        }

        return new(value);
    }

    /// <summary>Unsigned element <paramref name="i"/>; <paramref name="bits"/> is 1 to 64.</summary>
    public Int128 U(int bits, int i) => (Int128)((Value >> (128 - (bits * (i + 1)))) & ((UInt128.One << bits) - 1));

    public Int128 S(int bits, int i)
    {
        Int128 u = U(bits, i);
        return u >> (bits - 1) == 0 ? u : u - (Int128.One << bits);
    }

    public uint Word(int i) => (uint)U(32, i);

    public float Float(int i) => BitConverter.UInt32BitsToSingle(Word(i));

    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}
