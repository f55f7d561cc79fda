using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.FloatingPoint;

/// <content>
/// 4.6.10: FPSCR. FEX and VX cannot be written, they follow from the others. FX follows from exception bits only in mtfsb1; mtfsf
/// and mtfsfi write it as they find it. Bits 0:31 hold only the decimal rounding mode DRN; a 32-bit CPU has no way to write them.
/// </content>
public static unsafe partial class FloatingPointLeaves
{
    /// <summary>Bits no instruction writes: the two summaries, and reserved bit 52, which hardware keeps 0.</summary>
    private const uint Unwritable = Fpscr.FEX | Fpscr.VX | Fpscr.Reserved;

    /// <summary>The control bits of the low word: VE OE UE ZE XE NI RN.</summary>
    private const uint Controls = 0xff;

    /// <summary>DRN as a part of bits 0:31.</summary>
    private const uint DecimalRounding = 7;

    /// <summary>mffs[.] FRT: FPSCR.</summary>
    public static void Mffs(CpuState* s, Insn* i)
    {
        s->Fpr(i->T) = Both(s, uint.MaxValue);
        StatusUpdate.Record(s, i->Rc);
    }

    /// <summary>mffsce FRT: FPSCR, and then clears the exception enables. Power ISA 3.0B.</summary>
    public static void Mffsce(CpuState* s, Insn* i)
    {
        s->Fpr(i->T) = Both(s, uint.MaxValue);
        Write(s, Fpscr.VE | Fpscr.OE | Fpscr.UE | Fpscr.ZE | Fpscr.XE, 0);
    }

    /// <summary>mffscdrn FRT,FRB: the control bits, and then sets DRN from bits 29:31 of FRB.</summary>
    public static void Mffscdrn(CpuState* s, Insn* i) => ExchangeDecimalRounding(s, i, (uint)(s->Fpr(i->B) >> 32));

    /// <summary>mffscdrni FRT,DRM: the control bits, and then sets DRN.</summary>
    public static void Mffscdrni(CpuState* s, Insn* i) => ExchangeDecimalRounding(s, i, i->B);

    /// <summary>mffscrn FRT,FRB: the control bits, and then sets RN from bits 62:63 of FRB.</summary>
    public static void Mffscrn(CpuState* s, Insn* i) => ExchangeRounding(s, i, (uint)s->Fpr(i->B));

    /// <summary>mffscrni FRT,RM: the control bits, and then sets RN.</summary>
    public static void Mffscrni(CpuState* s, Insn* i) => ExchangeRounding(s, i, i->B);

    /// <summary>mffsl FRT: the control bits, FR, FI and FPRF: what is cheap to read while instructions are in flight.</summary>
    public static void Mffsl(CpuState* s, Insn* i) => s->Fpr(i->T) = Both(s, Controls | Fpscr.FR | Fpscr.FI | Fpscr.FPRF);

    /// <summary>mtfsf[.] FLM,FRB of a 32-bit CPU: the fields FLM selects.</summary>
    public static void Mtfsf(CpuState* s, Insn* i)
    {
        Write(s, FieldMask((i->Word >> 17) & 0xff), (uint)s->Fpr(i->B));
        StatusUpdate.Record(s, i->Rc);
    }

    /// <summary>mtfsf[.] FLM,FRB,L,W: the fields FLM selects, of bits 0:31 if W is 1, else of 32:63; all 64 bits if L is 1.</summary>
    public static void MtfsfWide(CpuState* s, Insn* i)
    {
        uint word = i->Word;
        bool all = (word & 0x0200_0000) != 0;
        bool high = (word & 0x0001_0000) != 0;
        uint mask = all ? uint.MaxValue : FieldMask((word >> 17) & 0xff);
        ulong value = s->Fpr(i->B);
        if (all || high)
        {
            WriteHigh(s, mask, (uint)(value >> 32));
        }

        if (all || !high)
        {
            Write(s, mask, (uint)value);
        }

        StatusUpdate.Record(s, i->Rc);
    }

    /// <summary>mtfsfi[.] BF,U of a 32-bit CPU: field BF becomes U.</summary>
    public static void Mtfsfi(CpuState* s, Insn* i)
    {
        int shift = 28 - (i->T & 0x1c);
        Write(s, 0xfu << shift, ((i->Word >> 12) & 0xf) << shift);
        StatusUpdate.Record(s, i->Rc);
    }

    /// <summary>mtfsfi[.] BF,U,W: field BF of bits 0:31 if W is 1, else of 32:63, becomes U.</summary>
    public static void MtfsfiWide(CpuState* s, Insn* i)
    {
        if ((i->Word & 0x0001_0000) == 0)
        {
            Mtfsfi(s, i);
            return;
        }

        int shift = 28 - (i->T & 0x1c);
        WriteHigh(s, 0xfu << shift, ((i->Word >> 12) & 0xf) << shift);
        StatusUpdate.Record(s, i->Rc);
    }

    /// <summary>mtfsb0[.] BT: clears a bit other than FEX and VX.</summary>
    public static void Mtfsb0(CpuState* s, Insn* i)
    {
        Write(s, 0x8000_0000u >> i->T, 0);
        StatusUpdate.Record(s, i->Rc);
    }

    /// <summary>mtfsb1[.] BT: sets a bit other than FEX and VX; an exception bit that was 0 sets FX too.</summary>
    public static void Mtfsb1(CpuState* s, Insn* i)
    {
        uint bit = (0x8000_0000u >> i->T) & ~Unwritable;
        StatusUpdate.Apply(s, 0, bit & ~Fpscr.AllExceptions, bit & Fpscr.AllExceptions);
        StatusUpdate.Record(s, i->Rc);
    }

    /// <summary>mcrfs BF,BFA: copies field BFA to CR field BF, then clears the exception bits it copied, FX included.</summary>
    public static void Mcrfs(CpuState* s, Insn* i)
    {
        int shift = 28 - (i->A & 0x1c);
        uint fpscr = s->Fpscr;
        s->Cr[i->T >> 2] = (byte)((fpscr >> shift) & 0xf);
        StatusUpdate.Store(s, fpscr & ~((0xfu << shift) & (Fpscr.FX | Fpscr.AllExceptions)));
    }

    private static void Write(CpuState* s, uint mask, uint value)
    {
        mask &= ~Unwritable;
        StatusUpdate.Store(s, (s->Fpscr & ~mask) | (value & mask));
    }

    private static void WriteHigh(CpuState* s, uint mask, uint value)
    {
        mask &= DecimalRounding;
        s->FpscrHigh = (s->FpscrHigh & ~mask) | (value & mask);
    }

    private static ulong Both(CpuState* s, uint mask) => ((ulong)s->FpscrHigh << 32) | (s->Fpscr & mask);

    private static void ExchangeDecimalRounding(CpuState* s, Insn* i, uint value)
    {
        s->Fpr(i->T) = Both(s, Controls);
        WriteHigh(s, DecimalRounding, value);
    }

    private static void ExchangeRounding(CpuState* s, Insn* i, uint value)
    {
        s->Fpr(i->T) = Both(s, Controls);
        Write(s, Fpscr.RN, value);
    }

    /// <summary>Widens each of 8 bits to a 4-bit field.</summary>
    private static uint FieldMask(uint flm)
    {
        uint mask = 0;
        for (int field = 0; field < 8; field++)
        {
            mask |= ((flm >> field) & 1) * 0xfu << (4 * field);
        }

        return mask;
    }
}
