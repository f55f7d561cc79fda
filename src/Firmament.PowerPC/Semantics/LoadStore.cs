using System.Runtime.CompilerServices;
using Firmament.PowerPC.Isa;

namespace Firmament.PowerPC.Semantics;

/// <summary>
/// Loads and stores. Source: PEM 4.2.3, Power ISA 2.07B Book I 3.3.2 to 3.3.5. Update forms write RA only after the access succeeded,
/// so a storage interrupt leaves every register as it was.
/// </summary>
internal static partial class Semantics<E, W>
{
    [MethodImpl(Inline)]
    private static bool Lbz(ref E e, int rt, W ea)
    {
        if (!e.Load8(ea, out W value))
        {
            return false;
        }

        e[rt] = value;
        return true;
    }

    [MethodImpl(Inline)] public static void Lbz(ref E e, in Insn i) => Lbz(ref e, i.Rt, e[i.Ra] + e.Imm(i.Imm));

    [MethodImpl(Inline)] public static void Lbzx(ref E e, in Insn i) => Lbz(ref e, i.Rt, e[i.Ra] + e[i.Rb]);

    [MethodImpl(Inline)]
    public static void Lbzu(ref E e, in Insn i)
    {
        W ea = e[i.Ra] + e.Imm(i.Imm);
        if (Lbz(ref e, i.Rt, ea))
        {
            e[i.Ra] = ea;
        }
    }

    [MethodImpl(Inline)]
    public static void Lbzux(ref E e, in Insn i)
    {
        W ea = e[i.Ra] + e[i.Rb];
        if (Lbz(ref e, i.Rt, ea))
        {
            e[i.Ra] = ea;
        }
    }

    [MethodImpl(Inline)]
    private static bool Lhz(ref E e, int rt, W ea)
    {
        if (!e.Load16(ea, out W value))
        {
            return false;
        }

        e[rt] = value;
        return true;
    }

    [MethodImpl(Inline)] public static void Lhz(ref E e, in Insn i) => Lhz(ref e, i.Rt, e[i.Ra] + e.Imm(i.Imm));

    [MethodImpl(Inline)] public static void Lhzx(ref E e, in Insn i) => Lhz(ref e, i.Rt, e[i.Ra] + e[i.Rb]);

    [MethodImpl(Inline)]
    public static void Lhzu(ref E e, in Insn i)
    {
        W ea = e[i.Ra] + e.Imm(i.Imm);
        if (Lhz(ref e, i.Rt, ea))
        {
            e[i.Ra] = ea;
        }
    }

    [MethodImpl(Inline)]
    public static void Lhzux(ref E e, in Insn i)
    {
        W ea = e[i.Ra] + e[i.Rb];
        if (Lhz(ref e, i.Rt, ea))
        {
            e[i.Ra] = ea;
        }
    }

    [MethodImpl(Inline)]
    private static bool Lha(ref E e, int rt, W ea)
    {
        if (!e.Load16(ea, out W value))
        {
            return false;
        }

        e[rt] = e.SignExtend16(value);
        return true;
    }

    [MethodImpl(Inline)] public static void Lha(ref E e, in Insn i) => Lha(ref e, i.Rt, e[i.Ra] + e.Imm(i.Imm));

    [MethodImpl(Inline)] public static void Lhax(ref E e, in Insn i) => Lha(ref e, i.Rt, e[i.Ra] + e[i.Rb]);

    [MethodImpl(Inline)]
    public static void Lhau(ref E e, in Insn i)
    {
        W ea = e[i.Ra] + e.Imm(i.Imm);
        if (Lha(ref e, i.Rt, ea))
        {
            e[i.Ra] = ea;
        }
    }

    [MethodImpl(Inline)]
    public static void Lhaux(ref E e, in Insn i)
    {
        W ea = e[i.Ra] + e[i.Rb];
        if (Lha(ref e, i.Rt, ea))
        {
            e[i.Ra] = ea;
        }
    }

    [MethodImpl(Inline)]
    private static bool Lwz(ref E e, int rt, W ea)
    {
        if (!e.Load32(ea, out W value))
        {
            return false;
        }

        e[rt] = value;
        return true;
    }

    [MethodImpl(Inline)] public static void Lwz(ref E e, in Insn i) => Lwz(ref e, i.Rt, e[i.Ra] + e.Imm(i.Imm));

    [MethodImpl(Inline)] public static void Lwzx(ref E e, in Insn i) => Lwz(ref e, i.Rt, e[i.Ra] + e[i.Rb]);

    [MethodImpl(Inline)]
    public static void Lwzu(ref E e, in Insn i)
    {
        W ea = e[i.Ra] + e.Imm(i.Imm);
        if (Lwz(ref e, i.Rt, ea))
        {
            e[i.Ra] = ea;
        }
    }

    [MethodImpl(Inline)]
    public static void Lwzux(ref E e, in Insn i)
    {
        W ea = e[i.Ra] + e[i.Rb];
        if (Lwz(ref e, i.Rt, ea))
        {
            e[i.Ra] = ea;
        }
    }

    [MethodImpl(Inline)] public static void Stb(ref E e, in Insn i) => e.Store8(e[i.Ra] + e.Imm(i.Imm), e[i.Rs]);

    [MethodImpl(Inline)] public static void Stbx(ref E e, in Insn i) => e.Store8(e[i.Ra] + e[i.Rb], e[i.Rs]);

    [MethodImpl(Inline)]
    public static void Stbu(ref E e, in Insn i)
    {
        W ea = e[i.Ra] + e.Imm(i.Imm);
        if (e.Store8(ea, e[i.Rs]))
        {
            e[i.Ra] = ea;
        }
    }

    [MethodImpl(Inline)]
    public static void Stbux(ref E e, in Insn i)
    {
        W ea = e[i.Ra] + e[i.Rb];
        if (e.Store8(ea, e[i.Rs]))
        {
            e[i.Ra] = ea;
        }
    }

    [MethodImpl(Inline)] public static void Sth(ref E e, in Insn i) => e.Store16(e[i.Ra] + e.Imm(i.Imm), e[i.Rs]);

    [MethodImpl(Inline)] public static void Sthx(ref E e, in Insn i) => e.Store16(e[i.Ra] + e[i.Rb], e[i.Rs]);

    [MethodImpl(Inline)]
    public static void Sthu(ref E e, in Insn i)
    {
        W ea = e[i.Ra] + e.Imm(i.Imm);
        if (e.Store16(ea, e[i.Rs]))
        {
            e[i.Ra] = ea;
        }
    }

    [MethodImpl(Inline)]
    public static void Sthux(ref E e, in Insn i)
    {
        W ea = e[i.Ra] + e[i.Rb];
        if (e.Store16(ea, e[i.Rs]))
        {
            e[i.Ra] = ea;
        }
    }

    [MethodImpl(Inline)] public static void Stw(ref E e, in Insn i) => e.Store32(e[i.Ra] + e.Imm(i.Imm), e[i.Rs]);

    [MethodImpl(Inline)] public static void Stwx(ref E e, in Insn i) => e.Store32(e[i.Ra] + e[i.Rb], e[i.Rs]);

    [MethodImpl(Inline)]
    public static void Stwu(ref E e, in Insn i)
    {
        W ea = e[i.Ra] + e.Imm(i.Imm);
        if (e.Store32(ea, e[i.Rs]))
        {
            e[i.Ra] = ea;
        }
    }

    [MethodImpl(Inline)]
    public static void Stwux(ref E e, in Insn i)
    {
        W ea = e[i.Ra] + e[i.Rb];
        if (e.Store32(ea, e[i.Rs]))
        {
            e[i.Ra] = ea;
        }
    }

    [MethodImpl(Inline)] public static void Lfs(ref E e, in Insn i) => e.LoadFprSingle(i.Frt, e[i.Ra] + e.Imm(i.Imm));

    [MethodImpl(Inline)] public static void Lfsx(ref E e, in Insn i) => e.LoadFprSingle(i.Frt, e[i.Ra] + e[i.Rb]);

    [MethodImpl(Inline)]
    public static void Lfsu(ref E e, in Insn i)
    {
        W ea = e[i.Ra] + e.Imm(i.Imm);
        if (e.LoadFprSingle(i.Frt, ea))
        {
            e[i.Ra] = ea;
        }
    }

    [MethodImpl(Inline)]
    public static void Lfsux(ref E e, in Insn i)
    {
        W ea = e[i.Ra] + e[i.Rb];
        if (e.LoadFprSingle(i.Frt, ea))
        {
            e[i.Ra] = ea;
        }
    }

    [MethodImpl(Inline)] public static void Lfd(ref E e, in Insn i) => e.LoadFprDouble(i.Frt, e[i.Ra] + e.Imm(i.Imm));

    [MethodImpl(Inline)] public static void Lfdx(ref E e, in Insn i) => e.LoadFprDouble(i.Frt, e[i.Ra] + e[i.Rb]);

    [MethodImpl(Inline)]
    public static void Lfdu(ref E e, in Insn i)
    {
        W ea = e[i.Ra] + e.Imm(i.Imm);
        if (e.LoadFprDouble(i.Frt, ea))
        {
            e[i.Ra] = ea;
        }
    }

    [MethodImpl(Inline)]
    public static void Lfdux(ref E e, in Insn i)
    {
        W ea = e[i.Ra] + e[i.Rb];
        if (e.LoadFprDouble(i.Frt, ea))
        {
            e[i.Ra] = ea;
        }
    }

    [MethodImpl(Inline)] public static void Stfs(ref E e, in Insn i) => e.StoreFprSingle(i.Frs, e[i.Ra] + e.Imm(i.Imm));

    [MethodImpl(Inline)] public static void Stfsx(ref E e, in Insn i) => e.StoreFprSingle(i.Frs, e[i.Ra] + e[i.Rb]);

    [MethodImpl(Inline)]
    public static void Stfsu(ref E e, in Insn i)
    {
        W ea = e[i.Ra] + e.Imm(i.Imm);
        if (e.StoreFprSingle(i.Frs, ea))
        {
            e[i.Ra] = ea;
        }
    }

    [MethodImpl(Inline)]
    public static void Stfsux(ref E e, in Insn i)
    {
        W ea = e[i.Ra] + e[i.Rb];
        if (e.StoreFprSingle(i.Frs, ea))
        {
            e[i.Ra] = ea;
        }
    }

    [MethodImpl(Inline)] public static void Stfd(ref E e, in Insn i) => e.StoreFprDouble(i.Frs, e[i.Ra] + e.Imm(i.Imm));

    [MethodImpl(Inline)] public static void Stfdx(ref E e, in Insn i) => e.StoreFprDouble(i.Frs, e[i.Ra] + e[i.Rb]);

    [MethodImpl(Inline)]
    public static void Stfdu(ref E e, in Insn i)
    {
        W ea = e[i.Ra] + e.Imm(i.Imm);
        if (e.StoreFprDouble(i.Frs, ea))
        {
            e[i.Ra] = ea;
        }
    }

    [MethodImpl(Inline)]
    public static void Stfdux(ref E e, in Insn i)
    {
        W ea = e[i.Ra] + e[i.Rb];
        if (e.StoreFprDouble(i.Frs, ea))
        {
            e[i.Ra] = ea;
        }
    }
}
