using System.Runtime.CompilerServices;
using Firmament.PowerPC.Isa;

namespace Firmament.PowerPC.Semantics;

/// <summary>Fixed point of 64-bit CPUs. Source: Power ISA 3.0B Book I 3.3.</summary>
internal static partial class Semantics<E, W>
{
    [MethodImpl(Inline)] public static void Cmpdi(ref E e, in Insn i) => e.CompareSigned64(i.Bf, e[i.Ra], e.Imm(i.Imm));

    [MethodImpl(Inline)] public static void Cmpldi(ref E e, in Insn i) => e.CompareUnsigned64(i.Bf, e[i.Ra], e.Imm(i.Imm));

    [MethodImpl(Inline)] public static void Cmpd(ref E e, in Insn i) => e.CompareSigned64(i.Bf, e[i.Ra], e[i.Rb]);

    [MethodImpl(Inline)] public static void Cmpld(ref E e, in Insn i) => e.CompareUnsigned64(i.Bf, e[i.Ra], e[i.Rb]);

    [MethodImpl(Inline)] public static void Mulld(ref E e, in Insn i, bool oe, bool rc) => Target(ref e, i.Rt, e.MultiplyLow64(e[i.Ra], e[i.Rb], oe), rc);

    [MethodImpl(Inline)] public static void Mulhd(ref E e, in Insn i, bool rc) => Target(ref e, i.Rt, e.MultiplyHigh64(e[i.Ra], e[i.Rb], true), rc);

    [MethodImpl(Inline)] public static void Mulhdu(ref E e, in Insn i, bool rc) => Target(ref e, i.Rt, e.MultiplyHigh64(e[i.Ra], e[i.Rb], false), rc);

    [MethodImpl(Inline)] public static void Divd(ref E e, in Insn i, bool oe, bool rc) => Target(ref e, i.Rt, e.Divide64(e[i.Ra], e[i.Rb], true, oe), rc);

    [MethodImpl(Inline)] public static void Divdu(ref E e, in Insn i, bool oe, bool rc) => Target(ref e, i.Rt, e.Divide64(e[i.Ra], e[i.Rb], false, oe), rc);

    [MethodImpl(Inline)] public static void Isel(ref E e, in Insn i) => e[i.Rt] = e.Select(e.CrBit(i.C), e[i.Ra], e[i.Rb]);

    [MethodImpl(Inline)] public static void Rldicl(ref E e, in Insn i, bool rc) => Target(ref e, i.Ra, e.RotateLeft64(e[i.Rs], i.B) & e.MaskFrom(i.C), rc);

    [MethodImpl(Inline)] public static void Rldicr(ref E e, in Insn i, bool rc) => Target(ref e, i.Ra, e.RotateLeft64(e[i.Rs], i.B) & e.MaskTo(i.C), rc);

    [MethodImpl(Inline)] public static void Rldic(ref E e, in Insn i, bool rc) => Target(ref e, i.Ra, e.RotateLeft64(e[i.Rs], i.B) & e.Mask64(i.C, 63 - i.B), rc);

    [MethodImpl(Inline)]
    public static void Rldimi(ref E e, in Insn i, bool rc)
    {
        W mask = e.Mask64(i.C, 63 - i.B);
        Target(ref e, i.Ra, (e.RotateLeft64(e[i.Rs], i.B) & mask) | (e[i.Ra] & ~mask), rc);
    }

    [MethodImpl(Inline)] public static void Rldcl(ref E e, in Insn i, bool rc) => Target(ref e, i.Ra, e.RotateLeft64(e[i.Rs], e[i.Rb]) & e.MaskFrom(i.C), rc);

    [MethodImpl(Inline)] public static void Rldcr(ref E e, in Insn i, bool rc) => Target(ref e, i.Ra, e.RotateLeft64(e[i.Rs], e[i.Rb]) & e.MaskTo(i.C), rc);

    [MethodImpl(Inline)] public static void Sld(ref E e, in Insn i, bool rc) => Target(ref e, i.Ra, e.ShiftLeft64(e[i.Rs], e[i.Rb]), rc);

    [MethodImpl(Inline)] public static void Srd(ref E e, in Insn i, bool rc) => Target(ref e, i.Ra, e.ShiftRight64(e[i.Rs], e[i.Rb]), rc);

    [MethodImpl(Inline)] public static void Srad(ref E e, in Insn i, bool rc) => Target(ref e, i.Ra, e.ShiftRightAlgebraic64(e[i.Rs], e[i.Rb]), rc);

    [MethodImpl(Inline)] public static void Sradi(ref E e, in Insn i, bool rc) => Target(ref e, i.Ra, e.ShiftRightAlgebraic64(e[i.Rs], e.Imm(i.B)), rc);

    [MethodImpl(Inline)] public static void Extswsli(ref E e, in Insn i, bool rc) => Target(ref e, i.Ra, e.ShiftLeft64(e.SignExtend32(e[i.Rs]), e.Imm(i.B)), rc);

    [MethodImpl(Inline)] public static void Extsw(ref E e, in Insn i, bool rc) => Target(ref e, i.Ra, e.SignExtend32(e[i.Rs]), rc);

    [MethodImpl(Inline)] public static void Cntlzd(ref E e, in Insn i, bool rc) => Target(ref e, i.Ra, e.CountLeadingZeros64(e[i.Rs]), rc);

    [MethodImpl(Inline)] public static void Td(ref E e, in Insn i) => e.TrapIf64(i.To, e[i.Ra], e[i.Rb]);

    [MethodImpl(Inline)] public static void Tdi(ref E e, in Insn i) => e.TrapIf64(i.To, e[i.Ra], e.Imm(i.Imm));

    /// <summary>mfocrf: the fields that FXM does not name are 0, as POWER has it; the architecture leaves them undefined.</summary>
    [MethodImpl(Inline)] public static void Mfocrf(ref E e, in Insn i) => e[i.Rt] = e.GetCr() & e.CrFieldMask(i.Imm);
}
