namespace Firmament.PowerPC.Mmu;

/// <summary>Where an effective address leads, and what may be done there.</summary>
/// <param name="Physical">The real address of the byte asked for (a guest's logical real address).</param>
/// <param name="PageShift">log2 of the page's size; at least 12.</param>
/// <param name="Writable">Stores may go there without another look: the page allows them and C is set already.</param>
/// <param name="Executable">Instructions may be fetched from there.</param>
/// <param name="CacheInhibited">WIMG's I, or radix attributes 10 and 11.</param>
internal readonly record struct StorageTranslation(ulong Physical, int PageShift, bool Writable, bool Executable, bool CacheInhibited);
