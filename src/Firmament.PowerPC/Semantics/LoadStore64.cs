using System.Runtime.CompilerServices;
using Firmament.PowerPC.Isa;

namespace Firmament.PowerPC.Semantics;

/// <summary>Doubleword, quadword and reserving storage accesses of 64-bit CPUs. Source: Power ISA 3.0B Book I 3.3.2 to 3.3.5, 4.6; Book II 4.6.</summary>
internal static partial class Semantics<E, W>
{
    [MethodImpl(Inline)]
    public static void Ld(ref E e, in Insn i)
    {
        W ea = e[i.Ra] + e.Imm(i.Imm);
        if (e.Load64(ea, out W value))
        {
            e[i.Rt] = value;
        }
    }

    [MethodImpl(Inline)]
    public static void Ldu(ref E e, in Insn i)
    {
        W ea = e[i.Ra] + e.Imm(i.Imm);
        if (e.Load64(ea, out W value))
        {
            e[i.Rt] = value;
            e[i.Ra] = ea;
        }
    }

    [MethodImpl(Inline)]
    public static void Ldx(ref E e, in Insn i)
    {
        W ea = e[i.Ra] + e[i.Rb];
        if (e.Load64(ea, out W value))
        {
            e[i.Rt] = value;
        }
    }

    [MethodImpl(Inline)]
    public static void Ldux(ref E e, in Insn i)
    {
        W ea = e[i.Ra] + e[i.Rb];
        if (e.Load64(ea, out W value))
        {
            e[i.Rt] = value;
            e[i.Ra] = ea;
        }
    }

    [MethodImpl(Inline)]
    public static void Lwa(ref E e, in Insn i)
    {
        W ea = e[i.Ra] + e.Imm(i.Imm);
        if (e.Load32(ea, out W value))
        {
            e[i.Rt] = e.SignExtend32(value);
        }
    }

    [MethodImpl(Inline)]
    public static void Lwax(ref E e, in Insn i)
    {
        W ea = e[i.Ra] + e[i.Rb];
        if (e.Load32(ea, out W value))
        {
            e[i.Rt] = e.SignExtend32(value);
        }
    }

    [MethodImpl(Inline)]
    public static void Lwaux(ref E e, in Insn i)
    {
        W ea = e[i.Ra] + e[i.Rb];
        if (e.Load32(ea, out W value))
        {
            e[i.Rt] = e.SignExtend32(value);
            e[i.Ra] = ea;
        }
    }

    [MethodImpl(Inline)]
    public static void Ldbrx(ref E e, in Insn i)
    {
        W ea = e[i.Ra] + e[i.Rb];
        if (e.Load64(ea, out W value))
        {
            e[i.Rt] = e.ByteReverse64(value);
        }
    }

    [MethodImpl(Inline)] public static void Std(ref E e, in Insn i) => e.Store64(e[i.Ra] + e.Imm(i.Imm), e[i.Rs]);

    [MethodImpl(Inline)] public static void Stdx(ref E e, in Insn i) => e.Store64(e[i.Ra] + e[i.Rb], e[i.Rs]);

    [MethodImpl(Inline)] public static void Stdbrx(ref E e, in Insn i) => e.Store64(e[i.Ra] + e[i.Rb], e.ByteReverse64(e[i.Rs]));

    [MethodImpl(Inline)]
    public static void Stdu(ref E e, in Insn i)
    {
        W ea = e[i.Ra] + e.Imm(i.Imm);
        if (e.Store64(ea, e[i.Rs]))
        {
            e[i.Ra] = ea;
        }
    }

    [MethodImpl(Inline)]
    public static void Stdux(ref E e, in Insn i)
    {
        W ea = e[i.Ra] + e[i.Rb];
        if (e.Store64(ea, e[i.Rs]))
        {
            e[i.Ra] = ea;
        }
    }

    [MethodImpl(Inline)]
    public static void Lbarx(ref E e, in Insn i)
    {
        if (e.LoadReserve(e[i.Ra] + e[i.Rb], 1, out W value))
        {
            e[i.Rt] = value;
        }
    }

    [MethodImpl(Inline)] public static void Stbcx(ref E e, in Insn i) => e.StoreConditional(e[i.Ra] + e[i.Rb], 1, e[i.Rs]);

    [MethodImpl(Inline)]
    public static void Lharx(ref E e, in Insn i)
    {
        if (e.LoadReserve(e[i.Ra] + e[i.Rb], 2, out W value))
        {
            e[i.Rt] = value;
        }
    }

    [MethodImpl(Inline)] public static void Sthcx(ref E e, in Insn i) => e.StoreConditional(e[i.Ra] + e[i.Rb], 2, e[i.Rs]);

    [MethodImpl(Inline)]
    public static void Ldarx(ref E e, in Insn i)
    {
        if (e.LoadReserve(e[i.Ra] + e[i.Rb], 8, out W value))
        {
            e[i.Rt] = value;
        }
    }

    [MethodImpl(Inline)] public static void Stdcx(ref E e, in Insn i) => e.StoreConditional(e[i.Ra] + e[i.Rb], 8, e[i.Rs]);

    /// <summary>lq: the even register of the pair gets the more significant half in both byte orders. Must be aligned.</summary>
    public static void Lq(ref E e, in Insn i)
    {
        W ea = e[i.Ra] + e.Imm(i.Imm);
        if (e.RequireEvenPair(i.Rt) && e.RequireAligned(ea, 16) && e.Load128(ea, out W high, out W low))
        {
            e[i.Rt] = high;
            e[i.Rt | 1] = low;
        }
    }

    public static void Stq(ref E e, in Insn i)
    {
        W ea = e[i.Ra] + e.Imm(i.Imm);
        if (e.RequireEvenPair(i.Rs) && e.RequireAligned(ea, 16))
        {
            e.Store128(ea, e[i.Rs], e[i.Rs | 1]);
        }
    }

    public static void Lqarx(ref E e, in Insn i)
    {
        if (e.RequireEvenPair(i.Rt) && e.LoadReserve128(e[i.Ra] + e[i.Rb], out W high, out W low))
        {
            e[i.Rt] = high;
            e[i.Rt | 1] = low;
        }
    }

    public static void Stqcx(ref E e, in Insn i)
    {
        if (e.RequireEvenPair(i.Rs))
        {
            e.StoreConditional128(e[i.Ra] + e[i.Rb], e[i.Rs], e[i.Rs | 1]);
        }
    }

    [MethodImpl(Inline)]
    public static void Lfiwax(ref E e, in Insn i)
    {
        if (e.Load32(e[i.Ra] + e[i.Rb], out W value))
        {
            e.SetVsrDoubleword(i.Frt, 0, e.SignExtend32(value));
        }
    }

    [MethodImpl(Inline)]
    public static void Lfiwzx(ref E e, in Insn i)
    {
        if (e.Load32(e[i.Ra] + e[i.Rb], out W value))
        {
            e.SetVsrDoubleword(i.Frt, 0, value);
        }
    }

    public static void Lfdp(ref E e, in Insn i) => LoadFprPair(ref e, i, e[i.Ra] + e.Imm(i.Imm));

    public static void Lfdpx(ref E e, in Insn i) => LoadFprPair(ref e, i, e[i.Ra] + e[i.Rb]);

    public static void Stfdp(ref E e, in Insn i) => StoreFprPair(ref e, i, e[i.Ra] + e.Imm(i.Imm));

    public static void Stfdpx(ref E e, in Insn i) => StoreFprPair(ref e, i, e[i.Ra] + e[i.Rb]);

    private static void LoadFprPair(ref E e, in Insn i, W ea)
    {
        if (e.RequireEvenPair(i.Frt) && e.Load128(ea, out W high, out W low))
        {
            e.SetVsrDoubleword(i.Frt, 0, high);
            e.SetVsrDoubleword(i.Frt | 1, 0, low);
        }
    }

    private static void StoreFprPair(ref E e, in Insn i, W ea)
    {
        if (e.RequireEvenPair(i.Frs))
        {
            e.Store128(ea, e.VsrDoubleword(i.Frs, 0), e.VsrDoubleword(i.Frs | 1, 0));
        }
    }
}
