namespace Firmament.Firmware;

/// <summary>A range of addresses.</summary>
/// <param name="Start">The first byte.</param>
/// <param name="Size">Bytes.</param>
public readonly record struct MemoryRange(ulong Start, ulong Size)
{
    /// <summary>The first byte after it.</summary>
    public ulong End => Start + Size;

    /// <summary>True when the two share a byte.</summary>
    public bool Overlaps(MemoryRange other) => Start < other.End && other.Start < End;
}
