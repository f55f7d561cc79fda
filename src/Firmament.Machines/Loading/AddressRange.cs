namespace Firmament.Machines.Loading;

/// <summary>A range of physical memory and what occupies it.</summary>
/// <param name="Name">For messages, for example "the kernel".</param>
/// <param name="Start">First byte address.</param>
/// <param name="Length">Bytes, greater than 0.</param>
public readonly record struct AddressRange(string Name, ulong Start, ulong Length)
{
    /// <summary>The first address after it.</summary>
    public ulong End => Start + Length;

    /// <summary>True when the two share a byte.</summary>
    public bool Overlaps(AddressRange other) => Start < other.End && other.Start < End;
}
