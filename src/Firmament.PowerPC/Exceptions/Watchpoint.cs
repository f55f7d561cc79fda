using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Exceptions;

/// <summary>
/// The data address watchpoint: DAWR0 says where, DAWRX0 how far and for whom. Source: Power ISA 2.07B Book III-S 10.4, 3.0B Book III 9.4.
/// </summary>
/// <remarks>
/// A store conditional matches whether or not it stores, dcbz as a store of its block; the other cache instructions never do. Not modelled:
/// HRAMMC, which is about hypervisor real addresses.
/// </remarks>
/// <param name="dawr">DAWR0: bits 0:60 are the first doubleword.</param>
/// <param name="dawrx">DAWRX0: MRD 48:53, DW 57, DR 58, WT 59, WTI 60, PNH 62, PRO 63.</param>
internal readonly struct Watchpoint(ulong dawr, ulong dawrx)
{
    private const ulong Problem = 1;
    private const ulong Privileged = 2;
    private const ulong IgnoresTranslation = 8;
    private const ulong Translated = 0x10;
    private const ulong Reads = 0x20;
    private const ulong Writes = 0x40;
    private const int RangeShift = 10;

    /// <summary>True when some access could match.</summary>
    public bool IsEnabled => (dawrx & (Reads | Writes)) != 0 && (dawrx & (Problem | Privileged)) != 0;

    /// <summary>Effective address of the first watched byte.</summary>
    public ulong First => dawr & ~7ul;

    /// <summary>Of the last: 1 to 64 doublewords are watched.</summary>
    public ulong Last => First + ((((dawrx >> RangeShift) & 63) + 1) * 8) - 1;

    /// <summary>True when an access touches a watched byte in a state that is watched.</summary>
    /// <param name="ea">Its first byte.</param>
    /// <param name="size">Its bytes.</param>
    /// <param name="write">True for a store.</param>
    /// <param name="msr">The state it is made in.</param>
    /// <param name="at">The first watched byte of it.</param>
    public bool Matches(ulong ea, int size, bool write, ulong msr, out ulong at)
    {
        at = Math.Max(ea, First);
        return IsEnabled && ea <= Last && ea + (uint)(size - 1) >= First
            && (dawrx & (write ? Writes : Reads)) != 0
            && (dawrx & ((msr & MsrBits.Pr) != 0 ? Problem : Privileged)) != 0
            && ((dawrx & IgnoresTranslation) != 0 || ((dawrx & Translated) != 0) == ((msr & MsrBits.Dr) != 0));
    }
}
