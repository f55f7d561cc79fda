namespace Firmament.PowerPC.Mmu;

/// <summary>
/// Sizes of the software TLBs that the engines index. A context has two data TLBs, one for loads and one for stores, so that copying between
/// pages whose numbers agree in their low bits does not make them push each other out; that of stores follows that of loads.
/// </summary>
internal static class SoftTlb
{
    /// <summary>Entries of each of a context's data TLBs; indexed by the low bits of the effective page number.</summary>
    public const int DataEntries = 1024;

    /// <summary>Entries of both.</summary>
    public const int ContextEntries = 2 * DataEntries;

    /// <summary>Entries of a context's fetch TLB.</summary>
    public const int FetchEntries = 256;

    /// <summary>The index of an address's entry within its context.</summary>
    public static int Index(ulong ea, bool write) => ((int)(ea >> 12) & (DataEntries - 1)) + (write ? DataEntries : 0);
}
