namespace Firmament.PowerPC.Mmu.Book3S;

/// <summary>Flags of the page frame table hypercalls. Source: LoPAPR 1.1 14.5.4.1, table 178.</summary>
public static class HashTableFlags
{
    /// <summary>H_EXACT: only the slot asked for.</summary>
    public const ulong Exact = 0x80_0000_0000;

    /// <summary>H_READ_4: four entries, the first at a multiple of four.</summary>
    public const ulong ReadFour = 0x20_0000_0000;

    /// <summary>H_AVPN: only if the entry's virtual page is the one given.</summary>
    public const ulong Avpn = 0x8000_0000;

    /// <summary>H_ANDCOND: only if no bit of the value is set in the entry.</summary>
    public const ulong AndCondition = 0x4000_0000;

    /// <summary>H_ICACHE_INVALIDATE.</summary>
    public const ulong InvalidateInstructionCache = 0x80_0000;

    /// <summary>H_ICACHE_SYNCHRONIZE.</summary>
    public const ulong SynchronizeInstructionCache = 0x40_0000;

    /// <summary>H_ZERO_PAGE.</summary>
    public const ulong ZeroPage = 0x8000;

    /// <summary>H_COPY_PAGE.</summary>
    public const ulong CopyPage = 0x4000;
}
