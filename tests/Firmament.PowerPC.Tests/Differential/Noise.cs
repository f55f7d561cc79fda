namespace Firmament.PowerPC.Tests.Differential;

/// <summary>A reproducible stream of operands (xorshift64*), weighted towards the values where instructions go wrong.</summary>
internal sealed class Noise(ulong seed)
{
    private static readonly uint[] Integers = [0, 1, 2, 31, 32, 33, 63, 64, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, 0x8000_0000, 0x8000_0001, 0xffff_fffe, 0xffff_ffff];

    private static readonly ulong[] Doubles =
    [
        0, 1, 0x000f_ffff_ffff_ffff, 0x0010_0000_0000_0000, 0x3690_0000_0000_0000, 0x36a0_0000_0000_0000, 0x380f_ffff_ffff_ffff, 0x3810_0000_0000_0000,
        0x3fe0_0000_0000_0000, 0x3ff0_0000_0000_0000, 0x3ff0_0000_0000_0001, 0x4000_0000_0000_0000, 0x41df_ffff_ffc0_0000, 0x41e0_0000_0000_0000,
        0x41ef_ffff_ffe0_0000, 0x47ef_ffff_e000_0000, 0x47ef_ffff_f000_0000, 0x47f0_0000_0000_0000, 0x7fef_ffff_ffff_ffff, 0x7ff0_0000_0000_0000,
        0x7ff0_0000_0000_0001, 0x7ff8_0000_0000_0000, 0x7ff4_0000_0000_0000, 0x7fff_ffff_ffff_ffff,
    ];

    private static readonly uint[] Singles =
    [
        0, 1, 0x007f_ffff, 0x0080_0000, 0x3f00_0000, 0x3f80_0000, 0x3f80_0001, 0x4000_0000, 0x4eff_ffff, 0x4f00_0000, 0x4f7f_ffff, 0x4f80_0000,
        0x7f7f_ffff, 0x7f80_0000, 0x7f80_0001, 0x7fc0_0000, 0x7fff_ffff, 0x0000_ffff, 0x8000_7fff, 0x7f80_ff00,
    ];

    private ulong _x = seed | 1;

    public ulong Next()
    {
        _x ^= _x >> 12;
        _x ^= _x << 25;
        _x ^= _x >> 27;
        return _x * 0x2545_f491_4f6c_dd1d;
    }

    /// <summary>0 to <paramref name="limit"/> - 1.</summary>
    public int Below(int limit) => (int)((Next() >> 33) % (uint)limit);

    public uint Integer() => Below(3) == 0 ? Integers[Below(Integers.Length)] : (uint)(Next() >> 32) >> (Below(4) == 0 ? Below(32) : 0);

    public ulong Double()
    {
        ulong sign = Next() & 0x8000_0000_0000_0000;
        return Below(8) switch
        {
            0 or 1 => sign | Doubles[Below(Doubles.Length)],
            2 => Next(),
            3 => sign | ((ulong)(0x380 + Below(0x100)) << 52) | (Next() >> 12),
            4 => sign | ((ulong)(0x3f0 + Below(0x20)) << 52) | ((Next() >> 12) & ~0x1fff_fffful),
            5 => sign | ((ulong)(0x3fe + Below(4)) << 52) | (Next() >> 12 & 7),
            6 => sign | ((ulong)(0x3fc + Below(8)) << 52) | (Next() >> 12),
            _ => sign | ((ulong)(0x36c + Below(24)) << 52) | (Next() >> 12),
        };
    }

    public uint Single()
    {
        uint sign = (uint)(Next() >> 32) & 0x8000_0000;
        return Below(4) switch
        {
            0 => sign | Singles[Below(Singles.Length)],
            1 => (uint)(Next() >> 32),
            2 => sign | ((uint)(0x7c + Below(8)) << 23) | (uint)(Next() >> 41),
            _ => Integer(),
        };
    }
}
