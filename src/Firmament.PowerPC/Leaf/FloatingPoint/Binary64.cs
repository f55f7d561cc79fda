namespace Firmament.PowerPC.Leaf.FloatingPoint;

/// <summary>Questions about the 64-bit pattern in an FPR.</summary>
internal static class Binary64
{
    public const ulong SignBit = 0x8000_0000_0000_0000;
    public const ulong Magnitude = 0x7fff_ffff_ffff_ffff;
    public const ulong Infinity = 0x7ff0_0000_0000_0000;
    public const ulong FractionMask = 0x000f_ffff_ffff_ffff;
    public const ulong QuietBit = 0x0008_0000_0000_0000;

    /// <summary>The QNaN an invalid operation makes. Power ISA 2.07B Book I 4.3.2.</summary>
    public const ulong DefaultNaN = 0x7ff8_0000_0000_0000;

    public static bool IsNegative(ulong bits) => (long)bits < 0;

    public static bool IsNaN(ulong bits) => (bits & Magnitude) > Infinity;

    public static bool IsSignalingNaN(ulong bits) => IsNaN(bits) && (bits & QuietBit) == 0;

    public static bool IsInfinity(ulong bits) => (bits & Magnitude) == Infinity;

    public static bool IsZero(ulong bits) => (bits & Magnitude) == 0;

    /// <summary>The exponent field, 0 to 2047.</summary>
    public static int BiasedExponent(ulong bits) => (int)(bits >> 52) & 0x7ff;

    /// <summary>FPRF of a pattern seen as a double. An SNaN has no FPRF; no instruction delivers one.</summary>
    public static uint Fprf(ulong bits)
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
            0x7ff => sign | Fpscr.Infinity,
            _ => sign,
        };
    }
}
