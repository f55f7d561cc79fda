using System.Runtime.CompilerServices;
using Firmament.PowerPC.Isa;

namespace Firmament.PowerPC.Semantics;

/// <summary>Special registers, machine state, segments, TLB, system linkage. Source: PEM 4.2.4.4, 4.3, 4.4.</summary>
internal static partial class Semantics<E, W>
{
    [MethodImpl(Inline)] public static void Mflr(ref E e, in Insn i) => e[i.Rt] = e.Lr;

    [MethodImpl(Inline)] public static void Mtlr(ref E e, in Insn i) => e.Lr = e[i.Rs];

    [MethodImpl(Inline)] public static void Mfctr(ref E e, in Insn i) => e[i.Rt] = e.Ctr;

    [MethodImpl(Inline)] public static void Mtctr(ref E e, in Insn i) => e.Ctr = e[i.Rs];

    [MethodImpl(Inline)] public static void Mfxer(ref E e, in Insn i) => e[i.Rt] = e.Xer;

    [MethodImpl(Inline)] public static void Mtxer(ref E e, in Insn i) => e.Xer = e[i.Rs];

    [MethodImpl(Inline)] public static void MoveFromPlainSpr(ref E e, in Insn i) => e[i.Rt] = e.PlainSpr(i.Imm);

    [MethodImpl(Inline)] public static void MoveToPlainSpr(ref E e, in Insn i) => e.SetPlainSpr(i.Imm, e[i.Rs]);

    public static void Mfspr(ref E e, in Insn i) => e.ReadSpr(i.Imm, i.Rt);

    public static void Mtspr(ref E e, in Insn i) => e.WriteSpr(i.Imm, e[i.Rs]);

    public static void Mftb(ref E e, in Insn i) => e.ReadTimeBase(i.Imm, i.Rt);

    [MethodImpl(Inline)] public static void Mfmsr(ref E e, in Insn i) => e[i.Rt] = e.Msr;

    public static void Mtmsr(ref E e, in Insn i) => e.MoveToMsr(e[i.Rs], (i.A & 1) != 0 ? PartialMsr : uint.MaxValue);

    public static void Mfsr(ref E e, in Insn i) => e.ReadSegment(i.Rt, e.Imm((i.A & 15) << 28));

    public static void Mfsrin(ref E e, in Insn i) => e.ReadSegment(i.Rt, e[i.Rb]);

    public static void Mtsr(ref E e, in Insn i) => e.WriteSegment(e.Imm((i.A & 15) << 28), e[i.Rs]);

    public static void Mtsrin(ref E e, in Insn i) => e.WriteSegment(e[i.Rb], e[i.Rs]);

    public static void Tlbie(ref E e, in Insn i) => e.InvalidateTlbEntry(e[i.Rb]);

    public static void Tlbia(ref E e, in Insn i) => e.InvalidateTlb();

    public static void Tlbld(ref E e, in Insn i) => e.LoadTlb(e[i.Rb], false);

    public static void Tlbli(ref E e, in Insn i) => e.LoadTlb(e[i.Rb], true);

    public static void SystemCall(ref E e, in Insn i) => e.SystemCall(i.Imm);

    public static void ReturnFromInterrupt(ref E e, in Insn i) => e.ReturnFromInterrupt(ReturnKind.Rfi);

    public static void InstructionSynchronize(ref E e, in Insn i) => e.InstructionSynchronize();
}
