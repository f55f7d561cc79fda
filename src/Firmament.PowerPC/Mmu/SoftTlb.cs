namespace Firmament.PowerPC.Mmu;

/// <summary>Sizes of the software TLBs that handlers index.</summary>
internal static class SoftTlb
{
    /// <summary>Entries of a context's data TLB; indexed by the low bits of the effective page number.</summary>
    public const int DataEntries = 1024;

    /// <summary>Entries of a context's fetch TLB.</summary>
    public const int FetchEntries = 256;
}
