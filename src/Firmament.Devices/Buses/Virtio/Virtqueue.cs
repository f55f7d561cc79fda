using System.Buffers.Binary;
using Firmament.Core.Memory;
using Firmament.Core.State;

namespace Firmament.Devices.Buses.Virtio;

/// <summary>
/// A split virtqueue, the device's side: descriptor table, available ring, used ring, indirect descriptors and event indexes.
/// Source: virtio 1.1, 2.6; the legacy layout and byte order of 2.6.2 and 2.4.3.
/// </summary>
/// <remarks>A descriptor chain is at most <see cref="LongestChain"/> long, so that no ring, however it is linked, holds the host up.</remarks>
public sealed class Virtqueue : IStateful
{
    /// <summary>Descriptors a chain may have, indirect ones included.</summary>
    public const int LongestChain = 1024;

    private const int DescriptorLength = 16;
    private const ushort Next = 1;
    private const ushort Write = 2;
    private const ushort Indirect = 4;
    private const ushort NoInterrupt = 1;

    private ushort _size;
    private ulong _descriptors;
    private ulong _available;
    private ulong _used;
    private bool _isEnabled;
    private ushort _nextAvailable;
    private ushort _nextUsed;
    private ushort _signalledUsed;

    /// <summary>Makes a queue that is not set up.</summary>
    /// <param name="maximumSize">Entries, a power of two up to 32768.</param>
    public Virtqueue(ushort maximumSize)
    {
        MaximumSize = maximumSize;
        _size = maximumSize;
    }

    /// <summary>Entries the device offers.</summary>
    public ushort MaximumSize { get; }

    /// <summary>Entries in use, a power of two. The transport lets only such values through.</summary>
    public ushort Size { get => _size; set => _size = value; }

    /// <summary>Bus address of the descriptor table.</summary>
    public ulong Descriptors { get => _descriptors; set => _descriptors = value; }

    /// <summary>Bus address of the available ring ("driver area").</summary>
    public ulong Available { get => _available; set => _available = value; }

    /// <summary>Bus address of the used ring ("device area").</summary>
    public ulong Used { get => _used; set => _used = value; }

    /// <summary>True once the driver has set it up.</summary>
    public bool IsEnabled { get => _isEnabled; set => _isEnabled = value; }

    /// <summary>Byte order of the rings: little-endian, but the guest's own for a legacy driver.</summary>
    public Endianness Order { get; private set; } = Endianness.Little;

    /// <summary>The driver accepted indirect descriptors.</summary>
    public bool AllowsIndirect { get; private set; }

    /// <summary>The driver accepted event indexes.</summary>
    public bool UsesEventIndex { get; private set; }

    /// <summary>Takes what feature negotiation decided. Restored by the owner after loading, from the features it saved.</summary>
    public void Negotiate(Endianness order, bool allowsIndirect, bool usesEventIndex)
    {
        Order = order;
        AllowsIndirect = allowsIndirect;
        UsesEventIndex = usesEventIndex;
    }

    /// <summary>Forgets all set-up.</summary>
    public void Reset()
    {
        _size = MaximumSize;
        _descriptors = _available = _used = 0;
        _isEnabled = false;
        _nextAvailable = _nextUsed = _signalledUsed = 0;
        Negotiate(Endianness.Little, false, false);
    }

    /// <summary>Places the three parts as a legacy driver's single page number means (virtio 1.1, 2.6.2).</summary>
    public void PlaceLegacy(ulong address)
    {
        const ulong Alignment = 4096;
        _descriptors = address;
        _available = address + ((ulong)DescriptorLength * _size);
        _used = (_available + 6 + (2ul * _size) + Alignment - 1) & ~(Alignment - 1);
        _isEnabled = address != 0;
        _nextAvailable = _nextUsed = _signalledUsed = 0;
    }

    /// <summary>Takes the next chain the driver made available.</summary>
    /// <param name="dma">Guest memory.</param>
    /// <param name="chain">Filled in; valid until the next call.</param>
    /// <param name="error">Why the ring is broken.</param>
    public PopResult Pop(IDmaSpace dma, VirtqueueChain chain, out string error)
    {
        error = "";
        if (!_isEnabled)
        {
            return PopResult.Empty;
        }

        if (!TryRead16(dma, _available + 2, out ushort available))
        {
            return Break("the available ring is not in memory", out error);
        }

        ushort waiting = (ushort)(available - _nextAvailable);
        if (waiting == 0)
        {
            // Ask to be told of the next one; the driver runs on this thread, so nothing can slip in between.
            return !UsesEventIndex || TryWrite16(dma, _used + 4 + (8ul * _size), _nextAvailable)
                ? PopResult.Empty
                : Break("the used ring is not in memory", out error);
        }

        if (waiting > _size)
        {
            return Break($"the available index moved by {waiting}, more than the queue's {_size} entries", out error);
        }

        if (!TryRead16(dma, _available + 4 + (2ul * (ushort)(_nextAvailable & (_size - 1))), out ushort head))
        {
            return Break("the available ring is not in memory", out error);
        }

        if (head >= _size)
        {
            return Break($"available descriptor {head} is outside the table of {_size}", out error);
        }

        _nextAvailable++;
        chain.Start(head);
        return Walk(dma, chain, head, out error) ? PopResult.Chain : PopResult.Broken;
    }

    /// <summary>Puts the chain popped last back, to be popped again.</summary>
    public void Unpop() => _nextAvailable--;

    /// <summary>Gives a chain back to the driver. False when the used ring is not in memory.</summary>
    /// <param name="dma">Guest memory.</param>
    /// <param name="head">The chain's <see cref="VirtqueueChain.Head"/>.</param>
    /// <param name="written">Bytes the device wrote into it.</param>
    public bool Push(IDmaSpace dma, ushort head, uint written) => Fill(dma, 0, head, written) && Publish(dma, 1);

    /// <summary>Writes a used entry <paramref name="ahead"/> places after the next one without showing it to the driver yet.</summary>
    public bool Fill(IDmaSpace dma, int ahead, ushort head, uint written)
    {
        Span<byte> entry = stackalloc byte[8];
        if (Order == Endianness.Little)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(entry, head);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], written);
        }
        else
        {
            BinaryPrimitives.WriteUInt32BigEndian(entry, head);
            BinaryPrimitives.WriteUInt32BigEndian(entry[4..], written);
        }

        return dma.TryWrite(_used + 4 + (8ul * (ushort)((_nextUsed + ahead) & (_size - 1))), entry);
    }

    /// <summary>Shows <paramref name="count"/> filled entries to the driver.</summary>
    public bool Publish(IDmaSpace dma, int count)
    {
        _nextUsed += (ushort)count;
        return TryWrite16(dma, _used + 2, _nextUsed);
    }

    /// <summary>True when the driver wants an interrupt for what was pushed since the last one (virtio 1.1, 2.6.7).</summary>
    public bool TakeInterrupt(IDmaSpace dma)
    {
        ushort old = _signalledUsed;
        if (old == _nextUsed)
        {
            return false;
        }

        _signalledUsed = _nextUsed;
        if (!UsesEventIndex)
        {
            return TryRead16(dma, _available, out ushort flags) && (flags & NoInterrupt) == 0;
        }

        return TryRead16(dma, _available + 4 + (2ul * _size), out ushort usedEvent)
            && (ushort)(_nextUsed - usedEvent - 1) < (ushort)(_nextUsed - old);
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Field("size", ref _size);
        state.Field("descriptors", ref _descriptors);
        state.Field("available", ref _available);
        state.Field("used", ref _used);
        state.Field("enabled", ref _isEnabled);
        state.Field("next-available", ref _nextAvailable);
        state.Field("next-used", ref _nextUsed);
        state.Field("signalled-used", ref _signalledUsed);
        if (state.IsLoading && (_size == 0 || _size > MaximumSize || (_size & (_size - 1)) != 0))
        {
            _size = MaximumSize;
            _isEnabled = false;
        }
    }

    private static PopResult Break(string why, out string error)
    {
        error = why;
        return PopResult.Broken;
    }

    private bool Walk(IDmaSpace dma, VirtqueueChain chain, ushort head, out string error)
    {
        ulong table = _descriptors;
        uint tableSize = _size;
        uint index = head;
        uint steps = 0;
        bool inIndirect = false;
        Span<byte> descriptor = stackalloc byte[DescriptorLength];
        error = "";
        while (true)
        {
            if (!dma.TryRead(table + ((ulong)DescriptorLength * index), descriptor))
            {
                error = $"descriptor {index} is not in memory";
                return false;
            }

            bool little = Order == Endianness.Little;
            ulong address = little ? BinaryPrimitives.ReadUInt64LittleEndian(descriptor) : BinaryPrimitives.ReadUInt64BigEndian(descriptor);
            uint length = Number32(descriptor[8..]);
            ushort flags = Number16(descriptor[12..]);
            ushort next = Number16(descriptor[14..]);
            if ((flags & Indirect) != 0)
            {
                if (!AllowsIndirect || inIndirect || (flags & Next) != 0 || length == 0 || length % DescriptorLength != 0)
                {
                    error = inIndirect ? $"descriptor {index} of an indirect table is indirect itself"
                        : !AllowsIndirect ? $"descriptor {index} is indirect, which was not negotiated"
                        : (flags & Next) != 0 ? $"indirect descriptor {index} has a successor"
                        : $"indirect table of {length} bytes is not a positive multiple of 16";
                    return false;
                }

                table = address;
                tableSize = length / DescriptorLength;
                index = 0;
                steps = 0;
                inIndirect = true;
                continue;
            }

            if (length == 0 || address + length < address)
            {
                error = length == 0 ? $"descriptor {index} is of zero length" : $"descriptor {index} wraps around the address space";
                return false;
            }

            if (!chain.TryAdd(address, length, (flags & Write) != 0))
            {
                error = $"readable descriptor {index} follows a writable one";
                return false;
            }

            if ((flags & Next) == 0)
            {
                return true;
            }

            if (next >= tableSize)
            {
                error = $"descriptor {index} names descriptor {next} of {tableSize}";
                return false;
            }

            // A chain longer than its table visits a descriptor twice.
            if (++steps >= tableSize || chain.Count >= LongestChain)
            {
                error = $"the chain from descriptor {head} is a loop or longer than {LongestChain}";
                return false;
            }

            index = next;
        }
    }

    private ushort Number16(ReadOnlySpan<byte> bytes) =>
        Order == Endianness.Little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private uint Number32(ReadOnlySpan<byte> bytes) =>
        Order == Endianness.Little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);

    private bool TryRead16(IDmaSpace dma, ulong address, out ushort value)
    {
        Span<byte> bytes = stackalloc byte[2];
        bool ok = dma.TryRead(address, bytes);
        value = ok ? Number16(bytes) : (ushort)0;
        return ok;
    }

    private bool TryWrite16(IDmaSpace dma, ulong address, ushort value)
    {
        Span<byte> bytes = stackalloc byte[2];
        if (Order == Endianness.Little)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        }

        return dma.TryWrite(address, bytes);
    }
}
