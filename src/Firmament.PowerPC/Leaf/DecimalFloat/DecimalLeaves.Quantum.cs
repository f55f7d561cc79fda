using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Leaf.FloatingPoint;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.DecimalFloat;

/// <content>Tests, and adjustment of the quantum. Power ISA 2.07B Book I 5.6.3, 5.6.4.</content>
public static unsafe partial class DecimalLeaves
{
    private static void SetCondition(CpuState* s, Insn* i, uint condition)
    {
        s->Cr[i->T >> 2] = (byte)condition;
        s->Fpscr = (s->Fpscr & ~Fpscr.FPCC) | (condition << 12);
    }

    /// <summary>DCM, first bit first: zero, subnormal, normal, infinity, QNaN, SNaN.</summary>
    private static void TestClass(CpuState* s, Insn* i, bool quad)
    {
        DecimalValue a = Operand(s, i->A, quad);
        int kind = a.Kind switch
        {
            DecimalKind.Infinity => 3,
            DecimalKind.QuietNaN => 4,
            DecimalKind.SignalingNaN => 5,
            _ => a.IsZero ? 0 : IsSubnormal(a, FormatOf(quad)) ? 1 : 2,
        };
        SetMatch(s, i, a, kind);
    }

    /// <summary>DGM: zero, zero of extreme exponent, subnormal or of extreme exponent, leftmost digit zero, leftmost not zero, special.</summary>
    private static void TestGroup(CpuState* s, Insn* i, bool quad)
    {
        DecimalFormat format = FormatOf(quad);
        DecimalValue a = Operand(s, i->A, quad);
        bool extreme = a.Exponent == format.MinExponent || a.Exponent == format.MaxExponent;
        int kind = a.Kind != DecimalKind.Finite ? 5
            : a.IsZero ? (extreme ? 1 : 0)
            : extreme || IsSubnormal(a, format) ? 2
            : a.Digits[format.Precision - 1] == 0 ? 3 : 4;
        SetMatch(s, i, a, kind);
    }

    private static void SetMatch(CpuState* s, Insn* i, in DecimalValue a, int kind)
    {
        bool match = ((i->Word >> (15 - kind)) & 1) != 0;
        SetCondition(s, i, (a.IsNegative ? 8u : 0) | (match ? 2u : 0));
    }

    private static void TestExponent(CpuState* s, Insn* i, bool quad)
    {
        DecimalValue a = Operand(s, i->A, quad);
        DecimalValue b = Operand(s, i->B, quad);
        bool bothFinite = a.Kind == DecimalKind.Finite && b.Kind == DecimalKind.Finite;
        bool alike = (a.IsNaN && b.IsNaN) || (a.Kind == DecimalKind.Infinity && b.Kind == DecimalKind.Infinity);
        uint relation = bothFinite ? (a.Exponent < b.Exponent ? 8u : a.Exponent > b.Exponent ? 4u : 2u) : alike ? 2u : 1u;
        SetCondition(s, i, relation);
    }

    private static void TestSignificance(CpuState* s, Insn* i, bool quad, int wanted)
    {
        DecimalValue b = Operand(s, i->B, quad);
        int digits = b.Count;
        uint relation = b.Kind != DecimalKind.Finite ? 1u : wanted == 0 || wanted > digits ? 4u : wanted < digits ? 8u : 2u;
        SetCondition(s, i, relation);
    }

    /// <summary>RMC of the quantum instructions.</summary>
    private static DecimalRounding ChosenMode(CpuState* s, Insn* i) => ((i->Word >> 9) & 3) switch
    {
        0 => DecimalRounding.NearestEven,
        1 => DecimalRounding.TowardZero,
        2 => DecimalRounding.NearestAway,
        _ => Mode(s),
    };

    /// <summary>R and RMC of the rounding to integers.</summary>
    private static DecimalRounding ChosenIntegerMode(CpuState* s, Insn* i) => (i->A & 1) == 0 ? ChosenMode(s, i) : ((i->Word >> 9) & 3) switch
    {
        0 => DecimalRounding.TowardPlusInfinity,
        1 => DecimalRounding.TowardMinusInfinity,
        2 => DecimalRounding.AwayFromZero,
        _ => DecimalRounding.NearestTowardZero,
    };

    /// <summary>dqua: B with the exponent of A.</summary>
    private static void Quantize(CpuState* s, Insn* i, bool quad)
    {
        DecimalValue a = Operand(s, i->A, quad);
        DecimalValue b = Operand(s, i->B, quad);
        if (!TryDeliverNaN(s, i, a, b, quad))
        {
            if (a.Kind == DecimalKind.Finite && b.Kind == DecimalKind.Finite)
            {
                QuantizeTo(s, i, ref b, a.Exponent, quad);
            }
            else if (a.Kind == b.Kind)
            {
                Deliver(s, i, b, FormatOf(quad), 0);
            }
            else
            {
                DeliverInvalid(s, i, quad, Fpscr.VXCVI);
            }
        }

        StatusUpdate.Record(s, i->Rc);
    }

    /// <summary>dquai: B with the exponent TE.</summary>
    private static void QuantizeImmediate(CpuState* s, Insn* i, bool quad)
    {
        DecimalValue b = Operand(s, i->B, quad);
        if (!TryDeliverNaN(s, i, b, b, quad))
        {
            if (b.Kind == DecimalKind.Infinity)
            {
                DeliverInvalid(s, i, quad, Fpscr.VXCVI);
            }
            else
            {
                QuantizeTo(s, i, ref b, (i->A << 27) >> 27, quad);
            }
        }

        StatusUpdate.Record(s, i->Rc);
    }

    private static void QuantizeTo(CpuState* s, Insn* i, ref DecimalValue value, int exponent, bool quad)
    {
        DecimalFormat format = FormatOf(quad);
        int left = value.Exponent - exponent;
        bool inexact = false;
        bool up = false;
        if (value.IsZero)
        {
            value.Exponent = exponent;
        }
        else if (left > 0)
        {
            if (left + value.Count > format.Precision)
            {
                DeliverInvalid(s, i, quad, Fpscr.VXCVI);
                return;
            }

            value.ShiftLeft(left);
        }
        else
        {
            up = value.DropRounded(-left, ChosenMode(s, i), out inexact);
            value.Exponent = exponent;
        }

        if (value.Count > format.Precision)
        {
            DeliverInvalid(s, i, quad, Fpscr.VXCVI);
            return;
        }

        Deliver(s, i, value, format, 0);
        if (inexact)
        {
            StatusUpdate.Apply(s, 0, Fpscr.FI | (up ? Fpscr.FR : 0), Fpscr.XX);
        }
    }

    /// <summary>drrnd: B rounded to as many digits as the last six bits of A say.</summary>
    private static void Reround(CpuState* s, Insn* i, bool quad)
    {
        DecimalFormat format = FormatOf(quad);
        int wanted = (int)s->Fpr(i->A) & 63;
        DecimalValue b = Operand(s, i->B, quad);
        if (!TryDeliverNaN(s, i, b, b, quad))
        {
            bool inexact = false;
            bool up = false;
            if (b.Kind == DecimalKind.Finite && wanted != 0 && b.Count > wanted)
            {
                up = b.DropRounded(b.Count - wanted, ChosenMode(s, i), out inexact);
                if (b.Count > wanted)
                {
                    b.Drop(1);
                }
            }

            if (b.Kind == DecimalKind.Finite && b.Exponent > format.MaxExponent)
            {
                DeliverInvalid(s, i, quad, Fpscr.VXCVI);
            }
            else
            {
                Deliver(s, i, b, format, 0);
                if (inexact)
                {
                    StatusUpdate.Apply(s, 0, Fpscr.FI | (up ? Fpscr.FR : 0), Fpscr.XX);
                }
            }
        }

        StatusUpdate.Record(s, i->Rc);
    }

    /// <summary>drintx, drintn: to an integer; only drintx tells that digits were lost.</summary>
    private static void RoundToInteger(CpuState* s, Insn* i, bool quad, bool tellsInexact)
    {
        DecimalValue b = Operand(s, i->B, quad);
        if (!TryDeliverNaN(s, i, b, b, quad))
        {
            bool inexact = false;
            bool up = false;
            if (b.Kind == DecimalKind.Finite && b.Exponent < 0)
            {
                up = b.DropRounded(-b.Exponent, ChosenIntegerMode(s, i), out inexact);
                b.Exponent = 0;
            }

            Deliver(s, i, b, FormatOf(quad), 0);
            if (inexact && tellsInexact)
            {
                StatusUpdate.Apply(s, 0, Fpscr.FI | (up ? Fpscr.FR : 0), Fpscr.XX);
            }
        }

        StatusUpdate.Record(s, i->Rc);
    }
}
