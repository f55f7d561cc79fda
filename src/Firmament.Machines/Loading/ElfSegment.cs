namespace Firmament.Machines.Loading;

/// <summary>A loadable program header (PT_LOAD) that occupies memory.</summary>
/// <param name="FileOffset">Byte offset of its contents in the file.</param>
/// <param name="FileSize">Bytes present in the file; the rest of <paramref name="MemorySize"/> is zero.</param>
/// <param name="VirtualAddress">p_vaddr.</param>
/// <param name="PhysicalAddress">Where it is loaded: p_paddr, or p_vaddr where the linker left every p_paddr 0.</param>
/// <param name="MemorySize">Bytes in memory, greater than 0.</param>
public sealed record ElfSegment(ulong FileOffset, ulong FileSize, ulong VirtualAddress, ulong PhysicalAddress, ulong MemorySize)
{
    /// <summary>The first address after it.</summary>
    public ulong End => PhysicalAddress + MemorySize;
}
