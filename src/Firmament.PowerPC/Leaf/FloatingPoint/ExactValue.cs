namespace Firmament.PowerPC.Leaf.FloatingPoint;

/// <summary>
/// A finite number before rounding: sign × significand × 2^exponent. Where an operation has infinitely many digits or more than
/// 128 bits, bit 0 is a sticky bit: it is 1 when anything nonzero lies at or below it. Operations keep at least 60
/// significant bits above that bit, enough to round binary64 correctly in every mode.
/// </summary>
/// <remarks>
/// Not a port: it follows "infinitely precise, then rounded" of Power ISA 2.07B Book I 4.3.6 literally. Rounding works for
/// binary128 too; its products, quotients and roots are in <see cref="QuadArithmetic"/>.
/// </remarks>
internal readonly struct ExactValue(bool isNegative, int exponent, UInt128 significand)
{
    /// <summary>Where <see cref="Add"/> puts the leading bit: two below the top, for the carry.</summary>
    private const int AlignedLead = 125;

    public readonly bool IsNegative = isNegative;
    public readonly int Exponent = exponent;
    public readonly UInt128 Significand = significand;

    public bool IsZero => Significand == UInt128.Zero;

    /// <summary>Index of the leading one; the value is not zero.</summary>
    public int Lead => 127 - (int)UInt128.LeadingZeroCount(Significand);

    /// <summary>The value of a finite double's pattern.</summary>
    public static ExactValue FromBinary64(ulong bits)
    {
        int biased = Binary64.BiasedExponent(bits);
        ulong fraction = bits & Binary64.FractionMask;
        return biased == 0
            ? new(Binary64.IsNegative(bits), -1074, fraction)
            : new(Binary64.IsNegative(bits), biased - 1075, fraction | (1UL << 52));
    }

    /// <summary>The value of an integer's sign and magnitude.</summary>
    public static ExactValue FromInteger(bool isNegative, ulong magnitude) => new(isNegative, 0, magnitude);

    public ExactValue Negate() => new(!IsNegative, Exponent, Significand);

    /// <summary>x + y. An exact zero is minus zero in rounding toward minus infinity, unless both operands were +0 (4.3.6).</summary>
    public static ExactValue Add(in ExactValue x, in ExactValue y, RoundingMode mode)
    {
        if (x.IsZero && y.IsZero)
        {
            bool negative = x.IsNegative == y.IsNegative ? x.IsNegative : mode == RoundingMode.TowardMinusInfinity;
            return new(negative, 0, UInt128.Zero);
        }

        if (x.IsZero)
        {
            return y;
        }

        if (y.IsZero)
        {
            return x;
        }

        int xShift = AlignedLead - x.Lead;
        int yShift = AlignedLead - y.Lead;
        UInt128 xAligned = x.Significand << xShift;
        UInt128 yAligned = y.Significand << yShift;
        int xExponent = x.Exponent - xShift;
        int yExponent = y.Exponent - yShift;
        int exponent = Math.Max(xExponent, yExponent);
        xAligned = ShiftRightSticky(xAligned, exponent - xExponent);
        yAligned = ShiftRightSticky(yAligned, exponent - yExponent);
        if (x.IsNegative == y.IsNegative)
        {
            return new(x.IsNegative, exponent, xAligned + yAligned);
        }

        if (xAligned == yAligned)
        {
            return new(mode == RoundingMode.TowardMinusInfinity, 0, UInt128.Zero);
        }

        return xAligned > yAligned
            ? new(x.IsNegative, exponent, xAligned - yAligned)
            : new(y.IsNegative, exponent, yAligned - xAligned);
    }

    /// <summary>x × y, exact for significands of up to 64 bits.</summary>
    public static ExactValue Multiply(in ExactValue x, in ExactValue y) =>
        new(x.IsNegative != y.IsNegative, x.Exponent + y.Exponent, (UInt128)(ulong)x.Significand * (ulong)y.Significand);

    /// <summary>x ÷ y for significands of up to 64 bits, y not zero; 63 or 64 quotient bits and the sticky bit.</summary>
    public static ExactValue Divide(in ExactValue x, in ExactValue y)
    {
        bool negative = x.IsNegative != y.IsNegative;
        if (x.IsZero)
        {
            return new(negative, 0, UInt128.Zero);
        }

        int xShift = 126 - x.Lead;
        int yShift = 63 - y.Lead;
        UInt128 divisor = y.Significand << yShift;
        (UInt128 quotient, UInt128 remainder) = UInt128.DivRem(x.Significand << xShift, divisor);
        UInt128 sticky = remainder == UInt128.Zero ? UInt128.Zero : UInt128.One;
        return new(negative, x.Exponent - xShift - (y.Exponent - yShift) - 1, (quotient << 1) | sticky);
    }

    /// <summary>√x, x not negative; 63 or 64 root bits and the sticky bit.</summary>
    public static ExactValue SquareRoot(in ExactValue x)
    {
        if (x.IsZero)
        {
            return x;
        }

        int shift = 126 - x.Lead;
        shift -= (x.Exponent - shift) & 1;
        UInt128 radicand = x.Significand << shift;
        UInt128 root = IntegerRoot(radicand);
        UInt128 sticky = root * root == radicand ? UInt128.Zero : UInt128.One;
        return new(false, ((x.Exponent - shift) / 2) - 1, (root << 1) | sticky);
    }

    /// <summary>
    /// Rounds to <paramref name="format"/>. Tininess is detected before rounding (4.4.4). With <paramref name="fpscr"/>[OE] or
    /// [UE] the exponent is adjusted instead of saturated; with [NI] a denormal result becomes a zero of its sign.
    /// </summary>
    public RoundedValue Round(in FloatFormat format, uint fpscr) => Round(format, fpscr, (RoundingMode)(fpscr & Fpscr.RN));

    /// <summary>As above, in a mode that the instruction chooses.</summary>
    public RoundedValue Round(in FloatFormat format, uint fpscr, RoundingMode mode)
    {
        RoundedValue result = new() { IsNegative = IsNegative };
        if (IsZero)
        {
            return result;
        }

        bool underflowEnabled = (fpscr & Fpscr.UE) != 0;
        int lead = Exponent + Lead;
        bool tiny = lead < format.MinExponent;
        int unit = (tiny && !underflowEnabled ? format.MinExponent : lead) - (format.Precision - 1);
        result.Significand = RoundToUnit(unit, mode, out result.IsInexact, out result.IsIncremented);
        if (result.Significand >> format.Precision != UInt128.Zero)
        {
            result.Significand >>= 1;
            unit++;
        }

        bool normal = result.Significand >> (format.Precision - 1) != UInt128.Zero;
        result.IsUnderflow = tiny && (result.IsInexact || underflowEnabled);
        if (tiny && underflowEnabled)
        {
            unit += format.BiasAdjust;
        }
        else if (!normal && result.Significand != UInt128.Zero)
        {
            result.IsDenormal = true;
            if ((fpscr & Fpscr.NI) != 0)
            {
                FlushToZero(ref result);
            }
        }
        else if (normal && unit + format.Precision - 1 > format.MaxExponent)
        {
            result.IsOverflow = true;
            if ((fpscr & Fpscr.OE) != 0)
            {
                unit -= format.BiasAdjust;
            }
            else
            {
                Saturate(ref result, ref unit, format, mode);
            }
        }

        result.Exponent = unit;
        return result;
    }

    /// <summary>The magnitude as a multiple of 2^<paramref name="unit"/>, rounded; the caller knows that it fits 128 bits.</summary>
    public UInt128 RoundToUnit(int unit, RoundingMode mode, out bool inexact, out bool incremented)
    {
        int drop = unit - Exponent;
        inexact = false;
        incremented = false;
        if (drop <= 0)
        {
            return Significand << -drop;
        }

        UInt128 quotient = drop > 127 ? UInt128.Zero : Significand >> drop;
        UInt128 rest = drop > 127 ? Significand : Significand - (quotient << drop);
        if (rest == UInt128.Zero)
        {
            return quotient;
        }

        inexact = true;
        int half = drop > 128 ? -1 : rest.CompareTo(UInt128.One << (drop - 1));
        incremented = mode switch
        {
            RoundingMode.NearestEven => half > 0 || (half == 0 && UInt128.IsOddInteger(quotient)),
            RoundingMode.NearestAway => half >= 0,
            RoundingMode.TowardPlusInfinity => !IsNegative,
            RoundingMode.TowardMinusInfinity => IsNegative,
            RoundingMode.ToOdd => !UInt128.IsOddInteger(quotient),
            _ => false,
        };
        return incremented ? quotient + UInt128.One : quotient;
    }

    /// <summary>
    /// FPSCR[NI]=1: a result that would be denormal is a zero with its sign (PEM and MPC7450 family user's manual, FPSCR bit NI). The
    /// manuals leave the flags open; here the lost value counts as inexact underflow, and FR is 0 because nothing was incremented.
    /// </summary>
    private static void FlushToZero(ref RoundedValue result)
    {
        result.Significand = UInt128.Zero;
        result.IsDenormal = false;
        result.IsInexact = true;
        result.IsIncremented = false;
        result.IsUnderflow = true;
    }

    /// <summary>Overflow not enabled: infinity, or the largest finite number where rounding points toward zero (4.4.3.2).</summary>
    private static void Saturate(ref RoundedValue result, ref int unit, in FloatFormat format, RoundingMode mode)
    {
        result.IsInexact = true;
        result.IsInfinity = mode switch
        {
            RoundingMode.TowardZero or RoundingMode.ToOdd => false,
            RoundingMode.TowardPlusInfinity => !result.IsNegative,
            RoundingMode.TowardMinusInfinity => result.IsNegative,
            _ => true,
        };
        result.Significand = (UInt128.One << format.Precision) - UInt128.One;
        unit = format.MaxExponent - (format.Precision - 1);
    }

    /// <summary>Shifts right and keeps "something nonzero was lost" in bit 0.</summary>
    private static UInt128 ShiftRightSticky(UInt128 value, int count)
    {
        if (count == 0)
        {
            return value;
        }

        if (count > 127)
        {
            return UInt128.One;
        }

        UInt128 shifted = value >> count;
        return shifted << count == value ? shifted : shifted | UInt128.One;
    }

    /// <summary>Floor of √value for 2^125 ≤ value &lt; 2^127. One Newton step on the host's root leaves at most 1 to correct.</summary>
    private static UInt128 IntegerRoot(UInt128 value)
    {
        UInt128 root = (UInt128)Math.Sqrt((double)value);
        root = (root + (value / root)) >> 1;
        while (root * root > value)
        {
            root--;
        }

        while ((root + UInt128.One) * (root + UInt128.One) <= value)
        {
            root++;
        }

        return root;
    }
}
