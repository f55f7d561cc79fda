namespace Firmament.PowerPC.Mmu;

/// <summary>One block address translation pair. Source: PEM 7.4.</summary>
/// <param name="upper">BEPI 0:14, BL 19:29, Vs 30, Vp 31.</param>
/// <param name="lower">BRPN 0:14, WIMG 25:28, PP 30:31.</param>
/// <param name="extended">HID0[XBSEN]: XBL, bits 15:18, extends BL to the top of the address (MPC7450 RM 2.1.3.3).</param>
internal readonly struct Bat(uint upper, uint lower, bool extended)
{
    private readonly uint _mask = ~(((upper & (extended ? 0x1_fffcu : 0x1ffcu)) << 15) | 0x1ffff);
    private readonly uint _upper = upper;
    private readonly uint _lower = lower;

    /// <summary>PP: 0 none, 1 and 3 read, 2 read and write.</summary>
    public uint Protection => _lower & 3;

    /// <summary>True when the block holds the address and is valid in this state.</summary>
    public bool Matches(uint ea, bool user) =>
        (_upper & (user ? 1u : 2u)) != 0 && ((ea ^ _upper) & _mask & 0xfffe_0000) == 0;

    /// <summary>The physical address.</summary>
    public ulong Translate(uint ea) => (_lower & _mask & 0xfffe_0000) | (ea & ~(_mask & 0xfffe_0000));
}
