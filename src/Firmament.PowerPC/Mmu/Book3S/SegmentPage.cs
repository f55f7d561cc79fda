namespace Firmament.PowerPC.Mmu.Book3S;

/// <summary>
/// A page by its place in a segment, which is all that an entry of a hashed page table tells about the effective addresses that lead to
/// it. The low 28 bits of those addresses are the offset's.
/// </summary>
/// <param name="Offset">Bytes from the segment's start, a multiple of the page's size; 28 or 40 bits.</param>
/// <param name="PageShift">log2 of the page's size.</param>
public readonly record struct SegmentPage(ulong Offset, int PageShift);
