namespace Firmament.PowerPC.Leaf.FloatingPoint;

/// <summary>
/// Products, quotients and roots of significands of up to 113 bits, each reduced to 128 bits whose last is sticky. By the schoolbook:
/// a few hundred host instructions, for a format that guests use little.
/// </summary>
internal static class QuadArithmetic
{
    private const int QuotientBits = 120;
    private const int RootBits = 118;

    /// <summary>x × y.</summary>
    public static ExactValue Multiply(in ExactValue x, in ExactValue y)
    {
        UInt128 high = WideProduct(x.Significand, y.Significand, out UInt128 low);
        return Reduce(x.IsNegative != y.IsNegative, x.Exponent + y.Exponent, high, low);
    }

    /// <summary>x × y + z, exact before its one reduction. The sign of an exact zero is <see cref="ExactValue.Add"/>'s.</summary>
    public static ExactValue MultiplyAdd(in ExactValue x, in ExactValue y, in ExactValue z, RoundingMode mode)
    {
        bool productNegative = x.IsNegative != y.IsNegative;
        if (x.IsZero || y.IsZero || z.IsZero)
        {
            return ExactValue.Add(Multiply(x, y), z, mode);
        }

        // Both with the leading one at bit 253 of 256.
        UInt128 high = WideProduct(x.Significand, y.Significand, out UInt128 low);
        int shift = Align(ref high, ref low);
        int exponent = x.Exponent + y.Exponent - shift;
        UInt128 addHigh = 0;
        UInt128 addLow = z.Significand;
        int addExponent = z.Exponent - Align(ref addHigh, ref addLow);
        if (exponent > addExponent)
        {
            ShiftRightSticky(ref addHigh, ref addLow, exponent - addExponent);
        }
        else
        {
            ShiftRightSticky(ref high, ref low, addExponent - exponent);
            exponent = addExponent;
        }

        if (productNegative == z.IsNegative)
        {
            UInt128 sum = low + addLow;
            return Reduce(productNegative, exponent, high + addHigh + (sum < low ? UInt128.One : 0), sum);
        }

        if (high == addHigh && low == addLow)
        {
            return new(mode == RoundingMode.TowardMinusInfinity, 0, 0);
        }

        bool productGreater = high > addHigh || (high == addHigh && low > addLow);
        if (!productGreater)
        {
            (high, addHigh) = (addHigh, high);
            (low, addLow) = (addLow, low);
        }

        UInt128 borrow = low < addLow ? UInt128.One : 0;
        return Reduce(productGreater ? productNegative : z.IsNegative, exponent, high - addHigh - borrow, low - addLow);
    }

    /// <summary>x ÷ y, y not zero.</summary>
    public static ExactValue Divide(in ExactValue x, in ExactValue y)
    {
        bool negative = x.IsNegative != y.IsNegative;
        if (x.IsZero)
        {
            return new(negative, 0, 0);
        }

        int xShift = 126 - x.Lead;
        int yShift = 126 - y.Lead;
        UInt128 rest = x.Significand << xShift;
        UInt128 divisor = y.Significand << yShift;
        UInt128 quotient = 0;
        for (int bit = 0; bit < QuotientBits; bit++)
        {
            quotient <<= 1;
            if (rest >= divisor)
            {
                rest -= divisor;
                quotient |= UInt128.One;
            }

            rest <<= 1;
        }

        int exponent = x.Exponent - xShift - (y.Exponent - yShift) - QuotientBits;
        return new(negative, exponent, (quotient << 1) | (rest != 0 ? UInt128.One : 0));
    }

    /// <summary>√x, x not negative.</summary>
    public static ExactValue SquareRoot(in ExactValue x)
    {
        if (x.IsZero)
        {
            return x;
        }

        int shift = 127 - x.Lead;
        shift -= (x.Exponent - shift) & 1;
        UInt128 source = x.Significand << shift;
        UInt128 root = 0;
        UInt128 rest = 0;
        for (int bit = 0; bit < RootBits; bit++)
        {
            rest = (rest << 2) | (source >>> 126);
            source <<= 2;
            UInt128 trial = (root << 2) | UInt128.One;
            root <<= 1;
            if (rest >= trial)
            {
                rest -= trial;
                root |= UInt128.One;
            }
        }

        int exponent = ((x.Exponent - shift - ((2 * RootBits) - 128)) / 2) - 1;
        return new(false, exponent, (root << 1) | (rest != 0 ? UInt128.One : 0));
    }

    private static UInt128 WideProduct(UInt128 x, UInt128 y, out UInt128 low)
    {
        UInt128 ll = (UInt128)(ulong)x * (ulong)y;
        UInt128 lh = (UInt128)(ulong)x * (ulong)(y >>> 64);
        UInt128 hl = (UInt128)(ulong)(x >>> 64) * (ulong)y;
        UInt128 hh = (UInt128)(ulong)(x >>> 64) * (ulong)(y >>> 64);
        UInt128 middle = (ll >>> 64) + (ulong)lh + (ulong)hl;
        low = (middle << 64) | (ulong)ll;
        return hh + (lh >>> 64) + (hl >>> 64) + (middle >>> 64);
    }

    /// <summary>Shifts left until the leading one is bit 253; returns by how much.</summary>
    private static int Align(ref UInt128 high, ref UInt128 low)
    {
        int lead = high != 0 ? 255 - (int)UInt128.LeadingZeroCount(high) : 127 - (int)UInt128.LeadingZeroCount(low);
        int shift = 253 - lead;
        ShiftLeft(ref high, ref low, shift);
        return shift;
    }

    private static void ShiftLeft(ref UInt128 high, ref UInt128 low, int count)
    {
        if (count >= 128)
        {
            high = low << (count - 128);
            low = 0;
        }
        else if (count > 0)
        {
            high = (high << count) | (low >>> (128 - count));
            low <<= count;
        }
    }

    private static void ShiftRightSticky(ref UInt128 high, ref UInt128 low, int count)
    {
        if (count == 0)
        {
            return;
        }

        UInt128 lost;
        if (count > 255)
        {
            lost = high | low;
            high = low = 0;
        }
        else if (count >= 128)
        {
            lost = low | (count == 128 ? 0 : high << (256 - count));
            low = high >>> (count - 128);
            high = 0;
        }
        else
        {
            lost = low << (128 - count);
            low = (low >>> count) | (high << (128 - count));
            high >>>= count;
        }

        low |= lost != 0 ? UInt128.One : 0;
    }

    /// <summary>The upper 128 significant bits, the last of them sticky.</summary>
    private static ExactValue Reduce(bool negative, int exponent, UInt128 high, UInt128 low)
    {
        if (high == 0)
        {
            return new(negative, exponent, low);
        }

        int zeros = (int)UInt128.LeadingZeroCount(high);
        ShiftLeft(ref high, ref low, zeros);
        return new(negative, exponent + 128 - zeros, high | (low != 0 ? UInt128.One : 0));
    }
}
