namespace Firmament.PowerPC.Mmu;

/// <summary>What a storage access does.</summary>
internal enum AccessKind
{
    /// <summary>Reads data.</summary>
    Load,

    /// <summary>Writes data.</summary>
    Store,

    /// <summary>Fetches an instruction.</summary>
    Fetch,
}
