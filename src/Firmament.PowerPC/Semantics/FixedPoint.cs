using System.Runtime.CompilerServices;
using Firmament.PowerPC.Isa;

namespace Firmament.PowerPC.Semantics;

/// <summary>Fixed-point arithmetic, compare, logical, rotate and shift. Source: PEM 4.2.1, Power ISA 2.07B Book I 3.3.</summary>
internal static partial class Semantics<E, W>
    where E : struct, IEmitter<W>
    where W : struct, IWord<W>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    [MethodImpl(Inline)] public static void Addi(ref E e, in Insn i) => e[i.Rt] = e[i.Ra] + e.Imm(i.Imm);

    [MethodImpl(Inline)] public static void Addis(ref E e, in Insn i) => e[i.Rt] = e[i.Ra] + e.Imm(i.Imm);

    [MethodImpl(Inline)] public static void Addic(ref E e, in Insn i) => e[i.Rt] = e.AddCarrying(e[i.Ra], e.Imm(i.Imm), e.Imm(0), true, false);

    [MethodImpl(Inline)]
    public static void AddicRecord(ref E e, in Insn i)
    {
        W sum = e.AddCarrying(e[i.Ra], e.Imm(i.Imm), e.Imm(0), true, false);
        e[i.Rt] = sum;
        e.Record(sum);
    }

    [MethodImpl(Inline)] public static void Subfic(ref E e, in Insn i) => e[i.Rt] = e.AddCarrying(~e[i.Ra], e.Imm(i.Imm), e.Imm(1), true, false);

    [MethodImpl(Inline)] public static void Mulli(ref E e, in Insn i) => e[i.Rt] = e.MultiplyLow64(e[i.Ra], e.Imm(i.Imm), false);

    [MethodImpl(Inline)] public static void Add(ref E e, in Insn i, bool oe, bool rc) => Sum(ref e, i, e[i.Ra], e[i.Rb], e.Imm(0), false, oe, rc);

    [MethodImpl(Inline)] public static void Addc(ref E e, in Insn i, bool oe, bool rc) => Sum(ref e, i, e[i.Ra], e[i.Rb], e.Imm(0), true, oe, rc);

    [MethodImpl(Inline)] public static void Adde(ref E e, in Insn i, bool oe, bool rc) => Sum(ref e, i, e[i.Ra], e[i.Rb], e.Carry, true, oe, rc);

    [MethodImpl(Inline)] public static void Addme(ref E e, in Insn i, bool oe, bool rc) => Sum(ref e, i, e[i.Ra], e.Imm(-1), e.Carry, true, oe, rc);

    [MethodImpl(Inline)] public static void Addze(ref E e, in Insn i, bool oe, bool rc) => Sum(ref e, i, e[i.Ra], e.Imm(0), e.Carry, true, oe, rc);

    [MethodImpl(Inline)] public static void Subf(ref E e, in Insn i, bool oe, bool rc) => Sum(ref e, i, ~e[i.Ra], e[i.Rb], e.Imm(1), false, oe, rc);

    [MethodImpl(Inline)] public static void Subfc(ref E e, in Insn i, bool oe, bool rc) => Sum(ref e, i, ~e[i.Ra], e[i.Rb], e.Imm(1), true, oe, rc);

    [MethodImpl(Inline)] public static void Subfe(ref E e, in Insn i, bool oe, bool rc) => Sum(ref e, i, ~e[i.Ra], e[i.Rb], e.Carry, true, oe, rc);

    [MethodImpl(Inline)] public static void Subfme(ref E e, in Insn i, bool oe, bool rc) => Sum(ref e, i, ~e[i.Ra], e.Imm(-1), e.Carry, true, oe, rc);

    [MethodImpl(Inline)] public static void Subfze(ref E e, in Insn i, bool oe, bool rc) => Sum(ref e, i, ~e[i.Ra], e.Imm(0), e.Carry, true, oe, rc);

    [MethodImpl(Inline)] public static void Neg(ref E e, in Insn i, bool oe, bool rc) => Sum(ref e, i, ~e[i.Ra], e.Imm(0), e.Imm(1), false, oe, rc);

    [MethodImpl(Inline)] public static void Mullw(ref E e, in Insn i, bool oe, bool rc) => Target(ref e, i.Rt, e.MultiplyLow32(e[i.Ra], e[i.Rb], oe), rc);

    [MethodImpl(Inline)] public static void Mulhw(ref E e, in Insn i, bool rc) => Target(ref e, i.Rt, e.MultiplyHigh32(e[i.Ra], e[i.Rb], true), rc);

    [MethodImpl(Inline)] public static void Mulhwu(ref E e, in Insn i, bool rc) => Target(ref e, i.Rt, e.MultiplyHigh32(e[i.Ra], e[i.Rb], false), rc);

    [MethodImpl(Inline)] public static void Divw(ref E e, in Insn i, bool oe, bool rc) => Target(ref e, i.Rt, e.Divide32(e[i.Ra], e[i.Rb], true, oe), rc);

    [MethodImpl(Inline)] public static void Divwu(ref E e, in Insn i, bool oe, bool rc) => Target(ref e, i.Rt, e.Divide32(e[i.Ra], e[i.Rb], false, oe), rc);

    [MethodImpl(Inline)] public static void Cmpi(ref E e, in Insn i) => e.CompareSigned32(i.Bf, e[i.Ra], e.Imm(i.Imm));

    [MethodImpl(Inline)] public static void Cmpli(ref E e, in Insn i) => e.CompareUnsigned32(i.Bf, e[i.Ra], e.Imm(i.Imm));

    [MethodImpl(Inline)] public static void Cmp(ref E e, in Insn i) => e.CompareSigned32(i.Bf, e[i.Ra], e[i.Rb]);

    [MethodImpl(Inline)] public static void Cmpl(ref E e, in Insn i) => e.CompareUnsigned32(i.Bf, e[i.Ra], e[i.Rb]);

    [MethodImpl(Inline)] public static void AndiRecord(ref E e, in Insn i) => Target(ref e, i.Ra, e[i.Rs] & e.UnsignedImm(i.Imm), true);

    [MethodImpl(Inline)] public static void Ori(ref E e, in Insn i) => e[i.Ra] = e[i.Rs] | e.UnsignedImm(i.Imm);

    [MethodImpl(Inline)] public static void Xori(ref E e, in Insn i) => e[i.Ra] = e[i.Rs] ^ e.UnsignedImm(i.Imm);

    [MethodImpl(Inline)] public static void And(ref E e, in Insn i, bool rc) => Target(ref e, i.Ra, e[i.Rs] & e[i.Rb], rc);

    [MethodImpl(Inline)] public static void Or(ref E e, in Insn i, bool rc) => Target(ref e, i.Ra, e[i.Rs] | e[i.Rb], rc);

    [MethodImpl(Inline)] public static void Xor(ref E e, in Insn i, bool rc) => Target(ref e, i.Ra, e[i.Rs] ^ e[i.Rb], rc);

    [MethodImpl(Inline)] public static void Nand(ref E e, in Insn i, bool rc) => Target(ref e, i.Ra, ~(e[i.Rs] & e[i.Rb]), rc);

    [MethodImpl(Inline)] public static void Nor(ref E e, in Insn i, bool rc) => Target(ref e, i.Ra, ~(e[i.Rs] | e[i.Rb]), rc);

    [MethodImpl(Inline)] public static void Eqv(ref E e, in Insn i, bool rc) => Target(ref e, i.Ra, ~(e[i.Rs] ^ e[i.Rb]), rc);

    [MethodImpl(Inline)] public static void Andc(ref E e, in Insn i, bool rc) => Target(ref e, i.Ra, e[i.Rs] & ~e[i.Rb], rc);

    [MethodImpl(Inline)] public static void Orc(ref E e, in Insn i, bool rc) => Target(ref e, i.Ra, e[i.Rs] | ~e[i.Rb], rc);

    [MethodImpl(Inline)] public static void Extsb(ref E e, in Insn i, bool rc) => Target(ref e, i.Ra, e.SignExtend8(e[i.Rs]), rc);

    [MethodImpl(Inline)] public static void Extsh(ref E e, in Insn i, bool rc) => Target(ref e, i.Ra, e.SignExtend16(e[i.Rs]), rc);

    [MethodImpl(Inline)] public static void Cntlzw(ref E e, in Insn i, bool rc) => Target(ref e, i.Ra, e.CountLeadingZeros32(e[i.Rs]), rc);

    [MethodImpl(Inline)] public static void Rlwinm(ref E e, in Insn i, bool rc) => Target(ref e, i.Ra, e.RotateLeft32(e[i.Rs], e.Imm(i.Sh)) & e.RotateMask(i), rc);

    [MethodImpl(Inline)] public static void Rlwnm(ref E e, in Insn i, bool rc) => Target(ref e, i.Ra, e.RotateLeft32(e[i.Rs], e[i.Rb]) & e.RotateMask(i), rc);

    [MethodImpl(Inline)]
    public static void Rlwimi(ref E e, in Insn i, bool rc) =>
        Target(ref e, i.Ra, (e.RotateLeft32(e[i.Rs], e.Imm(i.Sh)) & e.RotateMask(i)) | (e[i.Ra] & ~e.RotateMask(i)), rc);

    [MethodImpl(Inline)] public static void Slw(ref E e, in Insn i, bool rc) => Target(ref e, i.Ra, e.ShiftLeft32(e[i.Rs], e[i.Rb]), rc);

    [MethodImpl(Inline)] public static void Srw(ref E e, in Insn i, bool rc) => Target(ref e, i.Ra, e.ShiftRight32(e[i.Rs], e[i.Rb]), rc);

    [MethodImpl(Inline)] public static void Sraw(ref E e, in Insn i, bool rc) => Target(ref e, i.Ra, e.ShiftRightAlgebraic32(e[i.Rs], e[i.Rb]), rc);

    [MethodImpl(Inline)] public static void Srawi(ref E e, in Insn i, bool rc) => Target(ref e, i.Ra, e.ShiftRightAlgebraic32(e[i.Rs], e.Imm(i.Sh)), rc);

    [MethodImpl(Inline)]
    private static void Sum(ref E e, in Insn i, W a, W b, W carry, bool setCa, bool oe, bool rc) =>
        Target(ref e, i.Rt, e.AddCarrying(a, b, carry, setCa, oe), rc);

    [MethodImpl(Inline)]
    private static void Target(ref E e, int register, W value, bool rc)
    {
        e[register] = value;
        if (rc)
        {
            e.Record(value);
        }
    }
}
