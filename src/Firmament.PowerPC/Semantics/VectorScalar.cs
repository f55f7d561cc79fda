using System.Runtime.CompilerServices;
using Firmament.PowerPC.Isa;

namespace Firmament.PowerPC.Semantics;

/// <summary>Vector-scalar loads, stores and moves. Source: Power ISA 3.0B Book I 7.6.1.</summary>
internal static partial class Semantics<E, W>
{
    [MethodImpl(Inline)] public static void Lxsdx(ref E e, in Insn i) => e.LoadVsr(i.T, e[i.Ra] + e[i.Rb], VsrLoad.Doubleword);

    [MethodImpl(Inline)] public static void Lxvd2x(ref E e, in Insn i) => e.LoadVsr(i.T, e[i.Ra] + e[i.Rb], VsrLoad.TwoDoublewords);

    [MethodImpl(Inline)] public static void Lxvdsx(ref E e, in Insn i) => e.LoadVsr(i.T, e[i.Ra] + e[i.Rb], VsrLoad.DoublewordSplat);

    [MethodImpl(Inline)] public static void Lxvw4x(ref E e, in Insn i) => e.LoadVsr(i.T, e[i.Ra] + e[i.Rb], VsrLoad.FourWords);

    [MethodImpl(Inline)] public static void Lxsspx(ref E e, in Insn i) => e.LoadVsr(i.T, e[i.Ra] + e[i.Rb], VsrLoad.Single);

    [MethodImpl(Inline)] public static void Lxsiwax(ref E e, in Insn i) => e.LoadVsr(i.T, e[i.Ra] + e[i.Rb], VsrLoad.WordAlgebraic);

    [MethodImpl(Inline)] public static void Lxsiwzx(ref E e, in Insn i) => e.LoadVsr(i.T, e[i.Ra] + e[i.Rb], VsrLoad.Word);

    [MethodImpl(Inline)] public static void Lxsibzx(ref E e, in Insn i) => e.LoadVsr(i.T, e[i.Ra] + e[i.Rb], VsrLoad.Byte);

    [MethodImpl(Inline)] public static void Lxsihzx(ref E e, in Insn i) => e.LoadVsr(i.T, e[i.Ra] + e[i.Rb], VsrLoad.Halfword);

    [MethodImpl(Inline)] public static void Lxvh8x(ref E e, in Insn i) => e.LoadVsr(i.T, e[i.Ra] + e[i.Rb], VsrLoad.EightHalfwords);

    [MethodImpl(Inline)] public static void Lxvb16x(ref E e, in Insn i) => e.LoadVsr(i.T, e[i.Ra] + e[i.Rb], VsrLoad.SixteenBytes);

    [MethodImpl(Inline)] public static void Lxvx(ref E e, in Insn i) => e.LoadVsr(i.T, e[i.Ra] + e[i.Rb], VsrLoad.Quadword);

    [MethodImpl(Inline)] public static void Lxvwsx(ref E e, in Insn i) => e.LoadVsr(i.T, e[i.Ra] + e[i.Rb], VsrLoad.WordSplat);

    [MethodImpl(Inline)] public static void Stxsdx(ref E e, in Insn i) => e.StoreVsr(i.T, e[i.Ra] + e[i.Rb], VsrLoad.Doubleword);

    [MethodImpl(Inline)] public static void Stxvd2x(ref E e, in Insn i) => e.StoreVsr(i.T, e[i.Ra] + e[i.Rb], VsrLoad.TwoDoublewords);

    [MethodImpl(Inline)] public static void Stxvw4x(ref E e, in Insn i) => e.StoreVsr(i.T, e[i.Ra] + e[i.Rb], VsrLoad.FourWords);

    [MethodImpl(Inline)] public static void Stxsspx(ref E e, in Insn i) => e.StoreVsr(i.T, e[i.Ra] + e[i.Rb], VsrLoad.Single);

    [MethodImpl(Inline)] public static void Stxsiwx(ref E e, in Insn i) => e.StoreVsr(i.T, e[i.Ra] + e[i.Rb], VsrLoad.Word);

    [MethodImpl(Inline)] public static void Stxsibx(ref E e, in Insn i) => e.StoreVsr(i.T, e[i.Ra] + e[i.Rb], VsrLoad.Byte);

    [MethodImpl(Inline)] public static void Stxsihx(ref E e, in Insn i) => e.StoreVsr(i.T, e[i.Ra] + e[i.Rb], VsrLoad.Halfword);

    [MethodImpl(Inline)] public static void Stxvh8x(ref E e, in Insn i) => e.StoreVsr(i.T, e[i.Ra] + e[i.Rb], VsrLoad.EightHalfwords);

    [MethodImpl(Inline)] public static void Stxvb16x(ref E e, in Insn i) => e.StoreVsr(i.T, e[i.Ra] + e[i.Rb], VsrLoad.SixteenBytes);

    [MethodImpl(Inline)] public static void Stxvx(ref E e, in Insn i) => e.StoreVsr(i.T, e[i.Ra] + e[i.Rb], VsrLoad.Quadword);

    [MethodImpl(Inline)] public static void Lxv(ref E e, in Insn i) => e.LoadVsr(i.T, e[i.Ra] + e.Imm(i.Imm), VsrLoad.Quadword);

    [MethodImpl(Inline)] public static void Stxv(ref E e, in Insn i) => e.StoreVsr(i.T, e[i.Ra] + e.Imm(i.Imm), VsrLoad.Quadword);

    [MethodImpl(Inline)] public static void Lxsd(ref E e, in Insn i) => e.LoadVsr(32 + i.T, e[i.Ra] + e.Imm(i.Imm), VsrLoad.Doubleword);

    [MethodImpl(Inline)] public static void Lxssp(ref E e, in Insn i) => e.LoadVsr(32 + i.T, e[i.Ra] + e.Imm(i.Imm), VsrLoad.Single);

    [MethodImpl(Inline)] public static void Stxsd(ref E e, in Insn i) => e.StoreVsr(32 + i.T, e[i.Ra] + e.Imm(i.Imm), VsrLoad.Doubleword);

    [MethodImpl(Inline)] public static void Stxssp(ref E e, in Insn i) => e.StoreVsr(32 + i.T, e[i.Ra] + e.Imm(i.Imm), VsrLoad.Single);

    public static void Lxvl(ref E e, in Insn i) => e.LoadVsrLength(i.T, e[i.Ra], e[i.Rb], false);

    public static void Lxvll(ref E e, in Insn i) => e.LoadVsrLength(i.T, e[i.Ra], e[i.Rb], true);

    public static void Stxvl(ref E e, in Insn i) => e.StoreVsrLength(i.T, e[i.Ra], e[i.Rb], false);

    public static void Stxvll(ref E e, in Insn i) => e.StoreVsrLength(i.T, e[i.Ra], e[i.Rb], true);

    [MethodImpl(Inline)] public static void Mfvsrd(ref E e, in Insn i) => e[i.Ra] = e.VsrDoubleword(i.T, 0);

    [MethodImpl(Inline)] public static void Mfvsrld(ref E e, in Insn i) => e[i.Ra] = e.VsrDoubleword(i.T, 1);

    [MethodImpl(Inline)] public static void Mfvsrwz(ref E e, in Insn i) => e[i.Ra] = e.VsrDoubleword(i.T, 0) & e.UnsignedImm(-1);

    /// <summary>mtvsrd: doubleword 1 is undefined; here it becomes 0, as POWER9 has it.</summary>
    [MethodImpl(Inline)] public static void Mtvsrd(ref E e, in Insn i) => SetVsr(ref e, i.T, e[i.Ra], e.Imm(0));

    [MethodImpl(Inline)] public static void Mtvsrwa(ref E e, in Insn i) => SetVsr(ref e, i.T, e.SignExtend32(e[i.Ra]), e.Imm(0));

    [MethodImpl(Inline)] public static void Mtvsrwz(ref E e, in Insn i) => SetVsr(ref e, i.T, e[i.Ra] & e.UnsignedImm(-1), e.Imm(0));

    [MethodImpl(Inline)] public static void Mtvsrdd(ref E e, in Insn i) => SetVsr(ref e, i.T, e[i.Ra], e[i.Rb]);

    [MethodImpl(Inline)]
    public static void Mtvsrws(ref E e, in Insn i)
    {
        W word = e[i.Ra] & e.UnsignedImm(-1);
        W both = word | e.RotateLeft64(word, 32);
        SetVsr(ref e, i.T, both, both);
    }

    [MethodImpl(Inline)]
    private static void SetVsr(ref E e, int vsr, W first, W second)
    {
        e.SetVsrDoubleword(vsr, 0, first);
        e.SetVsrDoubleword(vsr, 1, second);
    }
}
