namespace Firmament.Core.Memory;

/// <summary>Something that answers loads and stores in a region of a <see cref="MemoryMap"/>.</summary>
/// <remarks>
/// Offsets are relative to the region. Values are numbers in the region's declared byte order: on a little-endian region an
/// access of size 4 to offset 0 has the byte at offset 0 in its low 8 bits. Sizes are 1, 2, 4 or 8.
/// An access that hits nothing returns all ones or is dropped; it never throws.
/// </remarks>
public interface IMmioTarget
{
    /// <summary>Reads <paramref name="size"/> bytes at <paramref name="offset"/>.</summary>
    ulong Read(ulong offset, int size);

    /// <summary>Writes the low <paramref name="size"/> bytes of <paramref name="value"/> at <paramref name="offset"/>.</summary>
    void Write(ulong offset, ulong value, int size);
}
