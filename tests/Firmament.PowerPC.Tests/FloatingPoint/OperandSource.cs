namespace Firmament.PowerPC.Tests.FloatingPoint;

/// <summary>A repeatable stream of double patterns that crowds the edges: format limits, ties, cancellations, specials.</summary>
internal sealed class OperandSource(ulong seed)
{
    private static readonly int[] EdgeExponents =
        [0, 0, 1, 2, 53, 54, 63, 64, 127, 128, 511, 874, 895, 896, 897, 898, 899, 1022, 1023, 1024, 1075, 1085, 1086, 1149, 1150, 1151, 1535, 2044, 2045, 2046, 2047];

    private ulong _state = seed;
    private ulong _last;

    /// <summary>A pattern, one time in four close to the one before.</summary>
    public ulong Next()
    {
        ulong choice = Bits();
        _last = (choice & 3) == 0 ? Near(_last, choice >> 2) : Compose(choice >> 2);
        return _last;
    }

    private static ulong Near(ulong value, ulong choice)
    {
        ulong sign = (choice & 1) << 63;
        int ulps = (int)((choice >> 1) & 7) - 3;
        long exponents = (long)((choice >> 4) & 3) * (long)((choice >> 6) & 63);
        return (value + (ulong)ulps - (ulong)(exponents << 52)) ^ sign;
    }

    private ulong Compose(ulong choice)
    {
        ulong sign = (choice & 1) << 63;
        ulong exponent = ((choice >> 1) & 3) switch
        {
            0 => (ulong)EdgeExponents[(int)((choice >> 3) % (ulong)EdgeExponents.Length)],
            1 => 1023 - 64 + ((choice >> 3) & 127),
            2 => 1023 - 8 + ((choice >> 3) & 15),
            _ => (choice >> 3) & 0x7ff,
        };
        const ulong mask = (1UL << 52) - 1;
        ulong random = Bits();
        ulong fraction = ((choice >> 20) & 15) switch
        {
            0 => 0,
            1 => mask,
            2 => 1,
            3 => 1UL << (int)(random % 52),
            4 => mask - (1UL << (int)(random % 52)),
            5 => (1UL << 28) | (random & 1UL << 29),
            6 => (random & ~0x1fff_ffffUL & mask) | (1UL << 28),
            7 => (random & ~0x1fff_ffffUL & mask) | ((1UL << 28) + 1),
            8 => (random & ~0x1fff_ffffUL & mask) | 0x0fff_ffff,
            9 or 10 or 11 => random & ~0x1fff_ffffUL & mask,
            12 => (random >> 30 << 26) & mask,
            _ => random & mask,
        };
        return sign | (exponent << 52) | fraction;
    }

    /// <summary>SplitMix64.</summary>
    private ulong Bits()
    {
        _state += 0x9e37_79b9_7f4a_7c15;
        ulong z = (_state ^ (_state >> 30)) * 0xbf58_476d_1ce4_e5b9;
        z = (z ^ (z >> 27)) * 0x94d0_49bb_1331_11eb;
        return z ^ (z >> 31);
    }
}
