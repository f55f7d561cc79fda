using Firmament.Core.Memory;
using Firmament.Core.State;

namespace Firmament.Firmware.Drivers.Virtio;

/// <summary>
/// The driver's side of a split virtqueue, with room behind it for the driver's own requests. The driver chooses the descriptors, so there is no
/// list of free ones. Interrupts are off: it looks. Source: virtio 1.1, 2.6.
/// </summary>
internal sealed class VirtioRing(VirtioLink link, int queue) : IStateful
{
    private const ushort Next = 1;
    private const ushort Writable = 2;
    private const ushort NoInterrupt = 1;
    private const uint DescriptorLength = 16;
    private const uint Page = 4096;

    private readonly DriverMemory _memory = new(link.Host);
    private ulong _bus;
    private ushort _size;
    private ushort _available;
    private ushort _taken;
    private uint _extra;

    /// <summary>Entries.</summary>
    public ushort Size => _size;

    /// <summary>The memory of rings and requests.</summary>
    public DriverMemory Memory => _memory;

    /// <summary>Offset in <see cref="Memory"/> of the driver's own part.</summary>
    public uint Extra => _extra;

    /// <summary>True when the device has given a chain back.</summary>
    public bool HasUsed => _memory.Read16(UsedOffset + 2, Order) != _taken;

    private Endianness Order => link.Port.Order;

    private uint AvailableOffset => DescriptorLength * _size;

    private uint UsedOffset => (AvailableOffset + 6 + (2u * _size) + Page - 1) & ~(Page - 1);

    /// <summary>Places the queue.</summary>
    /// <param name="wanted">Entries that are enough, a power of two.</param>
    /// <param name="extra">Bytes of the driver's own part.</param>
    public bool TryPlace(ushort wanted, uint extra)
    {
        _size = link.Port.ChooseSize(queue, wanted);
        if (_size == 0)
        {
            link.Host.Report(link.Name, $"it has no queue {queue}");
            return false;
        }

        _available = _taken = 0;
        _extra = (UsedOffset + 6 + (8u * _size) + 15) & ~15u;
        if (!_memory.TryClaim(_extra + extra) || !link.Dma.TryMap(_memory.Start, _memory.Size, out _bus))
        {
            link.Host.Report(link.Name, "no memory for its rings");
            return false;
        }

        _memory.Write16(AvailableOffset, NoInterrupt, Order);
        return link.Port.TryPlaceQueue(queue, _size, _bus, _bus + AvailableOffset, _bus + UsedOffset);
    }

    /// <summary>Gives the memory back. After the device was reset only.</summary>
    public void Release()
    {
        if (_bus != 0)
        {
            link.Dma.Unmap(_bus);
            _bus = 0;
        }

        _memory.Release();
    }

    /// <summary>The address that the device knows a byte of <see cref="Memory"/> by.</summary>
    public ulong Bus(uint offset) => _bus + offset;

    /// <summary>Makes a chain available, in descriptors <paramref name="head"/> and following.</summary>
    public void Post(ushort head, ReadOnlySpan<VirtioBuffer> chain)
    {
        for (int i = 0; i < chain.Length; i++)
        {
            uint at = DescriptorLength * (head + (uint)i);
            bool isLast = i == chain.Length - 1;
            _memory.Write64(at, chain[i].Address, Order);
            _memory.Write32(at + 8, chain[i].Length, Order);
            _memory.Write16(at + 12, (ushort)((chain[i].IsWritable ? Writable : 0) | (isLast ? 0 : Next)), Order);
            _memory.Write16(at + 14, (ushort)(isLast ? 0 : head + i + 1), Order);
        }

        _memory.Write16(AvailableOffset + 4 + (2u * (uint)(_available & (_size - 1))), head, Order);
        _available++;
        _memory.Write16(AvailableOffset + 2, _available, Order);
    }

    /// <summary>Tells the device.</summary>
    public void Notify() => link.Port.Notify(queue);

    /// <summary>Takes a chain that the device gave back. False when there is none.</summary>
    public bool TryTake(out ushort head, out uint written)
    {
        (head, written) = (0, 0);
        if (!HasUsed)
        {
            return false;
        }

        uint at = UsedOffset + 4 + (8u * (uint)(_taken & (_size - 1)));
        (head, written) = ((ushort)_memory.Read32(at, Order), _memory.Read32(at + 4, Order));
        _taken++;
        return true;
    }

    /// <summary>Posts one chain in descriptor 0 and waits for it. False when the device does not give it back: then it must be reset.</summary>
    public bool TryRun(ReadOnlySpan<VirtioBuffer> chain)
    {
        Post(0, chain);
        Notify();
        return link.Host.WaitUntil(this, static ring => ring.HasUsed, DriverHost.CommandLimit) && TryTake(out _, out _);
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Component("memory", _memory);
        state.Field("bus", ref _bus);
        state.Field("size", ref _size);
        state.Field("available", ref _available);
        state.Field("taken", ref _taken);
        state.Field("extra", ref _extra);
    }
}
