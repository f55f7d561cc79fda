namespace Firmament.PowerPC.Leaf.DecimalFloat;

/// <summary>
/// A decimal number as its digits: exact, slow, and easy to check against the manual. Digit 0 is the last; of a NaN the digits are
/// its payload.
/// </summary>
internal unsafe struct DecimalValue
{
    /// <summary>Digits held: the exact sum, product or quotient of two 34-digit coefficients, and guards.</summary>
    public const int Capacity = 80;

    public DecimalKind Kind;
    public bool IsNegative;

    /// <summary>Power of ten of digit 0.</summary>
    public int Exponent;

    public fixed byte Digits[Capacity];

    public readonly bool IsNaN => Kind is DecimalKind.QuietNaN or DecimalKind.SignalingNaN;

    public readonly bool IsZero => Kind == DecimalKind.Finite && Count == 0;

    /// <summary>Digits up to the first that is not zero.</summary>
    public readonly int Count
    {
        get
        {
            int count = Capacity;
            while (count > 0 && Digits[count - 1] == 0)
            {
                count--;
            }

            return count;
        }
    }

    /// <summary>Takes a pattern apart; redundant declets and unused bits vanish.</summary>
    public static DecimalValue Decode(UInt128 bits, in DecimalFormat format)
    {
        DecimalValue value = new() { IsNegative = ((uint)(bits >>> format.SignBit) & 1) != 0 };
        int trailing = 10 * format.Declets;
        for (int declet = 0; declet < format.Declets; declet++)
        {
            DenselyPacked.Unpack((int)(uint)(bits >>> (10 * declet)) & 0x3ff, out value.Digits[(3 * declet) + 2], out value.Digits[(3 * declet) + 1], out value.Digits[3 * declet]);
        }

        int combination = (int)(uint)(bits >>> (format.SignBit - 5)) & 31;
        int continuation = (int)(uint)(bits >>> trailing) & ((1 << format.ContinuationBits) - 1);
        if (combination >= 30)
        {
            value.Kind = combination == 30 ? DecimalKind.Infinity
                : continuation >> (format.ContinuationBits - 1) != 0 ? DecimalKind.SignalingNaN : DecimalKind.QuietNaN;
            return value;
        }

        bool large = combination >= 24;
        value.Digits[format.Precision - 1] = (byte)(large ? 8 | (combination & 1) : combination & 7);
        int high = large ? (combination >> 1) & 3 : combination >> 3;
        value.Exponent = ((high << format.ContinuationBits) | continuation) - format.Bias;
        return value;
    }

    /// <summary>The canonical pattern; the caller has made digits and exponent fit.</summary>
    public readonly UInt128 Encode(in DecimalFormat format)
    {
        UInt128 bits = (UInt128)(IsNegative ? 1u : 0) << format.SignBit;
        int trailing = 10 * format.Declets;
        for (int declet = 0; declet < format.Declets; declet++)
        {
            bits |= (UInt128)(uint)DenselyPacked.Pack(Digits[(3 * declet) + 2], Digits[(3 * declet) + 1], Digits[3 * declet]) << (10 * declet);
        }

        int biased = Exponent + format.Bias;
        int high = biased >> format.ContinuationBits;
        int lead = Digits[format.Precision - 1];
        int continuation = biased & ((1 << format.ContinuationBits) - 1);
        int combination = lead < 8 ? (high << 3) | lead : 24 | (high << 1) | (lead & 1);
        if (Kind != DecimalKind.Finite)
        {
            combination = Kind == DecimalKind.Infinity ? 30 : 31;
            continuation = Kind == DecimalKind.SignalingNaN ? 1 << (format.ContinuationBits - 1) : 0;
        }

        return bits | ((UInt128)(uint)continuation << trailing) | ((UInt128)(uint)combination << (format.SignBit - 5));
    }

    /// <summary>A finite number from an integer.</summary>
    public static DecimalValue FromInteger(bool negative, UInt128 magnitude)
    {
        DecimalValue value = new() { IsNegative = negative };
        for (int digit = 0; magnitude != 0; digit++)
        {
            (magnitude, UInt128 low) = UInt128.DivRem(magnitude, 10);
            value.Digits[digit] = (byte)low;
        }

        return value;
    }

    /// <summary>Multiplies the coefficient by 10^<paramref name="places"/> and keeps the value; digits beyond the capacity must be zero.</summary>
    public void ShiftLeft(int places)
    {
        for (int digit = Capacity - 1; digit >= 0; digit--)
        {
            Digits[digit] = digit >= places ? Digits[digit - places] : (byte)0;
        }

        Exponent -= places;
    }

    /// <summary>Drops <paramref name="places"/> digits. Tells how the lost part relates to half a unit.</summary>
    public DecimalRemainder Drop(int places)
    {
        if (places <= 0)
        {
            return DecimalRemainder.None;
        }

        bool below = false;
        for (int digit = 0; digit < Math.Min(places - 1, Capacity); digit++)
        {
            below |= Digits[digit] != 0;
        }

        int first = places <= Capacity ? Digits[places - 1] : 0;
        for (int digit = 0; digit < Capacity; digit++)
        {
            Digits[digit] = places < Capacity - digit ? Digits[digit + places] : (byte)0;
        }

        Exponent += places;
        return first > 5 || (first == 5 && below) ? DecimalRemainder.AboveHalf
            : first == 5 ? DecimalRemainder.Half
            : first != 0 || below ? DecimalRemainder.BelowHalf : DecimalRemainder.None;
    }

    /// <summary>Drops digits and rounds; true when the coefficient was incremented.</summary>
    public bool DropRounded(int places, DecimalRounding mode, out bool inexact)
    {
        DecimalRemainder rest = Drop(places);
        inexact = rest != DecimalRemainder.None;
        bool up = inexact && mode switch
        {
            DecimalRounding.NearestEven => rest == DecimalRemainder.AboveHalf || (rest == DecimalRemainder.Half && (Digits[0] & 1) != 0),
            DecimalRounding.TowardPlusInfinity => !IsNegative,
            DecimalRounding.TowardMinusInfinity => IsNegative,
            DecimalRounding.NearestAway => rest >= DecimalRemainder.Half,
            DecimalRounding.NearestTowardZero => rest == DecimalRemainder.AboveHalf,
            DecimalRounding.AwayFromZero => true,
            DecimalRounding.PrepareForShorter => Digits[0] is 0 or 5,
            _ => false,
        };
        if (up)
        {
            int digit = 0;
            while (Digits[digit] == 9)
            {
                Digits[digit++] = 0;
            }

            Digits[digit]++;
        }

        return up;
    }

    /// <summary>Compares two coefficients.</summary>
    public static int CompareDigits(in DecimalValue x, in DecimalValue y)
    {
        for (int digit = Capacity - 1; digit >= 0; digit--)
        {
            if (x.Digits[digit] != y.Digits[digit])
            {
                return x.Digits[digit] < y.Digits[digit] ? -1 : 1;
            }
        }

        return 0;
    }

    /// <summary>Adds or subtracts a coefficient; a difference must not be negative.</summary>
    public void Combine(in DecimalValue other, bool subtract)
    {
        int carry = 0;
        for (int digit = 0; digit < Capacity; digit++)
        {
            int sum = Digits[digit] + (subtract ? -other.Digits[digit] : other.Digits[digit]) + carry;
            carry = sum > 9 ? 1 : sum < 0 ? -1 : 0;
            Digits[digit] = (byte)(sum - (10 * carry));
        }
    }
}
