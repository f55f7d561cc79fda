using Firmament.PowerPC.Isa;

namespace Firmament.PowerPC.Semantics;

/// <summary>System linkage and storage control of Book III-S. Source: Power ISA 3.0B Book III chapters 3 to 5.</summary>
internal static partial class Semantics<E, W>
{
    public static void Mtmsrd(ref E e, in Insn i) => e.MoveToMsr(e[i.Rs], (i.A & 1) != 0 ? PartialMsr : ulong.MaxValue);

    public static void Rfid(ref E e, in Insn i) => e.ReturnFromInterrupt(ReturnKind.Rfid);

    public static void Rfscv(ref E e, in Insn i) => e.ReturnFromInterrupt(ReturnKind.Rfscv);

    /// <summary>rfebb S: S allows other event-based branches. Power ISA 2.07B Book II 7.3.</summary>
    public static void Rfebb(ref E e, in Insn i) => e.ReturnFromInterrupt((i.B & 1) != 0 ? ReturnKind.RfebbEnabling : ReturnKind.Rfebb);

    public static void Scv(ref E e, in Insn i) => e.SystemCallVectored(i.Imm);

    /// <summary>An instruction that only a hypervisor may use, and no partition is one: privileged instruction.</summary>
    public static void HypervisorOnly(ref E e, in Insn i) => e.RefusePrivileged();

    /// <summary>Transactional memory, which this machine does not offer: MSR[TM] is always 0.</summary>
    public static void TransactionalMemory(ref E e, in Insn i) => e.RefuseFacility(FacilityTm);

    public static void Bctar(ref E e, in Insn i) => e.BranchToTarget(i.Bo, i.Bi, false);

    public static void Bctarl(ref E e, in Insn i) => e.BranchToTarget(i.Bo, i.Bi, true);

    public static void Slbmte(ref E e, in Insn i) => e.SegmentLookaside(SlbOperation.MoveTo, i.Rs, e[i.Rb]);

    public static void Slbie(ref E e, in Insn i) => e.SegmentLookaside(SlbOperation.Invalidate, 0, e[i.Rb]);

    public static void Slbieg(ref E e, in Insn i) => e.SegmentLookaside(SlbOperation.InvalidateGlobal, i.Rs, e[i.Rb]);

    public static void Slbia(ref E e, in Insn i) => e.SegmentLookaside(SlbOperation.InvalidateAll, 0, e.Imm(i.T & 7));

    public static void Slbmfee(ref E e, in Insn i) => e.SegmentLookaside(SlbOperation.ReadEsid, i.Rt, e[i.Rb]);

    public static void Slbmfev(ref E e, in Insn i) => e.SegmentLookaside(SlbOperation.ReadVsid, i.Rt, e[i.Rb]);

    public static void Slbfee(ref E e, in Insn i) => e.SegmentLookaside(SlbOperation.Find, i.Rt, e[i.Rb]);

    public static void TlbieBook3S(ref E e, in Insn i) => e.InvalidateTranslation(e[i.Rb], e[i.Rs], (i.A >> 2) & 3, isLocal: false);

    public static void Tlbiel(ref E e, in Insn i) => e.InvalidateTranslation(e[i.Rb], e[i.Rs], (i.A >> 2) & 3, isLocal: true);

    public static void Msgsndp(ref E e, in Insn i) => e.Doorbell(e[i.Rb], true);

    public static void Msgclrp(ref E e, in Insn i) => e.Doorbell(e[i.Rb], false);

    private const ulong PartialMsr = 0x8002;
    private const int FacilityTm = 5;
}
