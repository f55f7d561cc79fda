using Firmament.Core.Memory;

namespace Firmament.Devices.Buses.Virtio;

/// <summary>
/// One request of the driver: its buffers seen as two byte strings, the readable one and the writable one, whatever descriptors they were
/// cut into (virtio 1.1, 2.6.4: a device makes no assumption about framing).
/// </summary>
public sealed class VirtqueueChain
{
    private readonly List<(ulong Address, uint Length)> _readable = [];
    private readonly List<(ulong Address, uint Length)> _writable = [];

    /// <summary>Index of the first descriptor, which names the chain in the used ring.</summary>
    public ushort Head { get; private set; }

    /// <summary>Bytes the device may read.</summary>
    public ulong ReadableLength { get; private set; }

    /// <summary>Bytes the device may write.</summary>
    public ulong WritableLength { get; private set; }

    /// <summary>Descriptors in the chain.</summary>
    public int Count => _readable.Count + _writable.Count;

    /// <summary>Copies out readable bytes from <paramref name="offset"/>. False when the chain is shorter or its memory is not there.</summary>
    public bool TryRead(IDmaSpace dma, ulong offset, Span<byte> destination)
    {
        foreach ((ulong address, uint length) in _readable)
        {
            if (destination.IsEmpty)
            {
                break;
            }

            if (offset >= length)
            {
                offset -= length;
                continue;
            }

            int count = (int)Math.Min((ulong)destination.Length, length - offset);
            if (!dma.TryRead(address + offset, destination[..count]))
            {
                return false;
            }

            destination = destination[count..];
            offset = 0;
        }

        return destination.IsEmpty;
    }

    /// <summary>Copies into writable bytes at <paramref name="offset"/>. False when the chain is shorter or its memory is not there.</summary>
    public bool TryWrite(IDmaSpace dma, ulong offset, ReadOnlySpan<byte> source)
    {
        foreach ((ulong address, uint length) in _writable)
        {
            if (source.IsEmpty)
            {
                break;
            }

            if (offset >= length)
            {
                offset -= length;
                continue;
            }

            int count = (int)Math.Min((ulong)source.Length, length - offset);
            if (!dma.TryWrite(address + offset, source[..count]))
            {
                return false;
            }

            source = source[count..];
            offset = 0;
        }

        return source.IsEmpty;
    }

    internal void Start(ushort head)
    {
        Head = head;
        _readable.Clear();
        _writable.Clear();
        ReadableLength = 0;
        WritableLength = 0;
    }

    internal bool TryAdd(ulong address, uint length, bool isWritable)
    {
        if (isWritable)
        {
            _writable.Add((address, length));
            WritableLength += length;
            return true;
        }

        // virtio 1.1, 2.6.4.2: all readable buffers come before the writable ones.
        if (_writable.Count != 0)
        {
            return false;
        }

        _readable.Add((address, length));
        ReadableLength += length;
        return true;
    }
}
