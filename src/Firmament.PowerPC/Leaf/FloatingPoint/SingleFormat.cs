using System.Numerics;
using System.Runtime.CompilerServices;

namespace Firmament.PowerPC.Leaf.FloatingPoint;

/// <summary>The conversions that floating-point single loads and stores make. They touch no status and never signal.</summary>
public static class SingleFormat
{
    /// <summary>The FPR pattern lfs makes of a word in memory; denormals and NaN payloads exact. Power ISA 2.07B Book I 4.6.2.</summary>
    /// <param name="word">binary32 pattern.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong DoubleFromSingle(uint word)
    {
        ulong sign = (ulong)(word & 0x8000_0000) << 32;
        uint exponent = (word >> 23) & 0xff;
        ulong fraction = (ulong)(word & 0x007f_ffff) << 29;
        if (exponent - 1 < 254)
        {
            return sign | ((ulong)(exponent + 896) << 52) | fraction;
        }

        if (exponent == 255)
        {
            return sign | Binary64.Infinity | fraction;
        }

        return fraction == 0 ? sign : sign | NormalizeDenormal(word & 0x007f_ffff);
    }

    /// <summary>
    /// The word stfs puts in memory for an FPR: fraction truncated, no rounding, denormals made where the single needs them.
    /// Power ISA 2.07B Book I 4.6.3. Exponents too small even for a single denormal are undefined there: here a signed zero.
    /// Exponents too large lose their middle bits, as the ISA's formula says.
    /// </summary>
    /// <param name="bits">binary64 pattern.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint SingleFromDouble(ulong bits)
    {
        uint exponent = (uint)(bits >> 52) & 0x7ff;
        if (exponent > 896 || (bits & Binary64.Magnitude) == 0)
        {
            return ((uint)(bits >> 32) & 0xc000_0000) | ((uint)(bits >> 29) & 0x3fff_ffff);
        }

        return Denormalize(bits, exponent);
    }

    private static ulong NormalizeDenormal(uint fraction)
    {
        int lead = 31 - BitOperations.LeadingZeroCount(fraction);
        return ((ulong)(lead - 149 + 1023) << 52) | (((ulong)fraction << (52 - lead)) & Binary64.FractionMask);
    }

    private static uint Denormalize(ulong bits, uint exponent)
    {
        uint sign = (uint)(bits >> 32) & 0x8000_0000;
        if (exponent < 874)
        {
            return sign;
        }

        ulong significand = (bits & Binary64.FractionMask) | (1UL << 52);
        return sign | (uint)(significand >> (int)(897 - exponent + 29));
    }
}
