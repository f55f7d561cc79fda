using System.Runtime.CompilerServices;
using Firmament.PowerPC.Isa;

namespace Firmament.PowerPC.Semantics;

/// <summary>Branches, traps, condition register. Source: PEM 4.2.4, Power ISA 2.07B Book I 2.4 and 2.5.</summary>
internal static partial class Semantics<E, W>
{
    [MethodImpl(Inline)] public static void Branch(ref E e, in Insn i) => e.BranchRelative(e.Imm(1), i.Imm);

    [MethodImpl(Inline)]
    public static void BranchLink(ref E e, in Insn i)
    {
        e.Lr = e.Relative(4);
        e.BranchRelative(e.Imm(1), i.Imm);
    }

    [MethodImpl(Inline)] public static void BranchAbsolute(ref E e, in Insn i) => e.BranchTo(e.Imm(1), e.Imm(i.Imm));

    [MethodImpl(Inline)]
    public static void BranchAbsoluteLink(ref E e, in Insn i)
    {
        e.Lr = e.Relative(4);
        e.BranchTo(e.Imm(1), e.Imm(i.Imm));
    }

    [MethodImpl(Inline)] public static void BranchTrue(ref E e, in Insn i) => e.BranchRelative(e.CrFlag(i.B, i.CrMask), i.Imm);

    [MethodImpl(Inline)] public static void BranchFalse(ref E e, in Insn i) => e.BranchRelative(e.CrFlag(i.B, i.CrMask) ^ e.Imm(1), i.Imm);

    [MethodImpl(Inline)] public static void BranchDecrementNotZero(ref E e, in Insn i) => e.BranchRelative(e.BranchTaken(16, 0), i.Imm);

    [MethodImpl(Inline)] public static void BranchConditional(ref E e, in Insn i) => e.BranchRelative(e.BranchTaken(i.Bo, i.Bi), i.Imm);

    [MethodImpl(Inline)]
    public static void BranchConditionalLink(ref E e, in Insn i)
    {
        e.Lr = e.Relative(4);
        e.BranchRelative(e.BranchTaken(i.Bo, i.Bi), i.Imm);
    }

    [MethodImpl(Inline)] public static void BranchConditionalAbsolute(ref E e, in Insn i) => e.BranchTo(e.BranchTaken(i.Bo, i.Bi), e.Imm(i.Imm));

    [MethodImpl(Inline)]
    public static void BranchConditionalAbsoluteLink(ref E e, in Insn i)
    {
        e.Lr = e.Relative(4);
        e.BranchTo(e.BranchTaken(i.Bo, i.Bi), e.Imm(i.Imm));
    }

    [MethodImpl(Inline)] public static void BranchToLinkRegisterAlways(ref E e, in Insn i) => e.BranchTo(e.Imm(1), e.Lr);

    [MethodImpl(Inline)] public static void BranchToLinkRegister(ref E e, in Insn i) => e.BranchTo(e.BranchTaken(i.Bo, i.Bi), e.Lr);

    /// <summary>bclrl: the target is LR's old value.</summary>
    [MethodImpl(Inline)]
    public static void BranchToLinkRegisterLink(ref E e, in Insn i)
    {
        W target = e.Lr;
        e.Lr = e.Relative(4);
        e.BranchTo(e.BranchTaken(i.Bo, i.Bi), target);
    }

    /// <summary>bcctr: BO with a decrement is an invalid form; as on the 7450, CTR is decremented and tested, and is the target.</summary>
    [MethodImpl(Inline)] public static void BranchToCountRegister(ref E e, in Insn i) => e.BranchTo(e.BranchTaken(i.Bo, i.Bi), e.Ctr);

    [MethodImpl(Inline)]
    public static void BranchToCountRegisterLink(ref E e, in Insn i)
    {
        e.Lr = e.Relative(4);
        e.BranchTo(e.BranchTaken(i.Bo, i.Bi), e.Ctr);
    }

    [MethodImpl(Inline)] public static void Twi(ref E e, in Insn i) => e.TrapIf(i.To, e[i.Ra], e.Imm(i.Imm));

    [MethodImpl(Inline)] public static void Tw(ref E e, in Insn i) => e.TrapIf(i.To, e[i.Ra], e[i.Rb]);

    [MethodImpl(Inline)] public static void Mcrf(ref E e, in Insn i) => e.CopyCrField(i.Bf, i.Bfa);

    [MethodImpl(Inline)] public static void Crnor(ref E e, in Insn i) => e.SetCrBit(i.T, ~(e.CrBit(i.A) | e.CrBit(i.B)));

    [MethodImpl(Inline)] public static void Crandc(ref E e, in Insn i) => e.SetCrBit(i.T, e.CrBit(i.A) & ~e.CrBit(i.B));

    [MethodImpl(Inline)] public static void Crxor(ref E e, in Insn i) => e.SetCrBit(i.T, e.CrBit(i.A) ^ e.CrBit(i.B));

    [MethodImpl(Inline)] public static void Crnand(ref E e, in Insn i) => e.SetCrBit(i.T, ~(e.CrBit(i.A) & e.CrBit(i.B)));

    [MethodImpl(Inline)] public static void Crand(ref E e, in Insn i) => e.SetCrBit(i.T, e.CrBit(i.A) & e.CrBit(i.B));

    [MethodImpl(Inline)] public static void Creqv(ref E e, in Insn i) => e.SetCrBit(i.T, ~(e.CrBit(i.A) ^ e.CrBit(i.B)));

    [MethodImpl(Inline)] public static void Crorc(ref E e, in Insn i) => e.SetCrBit(i.T, e.CrBit(i.A) | ~e.CrBit(i.B));

    [MethodImpl(Inline)] public static void Cror(ref E e, in Insn i) => e.SetCrBit(i.T, e.CrBit(i.A) | e.CrBit(i.B));

    [MethodImpl(Inline)] public static void Mfcr(ref E e, in Insn i) => e[i.Rt] = e.GetCr();

    [MethodImpl(Inline)] public static void Mtcrf(ref E e, in Insn i) => e.SetCr(i.Imm, e[i.Rs]);

    [MethodImpl(Inline)] public static void Mcrxr(ref E e, in Insn i) => e.MoveXerToCr(i.Bf);
}
