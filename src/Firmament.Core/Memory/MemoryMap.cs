using System.Buffers.Binary;
using Firmament.Core.Tracing;

namespace Firmament.Core.Memory;

/// <summary>
/// The physical address space the CPU sees: RAM from address 0, and MMIO regions that may be added, moved and removed while the
/// machine runs (bridge windows). Where regions overlap the one of higher priority answers, then the one added later; RAM wins over all.
/// </summary>
public sealed class MemoryMap
{
    private readonly List<MemoryRegion> _regions = [];
    private readonly Tracer _tracer;
    private MemoryRegion[] _ordered = [];
    private MemoryRegion? _last;

    /// <summary>Creates a map over RAM.</summary>
    public MemoryMap(GuestMemory ram, Tracer tracer)
    {
        Ram = ram;
        _tracer = tracer;
    }

    /// <summary>The RAM at address 0.</summary>
    public GuestMemory Ram { get; }

    /// <summary>Called after each access to a region, on the machine's thread; null for nothing.</summary>
    public Action? RegionAccessed { get; set; }

    /// <summary>The regions that are mapped now, highest precedence first.</summary>
    public IReadOnlyList<MemoryRegion> Regions => _ordered;

    /// <summary>Maps a region.</summary>
    public void Add(MemoryRegion region)
    {
        _regions.Add(region);
        Reorder();
    }

    /// <summary>Unmaps a region; nothing happens when it is not mapped.</summary>
    public void Remove(MemoryRegion region)
    {
        if (_regions.Remove(region))
        {
            Reorder();
        }
    }

    /// <summary>The region that answers at <paramref name="address"/>, or null.</summary>
    public MemoryRegion? Find(PhysicalAddress address)
    {
        MemoryRegion? last = _last;
        if (last != null && last.Contains(address.Value) && !last.MayBeShadowed)
        {
            return last;
        }

        foreach (MemoryRegion region in _ordered)
        {
            if (region.Contains(address.Value))
            {
                return _last = region;
            }
        }

        return null;
    }

    /// <summary>
    /// A load as a big-endian CPU sees it: the byte at <paramref name="address"/> is the most significant of the result.
    /// Where nothing answers, the result is all ones and <paramref name="answered"/> is false.
    /// </summary>
    /// <param name="address">Physical byte address.</param>
    /// <param name="size">1, 2, 4 or 8 bytes.</param>
    /// <param name="answered">False when no RAM or region is there.</param>
    public ulong Read(PhysicalAddress address, int size, out bool answered)
    {
        answered = true;
        if (Ram.Contains(address.Value, (ulong)size))
        {
            Span<byte> bytes = stackalloc byte[8];
            bytes.Clear();
            Ram.TryRead(address, bytes[(8 - size)..]);
            return BinaryPrimitives.ReadUInt64BigEndian(bytes);
        }

        MemoryRegion? region = Find(address);
        if (region == null)
        {
            answered = false;
            _tracer.GuestError("memory", $"read of {size} bytes at {address}: nothing is mapped there");
            return ulong.MaxValue >> (64 - (8 * size));
        }

        ulong value = region.Target.Read(address.Value - region.Start, size);
        RegionAccessed?.Invoke();
        return region.Endianness == Endianness.Little ? SwapBytes(value, size) : value & (ulong.MaxValue >> (64 - (8 * size)));
    }

    /// <summary>A store as a big-endian CPU makes it. False when nothing answers there.</summary>
    /// <param name="address">Physical byte address.</param>
    /// <param name="value">The value; its most significant byte of <paramref name="size"/> goes to the lowest address.</param>
    /// <param name="size">1, 2, 4 or 8 bytes.</param>
    public bool Write(PhysicalAddress address, ulong value, int size)
    {
        if (Ram.Contains(address.Value, (ulong)size))
        {
            Span<byte> bytes = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
            return Ram.TryWrite(address, bytes[(8 - size)..]);
        }

        MemoryRegion? region = Find(address);
        if (region == null)
        {
            _tracer.GuestError("memory", $"write of {size} bytes at {address}: nothing is mapped there");
            return false;
        }

        region.Target.Write(
            address.Value - region.Start,
            region.Endianness == Endianness.Little ? SwapBytes(value, size) : value & (ulong.MaxValue >> (64 - (8 * size))),
            size);
        RegionAccessed?.Invoke();
        return true;
    }

    private static ulong SwapBytes(ulong value, int size) => BinaryPrimitives.ReverseEndianness(value) >> (64 - (8 * size));

    private void Reorder()
    {
        _last = null;
        _ordered = [.. _regions.Select((region, index) => (region, index))
            .OrderByDescending(static pair => pair.region.Priority)
            .ThenByDescending(static pair => pair.index)
            .Select(static pair => pair.region)];
        for (int i = 0; i < _ordered.Length; i++)
        {
            MemoryRegion region = _ordered[i];
            region.MayBeShadowed = _ordered.Take(i).Any(region.Overlaps);
        }
    }
}
