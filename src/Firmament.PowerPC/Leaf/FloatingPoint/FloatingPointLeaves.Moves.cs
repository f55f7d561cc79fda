using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.FloatingPoint;

/// <content>4.6.5 moves and 4.6.9 select. They change no status, take any NaN as it is, and Rc records the old FPSCR.</content>
public static unsafe partial class FloatingPointLeaves
{
    /// <summary>fmr[.] FRT,FRB: copy.</summary>
    public static void Fmr(CpuState* s, Insn* i) => Move(s, i, s->Fpr(i->B));

    /// <summary>fneg[.] FRT,FRB: sign inverted.</summary>
    public static void Fneg(CpuState* s, Insn* i) => Move(s, i, s->Fpr(i->B) ^ Binary64.SignBit);

    /// <summary>fabs[.] FRT,FRB: sign cleared.</summary>
    public static void Fabs(CpuState* s, Insn* i) => Move(s, i, s->Fpr(i->B) & Binary64.Magnitude);

    /// <summary>fnabs[.] FRT,FRB: sign set.</summary>
    public static void Fnabs(CpuState* s, Insn* i) => Move(s, i, s->Fpr(i->B) | Binary64.SignBit);

    /// <summary>fcpsgn[.] FRT,FRA,FRB: FRB with the sign of FRA.</summary>
    public static void Fcpsgn(CpuState* s, Insn* i) =>
        Move(s, i, (s->Fpr(i->A) & Binary64.SignBit) | (s->Fpr(i->B) & Binary64.Magnitude));

    /// <summary>fsel[.] FRT,FRA,FRC,FRB: FRC if FRA ≥ 0, minus zero included; FRB if FRA is less or a NaN.</summary>
    public static void Fsel(CpuState* s, Insn* i) =>
        Move(s, i, BitConverter.UInt64BitsToDouble(s->Fpr(i->A)) >= 0 ? s->Fpr(i->C) : s->Fpr(i->B));

    /// <summary>fmrgew FRT,FRA,FRB: the high words of FRA and FRB.</summary>
    public static void Fmrgew(CpuState* s, Insn* i) =>
        s->Fpr(i->T) = (s->Fpr(i->A) & 0xffff_ffff_0000_0000) | (s->Fpr(i->B) >> 32);

    /// <summary>fmrgow FRT,FRA,FRB: the low words of FRA and FRB.</summary>
    public static void Fmrgow(CpuState* s, Insn* i) =>
        s->Fpr(i->T) = (s->Fpr(i->A) << 32) | (uint)s->Fpr(i->B);

    private static void Move(CpuState* s, Insn* i, ulong bits)
    {
        s->Fpr(i->T) = bits;
        StatusUpdate.Record(s, i->Rc);
    }
}
