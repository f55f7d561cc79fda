namespace Firmament.PowerPC.Leaf.FloatingPoint;

/// <summary>Bits of the floating-point status and control register's low word. Power ISA 2.07B Book I 4.2.2.</summary>
internal static class Fpscr
{
    public const uint FX = 0x8000_0000;
    public const uint FEX = 0x4000_0000;
    public const uint VX = 0x2000_0000;
    public const uint OX = 0x1000_0000;
    public const uint UX = 0x0800_0000;
    public const uint ZX = 0x0400_0000;
    public const uint XX = 0x0200_0000;
    public const uint VXSNAN = 0x0100_0000;
    public const uint VXISI = 0x0080_0000;
    public const uint VXIDI = 0x0040_0000;
    public const uint VXZDZ = 0x0020_0000;
    public const uint VXIMZ = 0x0010_0000;
    public const uint VXVC = 0x0008_0000;
    public const uint FR = 0x0004_0000;
    public const uint FI = 0x0002_0000;
    public const uint FPRF = 0x0001_f000;
    public const uint FPCC = 0x0000_f000;
    public const uint Reserved = 0x0000_0800;
    public const uint VXSOFT = 0x0000_0400;
    public const uint VXSQRT = 0x0000_0200;
    public const uint VXCVI = 0x0000_0100;
    public const uint VE = 0x0000_0080;
    public const uint OE = 0x0000_0040;
    public const uint UE = 0x0000_0020;
    public const uint ZE = 0x0000_0010;
    public const uint XE = 0x0000_0008;
    public const uint NI = 0x0000_0004;
    public const uint RN = 0x0000_0003;

    /// <summary>The nine bits whose OR is VX.</summary>
    public const uint AllInvalid = VXSNAN | VXISI | VXIDI | VXZDZ | VXIMZ | VXVC | VXSOFT | VXSQRT | VXCVI;

    /// <summary>Exception bits: their change from 0 to 1 sets FX, and mcrfs clears those it copies.</summary>
    public const uint AllExceptions = OX | UX | ZX | XX | AllInvalid;

    /// <summary>FPRF values. Power ISA 2.07B Book I figure 46.</summary>
    public const uint QuietNaN = 0x11 << 12;

    /// <summary>FPRF of an infinity, of either sign: OR-ed with <see cref="Positive"/> or <see cref="Negative"/>.</summary>
    public const uint Infinity = 0x01 << 12;

    /// <summary>FPRF of a positive normal number.</summary>
    public const uint Positive = 0x04 << 12;

    /// <summary>FPRF of a negative normal number.</summary>
    public const uint Negative = 0x08 << 12;

    /// <summary>FPRF C bit: with Positive or Negative a denormal, with PositiveZero minus zero.</summary>
    public const uint C = 0x10 << 12;

    /// <summary>FPRF of +0.</summary>
    public const uint PositiveZero = 0x02 << 12;

    /// <summary>Recomputes VX and FEX, which are functions of the other bits.</summary>
    public static uint Summarize(uint fpscr)
    {
        fpscr &= ~(VX | FEX);
        if ((fpscr & AllInvalid) != 0)
        {
            fpscr |= VX;
        }

        // VX OX UX ZX XX lie 22 bits above VE OE UE ZE XE, in the same order.
        if (((fpscr >> 22) & fpscr & 0xf8) != 0)
        {
            fpscr |= FEX;
        }

        return fpscr;
    }
}
