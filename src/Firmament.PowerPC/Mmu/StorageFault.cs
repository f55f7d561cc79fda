namespace Firmament.PowerPC.Mmu;

/// <summary>Why a translation failed.</summary>
/// <param name="Kind">Which interrupt follows.</param>
/// <param name="Bits">
/// DSISR's bits for a data access (0x02000000, a store, included), SRR1's for a fetch: both number the causes alike. 0 for a segment
/// interrupt but for what the ISA defines.
/// </param>
internal readonly record struct StorageFault(StorageFaultKind Kind, uint Bits);
