using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Leaf.FloatingPoint;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.DecimalFloat;

/// <content>Arithmetic. Power ISA 2.07B Book I 5.6.1.</content>
public static unsafe partial class DecimalLeaves
{
    private static void Add(CpuState* s, Insn* i, bool quad, bool subtract)
    {
        DecimalFormat format = FormatOf(quad);
        DecimalValue a = Operand(s, i->A, quad);
        DecimalValue b = Operand(s, i->B, quad);
        if (!TryDeliverNaN(s, i, a, b, quad))
        {
            b.IsNegative ^= subtract;
            if (a.Kind == DecimalKind.Infinity || b.Kind == DecimalKind.Infinity)
            {
                bool invalid = a.Kind == b.Kind && a.IsNegative != b.IsNegative;
                DecimalValue infinity = a.Kind == DecimalKind.Infinity ? a : b;
                if (invalid)
                {
                    DeliverInvalid(s, i, quad, Fpscr.VXISI);
                }
                else
                {
                    Deliver(s, i, infinity, format, 0);
                }
            }
            else
            {
                int ideal = Math.Min(a.Exponent, b.Exponent);
                DecimalValue sum = Sum(a, b, Mode(s));
                Round(s, i, ref sum, ideal, format);
            }
        }

        StatusUpdate.Record(s, i->Rc);
    }

    /// <summary>Exact, or so far apart that a nonzero digit below the guards stands for the rest.</summary>
    private static DecimalValue Sum(in DecimalValue a, in DecimalValue b, DecimalRounding mode)
    {
        const int guards = 37;
        DecimalValue high = a.Exponent >= b.Exponent ? a : b;
        DecimalValue low = a.Exponent >= b.Exponent ? b : a;
        if (high.IsZero || low.IsZero)
        {
            bool bothZero = high.IsZero && low.IsZero;
            DecimalValue other = high.IsZero ? low : high;
            if (bothZero)
            {
                other.IsNegative = a.IsNegative == b.IsNegative ? a.IsNegative : mode == DecimalRounding.TowardMinusInfinity;
            }

            return other;
        }

        int gap = high.Exponent - low.Exponent;
        high.ShiftLeft(Math.Min(gap, guards));
        if (gap > guards && low.Drop(gap - guards) != DecimalRemainder.None && low.Digits[0] == 0)
        {
            low.Digits[0] = 1;
        }

        if (high.IsNegative == low.IsNegative)
        {
            high.Combine(low, subtract: false);
            return high;
        }

        int order = DecimalValue.CompareDigits(high, low);
        if (order < 0)
        {
            low.Combine(high, subtract: true);
            return low;
        }

        high.Combine(low, subtract: true);
        if (order == 0)
        {
            high.IsNegative = mode == DecimalRounding.TowardMinusInfinity;
        }

        return high;
    }

    private static void Multiply(CpuState* s, Insn* i, bool quad)
    {
        DecimalFormat format = FormatOf(quad);
        DecimalValue a = Operand(s, i->A, quad);
        DecimalValue b = Operand(s, i->B, quad);
        if (!TryDeliverNaN(s, i, a, b, quad))
        {
            bool negative = a.IsNegative != b.IsNegative;
            if (a.Kind == DecimalKind.Infinity || b.Kind == DecimalKind.Infinity)
            {
                if (a.IsZero || b.IsZero)
                {
                    DeliverInvalid(s, i, quad, Fpscr.VXIMZ);
                }
                else
                {
                    Deliver(s, i, new DecimalValue { Kind = DecimalKind.Infinity, IsNegative = negative }, format, 0);
                }
            }
            else
            {
                DecimalValue product = new() { IsNegative = negative, Exponent = a.Exponent + b.Exponent };
                for (int y = 0; y < format.Precision; y++)
                {
                    int carry = 0;
                    for (int x = 0; x <= format.Precision; x++)
                    {
                        int sum = product.Digits[x + y] + (a.Digits[x] * b.Digits[y]) + carry;
                        product.Digits[x + y] = (byte)(sum % 10);
                        carry = sum / 10;
                    }
                }

                Round(s, i, ref product, product.Exponent, format);
            }
        }

        StatusUpdate.Record(s, i->Rc);
    }

    private static void Divide(CpuState* s, Insn* i, bool quad)
    {
        DecimalFormat format = FormatOf(quad);
        DecimalValue a = Operand(s, i->A, quad);
        DecimalValue b = Operand(s, i->B, quad);
        if (!TryDeliverNaN(s, i, a, b, quad))
        {
            bool negative = a.IsNegative != b.IsNegative;
            int ideal = a.Exponent - b.Exponent;
            if (a.Kind == DecimalKind.Infinity)
            {
                if (b.Kind == DecimalKind.Infinity)
                {
                    DeliverInvalid(s, i, quad, Fpscr.VXIDI);
                }
                else
                {
                    Deliver(s, i, new DecimalValue { Kind = DecimalKind.Infinity, IsNegative = negative }, format, 0);
                }
            }
            else if (b.Kind == DecimalKind.Infinity)
            {
                // A zero with the smallest exponent.
                Deliver(s, i, new DecimalValue { IsNegative = negative, Exponent = format.MinExponent }, format, 0);
            }
            else if (!b.IsZero)
            {
                DecimalValue quotient = Quotient(a, b, format.Precision + 2);
                quotient.IsNegative = negative;
                Round(s, i, ref quotient, ideal, format);
            }
            else if (a.IsZero)
            {
                DeliverInvalid(s, i, quad, Fpscr.VXZDZ);
            }
            else
            {
                Deliver(s, i, new DecimalValue { Kind = DecimalKind.Infinity, IsNegative = negative }, format, Fpscr.ZX);
            }
        }

        StatusUpdate.Record(s, i->Rc);
    }

    /// <summary>Long division to at least <paramref name="digits"/> digits and one that is not zero if there is a remainder.</summary>
    private static DecimalValue Quotient(in DecimalValue a, in DecimalValue b, int digits)
    {
        DecimalValue quotient = new() { Exponent = a.Exponent - b.Exponent };
        if (a.IsZero)
        {
            return quotient;
        }

        // Scaled so that the quotient has digits or digits + 1 digits before the sticky one.
        int scale = digits + b.Count - a.Count;
        DecimalValue rest = default;
        int source = a.Count + Math.Max(scale, 0);
        for (int place = source - 1; place >= 0; place--)
        {
            int digit = place - Math.Max(scale, 0);
            rest.ShiftLeft(1);
            rest.Digits[0] = digit >= 0 ? a.Digits[digit] : (byte)0;
            int count = 0;
            while (DecimalValue.CompareDigits(rest, b) >= 0)
            {
                rest.Combine(b, subtract: true);
                count++;
            }

            quotient.ShiftLeft(1);
            quotient.Digits[0] = (byte)count;
        }

        quotient.Exponent = a.Exponent - b.Exponent - Math.Max(scale, 0);
        if (rest.Count != 0)
        {
            quotient.ShiftLeft(1);
            quotient.Digits[0] = 1;
        }

        return quotient;
    }

    private static void Compare(CpuState* s, Insn* i, bool quad, bool ordered)
    {
        DecimalValue a = Operand(s, i->A, quad);
        DecimalValue b = Operand(s, i->B, quad);
        uint exceptions = 0;
        uint relation = 1;
        if (a.IsNaN || b.IsNaN)
        {
            bool signals = a.Kind == DecimalKind.SignalingNaN || b.Kind == DecimalKind.SignalingNaN;
            exceptions = signals ? Fpscr.VXSNAN : 0;
            if (ordered && (!signals || (s->Fpscr & Fpscr.VE) == 0))
            {
                exceptions |= Fpscr.VXVC;
            }
        }
        else
        {
            int order = Order(a, b);
            relation = order < 0 ? 8u : order > 0 ? 4u : 2u;
        }

        s->Cr[i->T >> 2] = (byte)relation;
        StatusUpdate.Apply(s, Fpscr.FPCC, relation << 12, exceptions);
    }

    private static int Order(DecimalValue a, DecimalValue b)
    {
        if (a.Kind == DecimalKind.Infinity || b.Kind == DecimalKind.Infinity)
        {
            return Rank(a) - Rank(b);
        }

        b.IsNegative = !b.IsNegative;
        DecimalValue difference = Sum(a, b, DecimalRounding.NearestEven);
        return difference.IsZero ? 0 : difference.IsNegative ? -1 : 1;
    }

    private static int Rank(in DecimalValue value) => value.Kind != DecimalKind.Infinity ? 0 : value.IsNegative ? -1 : 1;
}
