using System.Runtime.CompilerServices;
using Firmament.PowerPC.Isa;

namespace Firmament.PowerPC.Semantics;

/// <summary>Byte-reversed, multiple, string, reserving, cache and vector storage accesses. Source: PEM 4.2.3, AltiVec PEM 4.2.2.</summary>
internal static partial class Semantics<E, W>
{
    [MethodImpl(Inline)]
    public static void Lhbrx(ref E e, in Insn i)
    {
        if (e.Load16(e[i.Ra] + e[i.Rb], out W value))
        {
            e[i.Rt] = e.ByteReverse16(value);
        }
    }

    [MethodImpl(Inline)]
    public static void Lwbrx(ref E e, in Insn i)
    {
        if (e.Load32(e[i.Ra] + e[i.Rb], out W value))
        {
            e[i.Rt] = e.ByteReverse32(value);
        }
    }

    [MethodImpl(Inline)] public static void Sthbrx(ref E e, in Insn i) => e.Store16(e[i.Ra] + e[i.Rb], e.ByteReverse16(e[i.Rs]));

    [MethodImpl(Inline)] public static void Stwbrx(ref E e, in Insn i) => e.Store32(e[i.Ra] + e[i.Rb], e.ByteReverse32(e[i.Rs]));

    public static void Lmw(ref E e, in Insn i)
    {
        W ea = e[i.Ra] + e.Imm(i.Imm);
        if (!e.RequireAlignedMultiple(ea))
        {
            return;
        }

        for (int r = i.Rt; r < 32; r++, ea += e.Imm(4))
        {
            if (!e.Load32(ea, out W value))
            {
                return;
            }

            e[r] = value;
        }
    }

    public static void Stmw(ref E e, in Insn i)
    {
        W ea = e[i.Ra] + e.Imm(i.Imm);
        if (!e.RequireAlignedMultiple(ea))
        {
            return;
        }

        for (int r = i.Rs; r < 32; r++, ea += e.Imm(4))
        {
            if (!e.Store32(ea, e[r]))
            {
                return;
            }
        }
    }

    public static void Lswi(ref E e, in Insn i) => LoadString(ref e, i, e[i.Ra], i.B == 0 ? 32 : i.B, i.Ra, -1);

    public static void Lswx(ref E e, in Insn i) => LoadString(ref e, i, e[i.Ra] + e[i.Rb], e.StringCount, i.Ra, i.Rb);

    public static void Stswi(ref E e, in Insn i) => StoreString(ref e, i, e[i.Ra], i.B == 0 ? 32 : i.B);

    public static void Stswx(ref E e, in Insn i) => StoreString(ref e, i, e[i.Ra] + e[i.Rb], e.StringCount);

    [MethodImpl(Inline)]
    public static void Lwarx(ref E e, in Insn i)
    {
        if (e.LoadReserve(e[i.Ra] + e[i.Rb], 4, out W value))
        {
            e[i.Rt] = value;
        }
    }

    [MethodImpl(Inline)] public static void Stwcx(ref E e, in Insn i) => e.StoreConditional(e[i.Ra] + e[i.Rb], 4, e[i.Rs]);

    [MethodImpl(Inline)] public static void Stfiwx(ref E e, in Insn i) => e.StoreFprWord(i.Frs, e[i.Ra] + e[i.Rb]);

    [MethodImpl(Inline)] public static void Lvx(ref E e, in Insn i) => e.LoadVr(i.Vrt, e[i.Ra] + e[i.Rb], 16);

    [MethodImpl(Inline)] public static void Lvebx(ref E e, in Insn i) => e.LoadVr(i.Vrt, e[i.Ra] + e[i.Rb], 1);

    [MethodImpl(Inline)] public static void Lvehx(ref E e, in Insn i) => e.LoadVr(i.Vrt, e[i.Ra] + e[i.Rb], 2);

    [MethodImpl(Inline)] public static void Lvewx(ref E e, in Insn i) => e.LoadVr(i.Vrt, e[i.Ra] + e[i.Rb], 4);

    [MethodImpl(Inline)] public static void Lvsl(ref E e, in Insn i) => e.SetVrShiftControl(i.Vrt, e[i.Ra] + e[i.Rb], false);

    [MethodImpl(Inline)] public static void Lvsr(ref E e, in Insn i) => e.SetVrShiftControl(i.Vrt, e[i.Ra] + e[i.Rb], true);

    [MethodImpl(Inline)] public static void Stvx(ref E e, in Insn i) => e.StoreVr(i.Vrs, e[i.Ra] + e[i.Rb], 16);

    [MethodImpl(Inline)] public static void Stvebx(ref E e, in Insn i) => e.StoreVr(i.Vrs, e[i.Ra] + e[i.Rb], 1);

    [MethodImpl(Inline)] public static void Stvehx(ref E e, in Insn i) => e.StoreVr(i.Vrs, e[i.Ra] + e[i.Rb], 2);

    [MethodImpl(Inline)] public static void Stvewx(ref E e, in Insn i) => e.StoreVr(i.Vrs, e[i.Ra] + e[i.Rb], 4);

    [MethodImpl(Inline)] public static void Dcbz(ref E e, in Insn i) => e.ZeroBlock(e[i.Ra] + e[i.Rb]);

    /// <summary>dcbst, dcbf, icbi: caches are not modelled, but the address must translate for a load.</summary>
    [MethodImpl(Inline)] public static void CacheProbe(ref E e, in Insn i) => e.Probe(e[i.Ra] + e[i.Rb]);

    /// <summary>dcbt, dcbtst, dcba, data streams: hints without effect.</summary>
    [MethodImpl(Inline)]
    public static void CacheHint(ref E e, in Insn i)
    {
    }

    /// <summary>sync, eieio, tlbsync: storage is always performed in order here.</summary>
    [MethodImpl(Inline)]
    public static void Synchronize(ref E e, in Insn i)
    {
    }

    public static void Dcbi(ref E e, in Insn i) => e.InvalidateDataBlock(e[i.Ra] + e[i.Rb]);

    public static void Eciwx(ref E e, in Insn i) => e.ExternalControlIn(i.Rt, e[i.Ra] + e[i.Rb]);

    public static void Ecowx(ref E e, in Insn i) => e.ExternalControlOut(e[i.Ra] + e[i.Rb], e[i.Rs]);

    /// <summary>Bytes go to registers RT, RT+1, … (wrapping from 31 to 0), left-justified; the rest of the last one is cleared.</summary>
    /// <remarks>
    /// RA and RB in the range of registers are invalid forms (Power ISA 3.0B Book I 3.3.7). Quirk: where a load would overwrite one of them it is
    /// left as it was, as POWER processors do.
    /// </remarks>
    private static void LoadString(ref E e, in Insn i, W ea, int count, int ra, int rb)
    {
        if (!e.RequireBigEndianString(ea))
        {
            return;
        }

        for (int n = 0; n < count; n++)
        {
            int register = (i.Rt + (n / 4)) & 31;
            if (!e.Load8(ea + e.Imm(n), out W value))
            {
                return;
            }

            if ((register == ra && ra != 0) || register == rb)
            {
                continue;
            }

            W shifted = e.ShiftLeft32(value, e.Imm(24 - (8 * (n & 3))));
            e[register] = (n & 3) == 0 ? shifted : e[register] | shifted;
        }
    }

    private static void StoreString(ref E e, in Insn i, W ea, int count)
    {
        if (!e.RequireBigEndianString(ea))
        {
            return;
        }

        for (int n = 0; n < count; n++)
        {
            W value = e.ShiftRight32(e[(i.Rs + (n / 4)) & 31], e.Imm(24 - (8 * (n & 3))));
            if (!e.Store8(ea + e.Imm(n), value))
            {
                return;
            }
        }
    }
}
