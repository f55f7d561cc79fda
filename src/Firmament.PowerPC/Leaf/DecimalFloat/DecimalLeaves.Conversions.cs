using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Leaf.FloatingPoint;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.DecimalFloat;

/// <content>Conversions and formatting. Power ISA 2.07B Book I 5.6.5, 5.6.6.</content>
public static unsafe partial class DecimalLeaves
{
    /// <summary>dctdp[.] FRT,FRB: short, in the low word, to long; an SNaN stays one.</summary>
    public static void Dctdp(CpuState* s, Insn* i)
    {
        DecimalValue b = DecimalValue.Decode((uint)s->Fpr(i->B), DecimalFormat.Short);
        Deliver(s, i, b, DecimalFormat.Long, 0);
        StatusUpdate.Record(s, i->Rc);
    }

    /// <summary>dctqpq[.] FRTp,FRB: long to extended.</summary>
    public static void Dctqpq(CpuState* s, Insn* i)
    {
        DecimalValue b = Operand(s, i->B, quad: false);
        if (!TryDeliverNaN(s, i, b, b, quad: true))
        {
            Deliver(s, i, b, DecimalFormat.Extended, 0);
        }

        StatusUpdate.Record(s, i->Rc);
    }

    /// <summary>drsp[.] FRT,FRB: long to short, in the low word; an SNaN stays one.</summary>
    public static void Drsp(CpuState* s, Insn* i)
    {
        DecimalValue b = Operand(s, i->B, quad: false);
        uint set = 0;
        uint exceptions = 0;
        if (b.Kind == DecimalKind.Finite)
        {
            exceptions = Fit(ref b, b.Exponent, DecimalFormat.Short, Mode(s), s->Fpscr, ref set);
        }
        else
        {
            Shorten(ref b, DecimalFormat.Short);
        }

        s->Fpr(i->T) = (ulong)b.Encode(DecimalFormat.Short);
        StatusUpdate.Apply(s, Fpscr.FR | Fpscr.FI | Fpscr.FPRF, set | Fprf(b, DecimalFormat.Short), exceptions);
        StatusUpdate.Record(s, i->Rc);
    }

    /// <summary>drdpq[.] FRTp,FRBp: extended to long; the second register becomes 0.</summary>
    public static void Drdpq(CpuState* s, Insn* i)
    {
        DecimalValue b = Operand(s, i->B, quad: true);
        uint set = 0;
        uint exceptions = 0;
        if (b.Kind == DecimalKind.Finite)
        {
            exceptions = Fit(ref b, b.Exponent, DecimalFormat.Long, Mode(s), s->Fpscr, ref set);
        }
        else
        {
            exceptions = b.Kind == DecimalKind.SignalingNaN ? Fpscr.VXSNAN : 0;
            b.Kind = b.IsNaN ? DecimalKind.QuietNaN : b.Kind;
            Shorten(ref b, DecimalFormat.Long);
        }

        if ((exceptions & Fpscr.VXSNAN) != 0 && (s->Fpscr & Fpscr.VE) != 0)
        {
            StatusUpdate.Apply(s, Fpscr.FR | Fpscr.FI, 0, exceptions);
        }
        else
        {
            Write(s, i->T, quad: true, b.Encode(DecimalFormat.Long) << 64);
            StatusUpdate.Apply(s, Fpscr.FR | Fpscr.FI | Fpscr.FPRF, set | Fprf(b, DecimalFormat.Long), exceptions);
        }

        StatusUpdate.Record(s, i->Rc);
    }

    /// <summary>Infinities lose their digits, NaNs the payload that does not fit.</summary>
    private static void Shorten(ref DecimalValue value, in DecimalFormat format)
    {
        for (int digit = value.IsNaN ? format.Precision - 1 : 0; digit < DecimalValue.Capacity; digit++)
        {
            value.Digits[digit] = 0;
        }
    }

    private static void FromFixed(CpuState* s, Insn* i, bool quad)
    {
        long integer = (long)s->Fpr(i->B);
        DecimalValue value = DecimalValue.FromInteger(integer < 0, integer < 0 ? 0 - (ulong)integer : (ulong)integer);
        Round(s, i, ref value, 0, FormatOf(quad));
        StatusUpdate.Record(s, i->Rc);
    }

    /// <summary>FPRF, undefined, keeps its value.</summary>
    private static void ToFixed(CpuState* s, Insn* i, bool quad)
    {
        DecimalValue b = Operand(s, i->B, quad);
        bool inexact = false;
        bool up = false;
        bool fits = b.Kind == DecimalKind.Finite;
        UInt128 magnitude = 0;
        if (fits && !b.IsZero)
        {
            if (b.Exponent < 0)
            {
                up = b.DropRounded(-b.Exponent, Mode(s), out inexact);
                b.Exponent = 0;
            }

            fits = b.IsZero || b.Exponent + b.Count <= 20;
            for (int digit = b.Count - 1; fits && digit >= -b.Exponent; digit--)
            {
                magnitude = (magnitude * 10) + (digit >= 0 ? b.Digits[digit] : (byte)0);
            }
        }

        if (!fits || magnitude > (UInt128)long.MaxValue + (b.IsNegative ? 1u : 0))
        {
            uint exceptions = b.Kind == DecimalKind.SignalingNaN ? Fpscr.VXCVI | Fpscr.VXSNAN : Fpscr.VXCVI;
            ulong limit = b.IsNaN || b.IsNegative ? 1UL << 63 : long.MaxValue;
            FloatingPointLeaves.DeliverInvalidInteger(s, i->T, exceptions, limit);
        }
        else
        {
            ulong value = (ulong)magnitude;
            s->Fpr(i->T) = b.IsNegative ? 0 - value : value;
            uint set = inexact ? Fpscr.FI | (up ? Fpscr.FR : 0) : 0;
            StatusUpdate.Apply(s, Fpscr.FR | Fpscr.FI, set, inexact ? Fpscr.XX : 0);
        }

        StatusUpdate.Record(s, i->Rc);
    }

    /// <summary>ddedpd: the coefficient's last digits as BCD. SP: 0 and 1 no sign, 2 plus is 0xc, 3 plus is 0xf.</summary>
    private static void ToBcd(CpuState* s, Insn* i, bool quad)
    {
        DecimalValue b = Operand(s, i->B, quad);
        int nibbles = quad ? 32 : 16;
        int sp = i->A >> 3;
        UInt128 bits = 0;
        int signs = sp >= 2 ? 1 : 0;
        for (int digit = nibbles - signs - 1; digit >= 0; digit--)
        {
            bits = (bits << 4) | b.Digits[digit];
        }

        if (signs != 0)
        {
            bits = (bits << 4) | (b.IsNegative ? 0xdu : sp == 2 ? 0xcu : 0xf);
        }

        Write(s, i->T, quad, bits);
        StatusUpdate.Record(s, i->Rc);
    }

    /// <summary>denbcd: BCD to an integer, with a sign if S is 1.</summary>
    private static void FromBcd(CpuState* s, Insn* i, bool quad)
    {
        UInt128 bits = Read(s, i->B, quad);
        DecimalValue value = default;
        bool valid = true;
        if ((i->A & 16) != 0)
        {
            uint sign = (uint)bits & 15;
            value.IsNegative = sign is 0xb or 0xd;
            valid = sign >= 10;
            bits >>>= 4;
        }

        for (int digit = 0; bits != 0; digit++, bits >>>= 4)
        {
            value.Digits[digit] = (byte)((uint)bits & 15);
            valid &= value.Digits[digit] <= 9;
        }

        if (valid)
        {
            Deliver(s, i, value, FormatOf(quad), 0);
        }
        else
        {
            DeliverInvalid(s, i, quad, Fpscr.VXCVI);
        }

        StatusUpdate.Record(s, i->Rc);
    }

    /// <summary>dxex: the biased exponent; -1 infinity, -2 QNaN, -3 SNaN.</summary>
    private static void ExtractExponent(CpuState* s, Insn* i, bool quad)
    {
        DecimalFormat format = FormatOf(quad);
        DecimalValue b = Operand(s, i->B, quad);
        s->Fpr(i->T) = b.Kind switch
        {
            DecimalKind.Infinity => ulong.MaxValue,
            DecimalKind.QuietNaN => ulong.MaxValue - 1,
            DecimalKind.SignalingNaN => ulong.MaxValue - 2,
            _ => (ulong)(b.Exponent + format.Bias),
        };
        StatusUpdate.Record(s, i->Rc);
    }

    /// <summary>diex: B with the biased exponent in FRA, or made infinity (-1), QNaN (-2, and all other values) or SNaN (-3).</summary>
    private static void InsertExponent(CpuState* s, Insn* i, bool quad)
    {
        DecimalFormat format = FormatOf(quad);
        long exponent = (long)s->Fpr(i->A);
        DecimalValue b = Operand(s, i->B, quad);
        b.Kind = exponent switch
        {
            -1 => DecimalKind.Infinity,
            -3 => DecimalKind.SignalingNaN,
            _ => exponent >= 0 && exponent <= format.Limit ? DecimalKind.Finite : DecimalKind.QuietNaN,
        };
        b.Exponent = b.Kind == DecimalKind.Finite ? (int)exponent - format.Bias : 0;
        Write(s, i->T, quad, b.Encode(format));
        StatusUpdate.Record(s, i->Rc);
    }

    /// <summary>dscli, dscri: the coefficient, or a NaN's payload, shifted; sign and exponent stay.</summary>
    private static void ShiftCoefficient(CpuState* s, Insn* i, bool quad, bool left)
    {
        DecimalFormat format = FormatOf(quad);
        DecimalValue a = Operand(s, i->A, quad);
        int places = (int)(i->Word >> 10) & 63;
        int exponent = a.Exponent;
        if (left)
        {
            a.ShiftLeft(places);
        }
        else
        {
            a.Drop(places);
        }

        a.Exponent = exponent;
        for (int digit = a.Kind == DecimalKind.Finite ? format.Precision : format.Precision - 1; digit < DecimalValue.Capacity; digit++)
        {
            a.Digits[digit] = 0;
        }

        Write(s, i->T, quad, a.Encode(format));
        StatusUpdate.Record(s, i->Rc);
    }
}
