namespace Firmament.PowerPC.Leaf.FloatingPoint;

/// <summary>
/// An exact value after rounding to a <see cref="FloatFormat"/>: sign × significand × 2^exponent, or an infinity, with
/// everything the status register wants to know about the step.
/// </summary>
internal struct RoundedValue
{
    public bool IsNegative;

    /// <summary>The result is an infinity; <see cref="Significand"/> means nothing.</summary>
    public bool IsInfinity;

    /// <summary>The result is nonzero and below the format's smallest normal number.</summary>
    public bool IsDenormal;

    /// <summary>Bits were lost: FPSCR[FI].</summary>
    public bool IsInexact;

    /// <summary>The significand was incremented: FPSCR[FR].</summary>
    public bool IsIncremented;

    /// <summary>The exponent exceeds the format: FPSCR[OX].</summary>
    public bool IsOverflow;

    /// <summary>Tiny before rounding and inexact, or tiny while underflow is enabled: FPSCR[UX].</summary>
    public bool IsUnderflow;

    /// <summary>Power of two that bit 0 of <see cref="Significand"/> stands for.</summary>
    public int Exponent;

    /// <summary>At most Precision bits.</summary>
    public UInt128 Significand;

    /// <summary>FPRF of this value as a member of the target format.</summary>
    public readonly uint Fprf
    {
        get
        {
            if (!IsInfinity && Significand == UInt128.Zero)
            {
                return IsNegative ? Fpscr.PositiveZero | Fpscr.C : Fpscr.PositiveZero;
            }

            uint sign = IsNegative ? Fpscr.Negative : Fpscr.Positive;
            return IsInfinity ? sign | Fpscr.Infinity : IsDenormal ? sign | Fpscr.C : sign;
        }
    }

    /// <summary>
    /// The value in the 64-bit format of an FPR. A single is held there as the equal double, so every single denormal is a
    /// normal double here. An exponent that bias adjustment leaves outside the double range (possible only when a single
    /// instruction was given operands no single can hold, architecturally undefined) wraps modulo 2048.
    /// </summary>
    public readonly ulong ToBinary64()
    {
        ulong sign = IsNegative ? Binary64.SignBit : 0;
        if (IsInfinity)
        {
            return sign | Binary64.Infinity;
        }

        ulong significand = (ulong)Significand;
        if (significand == 0)
        {
            return sign;
        }

        int lead = 63 - System.Numerics.BitOperations.LeadingZeroCount(significand);
        int exponent = Exponent + lead;
        if (exponent < -1022 && Exponent >= -1074)
        {
            return sign | (significand << (Exponent + 1074));
        }

        ulong biased = (ulong)(exponent + 1023) & 0x7ff;
        return sign | (biased << 52) | ((significand << (52 - lead)) & Binary64.FractionMask);
    }
}
