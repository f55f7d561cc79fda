namespace Firmament.PowerPC.Leaf.FloatingPoint;

/// <summary>binary128 patterns. Power ISA 3.0B Book I 7.3.2.</summary>
internal static class Binary128
{
    public static UInt128 SignBit => UInt128.One << 127;

    public static UInt128 Infinity => (UInt128)0x7fff << 112;

    public static UInt128 QuietBit => UInt128.One << 111;

    public static UInt128 FractionMask => (UInt128.One << 112) - 1;

    public static UInt128 DefaultNaN => (UInt128)0xffff << 111;

    public static bool IsNegative(UInt128 bits) => bits >= SignBit;

    public static bool IsNaN(UInt128 bits) => (bits & ~SignBit) > Infinity;

    public static bool IsSignalingNaN(UInt128 bits) => IsNaN(bits) && (bits & QuietBit) == 0;

    public static bool IsInfinity(UInt128 bits) => (bits & ~SignBit) == Infinity;

    public static bool IsZero(UInt128 bits) => (bits & ~SignBit) == 0;

    public static bool IsDenormal(UInt128 bits) => BiasedExponent(bits) == 0 && !IsZero(bits);

    /// <summary>The exponent field, 0 to 32767.</summary>
    public static int BiasedExponent(UInt128 bits) => (int)(bits >>> 112) & 0x7fff;

    /// <summary>The value of a finite pattern.</summary>
    public static ExactValue Value(UInt128 bits)
    {
        int biased = BiasedExponent(bits);
        UInt128 fraction = bits & FractionMask;
        return biased == 0
            ? new(IsNegative(bits), -16494, fraction)
            : new(IsNegative(bits), biased - 16495, fraction | (UInt128.One << 112));
    }

    /// <summary>The pattern of a rounded value. An exponent outside the format, after an enabled overflow or underflow, wraps.</summary>
    public static UInt128 Pattern(in RoundedValue value)
    {
        UInt128 sign = value.IsNegative ? SignBit : 0;
        if (value.IsInfinity)
        {
            return sign | Infinity;
        }

        UInt128 significand = value.Significand;
        if (significand == 0)
        {
            return sign;
        }

        int lead = 127 - (int)UInt128.LeadingZeroCount(significand);
        int exponent = value.Exponent + lead;
        if (exponent < -16382 && value.Exponent >= -16494)
        {
            return sign | (significand << (value.Exponent + 16494));
        }

        UInt128 biased = (UInt128)(uint)((exponent + 16383) & 0x7fff);
        return sign | (biased << 112) | ((significand << (112 - lead)) & FractionMask);
    }

    /// <summary>FPRF of a pattern.</summary>
    public static uint Fprf(UInt128 bits)
    {
        if (IsNaN(bits))
        {
            return Fpscr.QuietNaN;
        }

        if (IsZero(bits))
        {
            return IsNegative(bits) ? Fpscr.PositiveZero | Fpscr.C : Fpscr.PositiveZero;
        }

        uint sign = IsNegative(bits) ? Fpscr.Negative : Fpscr.Positive;
        return BiasedExponent(bits) switch
        {
            0 => sign | Fpscr.C,
            0x7fff => sign | Fpscr.Infinity,
            _ => sign,
        };
    }
}
