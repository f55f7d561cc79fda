using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.FloatingPoint;

/// <content>
/// 4.6.10: FPSCR. FEX and VX cannot be written, they follow from the others. FX follows from exception bits only in mtfsb1; mtfsf
/// and mtfsfi write it as they find it. Not modelled: bits 0:31, which hold only the decimal rounding mode: mffs reads 0 there
/// and writes are dropped.
/// </content>
public static unsafe partial class FloatingPointLeaves
{
    /// <summary>Bits no instruction writes: the two summaries, and reserved bit 52, which hardware keeps 0.</summary>
    private const uint Unwritable = Fpscr.FEX | Fpscr.VX | Fpscr.Reserved;

    /// <summary>mffs[.] FRT: FPSCR, zero-extended.</summary>
    public static void Mffs(CpuState* s, Insn* i)
    {
        s->Fpr(i->T) = s->Fpscr;
        StatusUpdate.Record(s, i->Rc);
    }

    /// <summary>
    /// mtfsf[.] FLM,FRB,L,W: the fields FLM selects, or all if L is 1. W=1 selects among bits 0:31, which are not modelled.
    /// A 32-bit CPU has neither L nor W and its assemblers leave them 0.
    /// </summary>
    public static void Mtfsf(CpuState* s, Insn* i)
    {
        uint word = i->Word;
        bool all = (word & 0x0200_0000) != 0;
        bool high = (word & 0x0001_0000) != 0;
        uint mask = all ? 0xffff_ffff : high ? 0 : FieldMask((word >> 17) & 0xff);
        Write(s, mask, (uint)s->Fpr(i->B));
        StatusUpdate.Record(s, i->Rc);
    }

    /// <summary>mtfsfi[.] BF,U,W: field BF becomes U.</summary>
    public static void Mtfsfi(CpuState* s, Insn* i)
    {
        int shift = 28 - (i->T & 0x1c);
        bool high = (i->Word & 0x0001_0000) != 0;
        Write(s, high ? 0 : 0xfu << shift, ((i->Word >> 12) & 0xf) << shift);
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
