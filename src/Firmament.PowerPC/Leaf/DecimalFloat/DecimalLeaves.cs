using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Leaf.FloatingPoint;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.DecimalFloat;

/// <summary>
/// The decimal floating-point instructions, one function each, named by mnemonic. Operands are FPRs; those of the quad forms pairs
/// of an even one and the next (an odd number, an invalid form, means its pair). MSR[FP] is the caller's concern.
/// </summary>
/// <remarks>
/// Power ISA 2.07B Book I chapter 5. Results are canonical. Rounding is by FPSCR[DRN] or by the instruction; the exponent of an exact
/// result is as near to the ideal exponent as the digits allow (5.5.3).
/// </remarks>
// SAFETY: s and i are the engine's, valid for the whole call; FPR numbers are below 32.
public static unsafe partial class DecimalLeaves
{
    private static DecimalRounding Mode(CpuState* s) => (DecimalRounding)(s->FpscrHigh & 7);

    private static UInt128 Read(CpuState* s, int register, bool quad) =>
        quad ? new UInt128(s->Fpr(register & 30), s->Fpr((register & 30) + 1)) : s->Fpr(register);

    private static void Write(CpuState* s, int register, bool quad, UInt128 bits)
    {
        if (quad)
        {
            s->Fpr(register & 30) = (ulong)(bits >>> 64);
            s->Fpr((register & 30) + 1) = (ulong)bits;
        }
        else
        {
            s->Fpr(register) = (ulong)bits;
        }
    }

    private static DecimalFormat FormatOf(bool quad) => quad ? DecimalFormat.Extended : DecimalFormat.Long;

    private static DecimalValue Operand(CpuState* s, int register, bool quad) => DecimalValue.Decode(Read(s, register, quad), FormatOf(quad));

    /// <summary>Delivers a NaN operand made quiet, a signalling one first, else A's.</summary>
    private static bool TryDeliverNaN(CpuState* s, Insn* i, in DecimalValue a, in DecimalValue b, bool quad)
    {
        if (!a.IsNaN && !b.IsNaN)
        {
            return false;
        }

        bool aSignals = a.Kind == DecimalKind.SignalingNaN;
        bool bSignals = b.Kind == DecimalKind.SignalingNaN;
        DecimalValue nan = aSignals || (a.IsNaN && !bSignals) ? a : b;
        nan.Kind = DecimalKind.QuietNaN;
        Deliver(s, i, nan, FormatOf(quad), aSignals || bSignals ? Fpscr.VXSNAN : 0);
        return true;
    }

    private static void DeliverInvalid(CpuState* s, Insn* i, bool quad, uint exception)
    {
        DecimalValue nan = new() { Kind = DecimalKind.QuietNaN };
        Deliver(s, i, nan, FormatOf(quad), exception);
    }

    /// <summary>A result that needs no rounding; an enabled invalid operation or zero divide keeps target and FPRF.</summary>
    private static void Deliver(CpuState* s, Insn* i, in DecimalValue value, in DecimalFormat format, uint exceptions)
    {
        bool kept = ((exceptions & Fpscr.AllInvalid) != 0 && (s->Fpscr & Fpscr.VE) != 0) || ((exceptions & Fpscr.ZX) != 0 && (s->Fpscr & Fpscr.ZE) != 0);
        if (kept)
        {
            StatusUpdate.Apply(s, Fpscr.FR | Fpscr.FI, 0, exceptions);
        }
        else
        {
            DecimalValue canonical = value;
            if (canonical.Kind == DecimalKind.Infinity)
            {
                canonical = new() { Kind = DecimalKind.Infinity, IsNegative = value.IsNegative };
            }
            else if (canonical.IsNaN)
            {
                canonical.Digits[format.Precision - 1] = 0;
            }

            Write(s, i->T, format.Precision == DecimalFormat.Extended.Precision, canonical.Encode(format));
            StatusUpdate.Apply(s, Fpscr.FR | Fpscr.FI | Fpscr.FPRF, Fprf(canonical, format), exceptions);
        }
    }

    /// <summary>Rounds a finite value to the format and delivers it, its exponent as near to the ideal one as an exact result can have.</summary>
    private static void Round(CpuState* s, Insn* i, ref DecimalValue value, int ideal, in DecimalFormat format)
    {
        uint set = 0;
        uint exceptions = Fit(ref value, ideal, format, Mode(s), s->Fpscr, ref set);
        Write(s, i->T, format.Precision == DecimalFormat.Extended.Precision, value.Encode(format));
        StatusUpdate.Apply(s, Fpscr.FR | Fpscr.FI | Fpscr.FPRF, set | Fprf(value, format), exceptions);
    }

    /// <summary>Makes a finite value one of the format's; returns the exceptions and adds FR and FI to <paramref name="set"/>.</summary>
    private static uint Fit(ref DecimalValue value, int ideal, in DecimalFormat format, DecimalRounding mode, uint fpscr, ref uint set)
    {
        uint exceptions = 0;
        int count = value.Count;
        if (count == 0)
        {
            value.Exponent = Math.Clamp(ideal, format.MinExponent, format.MaxExponent);
            return 0;
        }

        int smallestNormal = format.MinExponent + format.Precision - 1;
        bool tiny = value.Exponent + count - 1 < smallestNormal;
        if (tiny && (fpscr & Fpscr.UE) != 0)
        {
            exceptions = Fpscr.UX;
            value.Exponent += format.BiasAdjust;
            ideal += format.BiasAdjust;
            tiny = false;
        }

        ideal = Math.Max(ideal, format.MinExponent);
        int drop = Math.Max(Math.Max(0, count - format.Precision), format.MinExponent - value.Exponent);
        bool up = value.DropRounded(drop, mode, out bool inexact);
        if (value.Count > format.Precision)
        {
            value.Drop(1);
        }

        if (value.Exponent + value.Count - 1 > format.MaxExponent + format.Precision - 1)
        {
            exceptions |= Fpscr.OX;
            if ((fpscr & Fpscr.OE) == 0)
            {
                set |= Fpscr.FI | (Saturate(ref value, format, mode) ? Fpscr.FR : 0);
                return exceptions | Fpscr.XX;
            }

            value.Exponent -= format.BiasAdjust;
            ideal -= format.BiasAdjust;
        }

        if (inexact)
        {
            set |= Fpscr.FI | (up ? Fpscr.FR : 0);
            exceptions |= Fpscr.XX | (tiny ? Fpscr.UX : 0);
        }
        else
        {
            while (value.Exponent < ideal && value.Digits[0] == 0 && !value.IsZero)
            {
                value.Drop(1);
            }

            if (value.Exponent > ideal)
            {
                value.ShiftLeft(Math.Min(value.Exponent - ideal, format.Precision - value.Count));
            }
        }

        if (value.IsZero)
        {
            value.Exponent = Math.Clamp(value.Exponent, format.MinExponent, format.MaxExponent);
        }
        else if (value.Exponent > format.MaxExponent)
        {
            value.ShiftLeft(value.Exponent - format.MaxExponent);
        }

        return exceptions;
    }

    /// <summary>Overflow: infinity, or where rounding points toward zero the greatest number. True for infinity.</summary>
    private static bool Saturate(ref DecimalValue value, in DecimalFormat format, DecimalRounding mode)
    {
        bool finite = mode switch
        {
            DecimalRounding.TowardZero or DecimalRounding.PrepareForShorter => true,
            DecimalRounding.TowardPlusInfinity => value.IsNegative,
            DecimalRounding.TowardMinusInfinity => !value.IsNegative,
            _ => false,
        };
        value = new() { IsNegative = value.IsNegative, Kind = finite ? DecimalKind.Finite : DecimalKind.Infinity };
        if (finite)
        {
            value.Exponent = format.MaxExponent;
            for (int digit = 0; digit < format.Precision; digit++)
            {
                value.Digits[digit] = 9;
            }
        }

        return !finite;
    }

    private static uint Fprf(in DecimalValue value, in DecimalFormat format)
    {
        if (value.IsNaN)
        {
            // Decimal alone has a class of signaling NaNs: 0b00001 (2.07B Book I 5.2.1).
            return value.Kind == DecimalKind.SignalingNaN ? Fpscr.Infinity : Fpscr.QuietNaN;
        }

        if (value.IsZero)
        {
            return value.IsNegative ? Fpscr.PositiveZero | Fpscr.C : Fpscr.PositiveZero;
        }

        uint sign = value.IsNegative ? Fpscr.Negative : Fpscr.Positive;
        return value.Kind == DecimalKind.Infinity ? sign | Fpscr.Infinity : IsSubnormal(value, format) ? sign | Fpscr.C : sign;
    }

    private static bool IsSubnormal(in DecimalValue value, in DecimalFormat format) =>
        value.Kind == DecimalKind.Finite && !value.IsZero && value.Exponent + value.Count < format.MinExponent + format.Precision;
}
