namespace Firmament.PowerPC.Leaf.FloatingPoint;

/// <summary>binary16 patterns and the doubles of the same value. Power ISA 3.0B Book I 7.3.2.</summary>
internal static class HalfFormat
{
    /// <summary>The double of a half's value; denormals and NaN payloads exact.</summary>
    public static ulong DoubleFromHalf(ushort half)
    {
        ulong sign = (ulong)(half & 0x8000) << 48;
        uint exponent = (uint)(half >> 10) & 31;
        ulong fraction = (ulong)(half & 0x3ff);
        return exponent switch
        {
            0 => sign | BitConverter.DoubleToUInt64Bits(fraction * (1.0 / (1 << 24))),
            31 => sign | Binary64.Infinity | (fraction << 42),
            _ => sign | ((ulong)(exponent + 1008) << 52) | (fraction << 42),
        };
    }

    /// <summary>The half of a double that is one: rounded to 11 bits and in range. An infinity or a NaN keeps its upper fraction bits.</summary>
    public static ushort HalfFromDouble(ulong bits)
    {
        uint sign = (uint)(bits >> 48) & 0x8000;
        int exponent = Binary64.BiasedExponent(bits) - 1023;
        ulong fraction = bits & Binary64.FractionMask;
        if (exponent == 1024)
        {
            return (ushort)(sign | 0x7c00 | (uint)(fraction >> 42));
        }

        if (exponent >= -14)
        {
            return (ushort)(sign | ((uint)(exponent + 15) << 10) | (uint)(fraction >> 42));
        }

        return exponent < -25 ? (ushort)sign : (ushort)(sign | (uint)((fraction | (1UL << 52)) >> (28 - exponent)));
    }
}
