using System.Buffers.Binary;
using Firmament.Core.Memory;
using Firmament.Core.State;

namespace Firmament.Devices.Buses.Virtio;

/// <summary>The device behind a virtio transport: queues, features and a configuration space. Source: virtio 1.1, chapter 2.</summary>
public abstract class VirtioDevice : IStateful
{
    private readonly Virtqueue[] _queues;
    private readonly VirtqueueChain _chain = new();

    /// <summary>Makes the queues.</summary>
    /// <param name="type">Device ID of virtio 1.1, chapter 5: 1 network, 2 block, 3 console, 4 entropy.</param>
    /// <param name="classCode">PCI class code, 24 bits.</param>
    /// <param name="queueSizes">Entries of each queue, powers of two.</param>
    protected VirtioDevice(ushort type, uint classCode, params ReadOnlySpan<ushort> queueSizes)
    {
        Type = type;
        ClassCode = classCode;
        _queues = new Virtqueue[queueSizes.Length];
        for (int i = 0; i < queueSizes.Length; i++)
        {
            _queues[i] = new Virtqueue(queueSizes[i]);
        }
    }

    /// <summary>For traces and saved state.</summary>
    public abstract string Name { get; }

    /// <summary>Device ID of virtio 1.1, chapter 5.</summary>
    public ushort Type { get; }

    /// <summary>PCI class code, 24 bits.</summary>
    public uint ClassCode { get; }

    /// <summary>The device's queues.</summary>
    public IReadOnlyList<Virtqueue> Queues => _queues;

    /// <summary>Features of the device's own that it offers (bits 0 to 23).</summary>
    public abstract ulong OfferedFeatures { get; }

    /// <summary>Bytes of configuration space.</summary>
    public abstract int ConfigurationLength { get; }

    /// <summary>The transport; set when the device is put behind one.</summary>
    protected internal IVirtioTransport Transport { get; internal set; } = null!;

    /// <summary>Writes the whole configuration space, numbers in the given order.</summary>
    public abstract void GetConfiguration(Span<byte> configuration, Endianness order);

    /// <summary>The driver wrote configuration space. Devices without writable fields ignore it.</summary>
    public virtual void SetConfiguration(int offset, ReadOnlySpan<byte> bytes, Endianness order)
    {
    }

    /// <summary>The driver added buffers to a queue, or declared itself ready.</summary>
    public abstract void Process(int queue);

    /// <summary>Forgets all that the driver set.</summary>
    public virtual void Reset()
    {
        foreach (Virtqueue queue in _queues)
        {
            queue.Reset();
        }
    }

    /// <inheritdoc/>
    public virtual void Visit(StateVisitor state)
    {
        for (int i = 0; i < _queues.Length; i++)
        {
            state.Component($"queue{i}", _queues[i]);
        }
    }

    /// <summary>True when a feature was negotiated.</summary>
    protected bool Has(int feature) => ((Transport.Features >> feature) & 1) != 0;

    /// <summary>Takes the next chain of a queue, or null when there is none; breaks the device when the ring is malformed.</summary>
    protected VirtqueueChain? Next(int queue) => TryNext(queue, _chain) ? _chain : null;

    /// <summary>As <see cref="Next"/>, into a chain of the caller's.</summary>
    protected bool TryNext(int queue, VirtqueueChain chain)
    {
        if (!Transport.IsRunning)
        {
            return false;
        }

        PopResult result = _queues[queue].Pop(Transport.Dma, chain, out string error);
        if (result == PopResult.Broken)
        {
            Transport.Break($"queue {queue}: {error}");
        }

        return result == PopResult.Chain;
    }

    /// <summary>Gives a chain back.</summary>
    protected void Return(int queue, VirtqueueChain chain, uint written)
    {
        if (!_queues[queue].Push(Transport.Dma, chain.Head, written))
        {
            Transport.Break($"queue {queue}: the used ring is not in memory");
        }
    }

    /// <summary>Interrupts the driver if it wants to know of what was returned.</summary>
    protected void Signal(int queue)
    {
        if (Transport.IsRunning && _queues[queue].TakeInterrupt(Transport.Dma))
        {
            Transport.InterruptQueue(queue);
        }
    }

    /// <summary>Stores a 16-bit field of configuration space.</summary>
    protected static void Put16(Span<byte> bytes, int offset, ushort value, Endianness order)
    {
        if (order == Endianness.Little)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes[offset..], value);
        }
        else
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes[offset..], value);
        }
    }

    /// <summary>Stores a 32-bit field of configuration space.</summary>
    protected static void Put32(Span<byte> bytes, int offset, uint value, Endianness order)
    {
        if (order == Endianness.Little)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[offset..], value);
        }
        else
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes[offset..], value);
        }
    }

    /// <summary>Stores a 64-bit field of configuration space.</summary>
    protected static void Put64(Span<byte> bytes, int offset, ulong value, Endianness order)
    {
        if (order == Endianness.Little)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[offset..], value);
        }
        else
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes[offset..], value);
        }
    }

    /// <summary>Fetches a 32-bit field of a request.</summary>
    protected uint Get32(ReadOnlySpan<byte> bytes) =>
        Transport.Order == Endianness.Little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);

    /// <summary>Fetches a 64-bit field of a request.</summary>
    protected ulong Get64(ReadOnlySpan<byte> bytes) =>
        Transport.Order == Endianness.Little ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : BinaryPrimitives.ReadUInt64BigEndian(bytes);
}
