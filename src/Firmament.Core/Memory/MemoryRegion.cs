namespace Firmament.Core.Memory;

/// <summary>A range of the physical address space and what answers in it.</summary>
/// <param name="name">For `info mtree` and traces.</param>
/// <param name="start">First byte address.</param>
/// <param name="length">Bytes, greater than 0.</param>
/// <param name="target">What answers.</param>
/// <param name="endianness">The order of the target's registers.</param>
/// <param name="priority">Higher answers first where regions overlap.</param>
public sealed class MemoryRegion(string name, ulong start, ulong length, IMmioTarget target, Endianness endianness, int priority = 0)
{
    /// <summary>For `info mtree` and traces.</summary>
    public string Name { get; } = name;

    /// <summary>First byte address.</summary>
    public ulong Start { get; } = start;

    /// <summary>Length in bytes.</summary>
    public ulong Length { get; } = length;

    /// <summary>What answers.</summary>
    public IMmioTarget Target { get; } = target;

    /// <summary>The order of the target's registers.</summary>
    public Endianness Endianness { get; } = endianness;

    /// <summary>Higher answers first where regions overlap.</summary>
    public int Priority { get; } = priority;

    internal bool MayBeShadowed { get; set; }

    internal bool Contains(ulong address) => address - Start < Length;

    internal bool Overlaps(MemoryRegion other) => Start - other.Start < other.Length || other.Start - Start < Length;
}
