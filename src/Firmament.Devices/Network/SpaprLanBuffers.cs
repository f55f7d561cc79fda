using System.Runtime.InteropServices;
using Firmament.Core.State;

namespace Firmament.Devices.Network;

/// <summary>The receive buffers a guest has given to a logical LAN adapter: the shortest that fits is used, the oldest of one length first.</summary>
internal sealed class SpaprLanBuffers : IStateful
{
    /// <summary>Buffers an adapter holds.</summary>
    public const int Most = 4096;

    private readonly ulong[] _descriptors = new ulong[Most];
    private int _count;

    /// <summary>How many there are.</summary>
    public int Count => _count;

    /// <summary>The length in a descriptor: bits 23 to 0 of its upper half.</summary>
    public static uint LengthOf(ulong descriptor) => (uint)(descriptor >> 32) & 0xff_ffff;

    /// <summary>The I/O address in a descriptor.</summary>
    public static uint AddressOf(ulong descriptor) => (uint)descriptor;

    /// <summary>Adds a buffer. False when there are too many.</summary>
    public bool TryAdd(ulong descriptor)
    {
        if (_count == Most)
        {
            return false;
        }

        int at = FirstOf(LengthOf(descriptor) + 1);
        _descriptors.AsSpan(at, _count - at).CopyTo(_descriptors.AsSpan(at + 1));
        _descriptors[at] = descriptor;
        _count++;
        return true;
    }

    /// <summary>Takes the buffer that fits best, or 0 when none is as long.</summary>
    public ulong Take(uint length)
    {
        int at = FirstOf(length);
        if (at == _count)
        {
            return 0;
        }

        ulong descriptor = _descriptors[at];
        _count--;
        _descriptors.AsSpan(at + 1, _count - at).CopyTo(_descriptors.AsSpan(at));
        return descriptor;
    }

    /// <summary>Takes a buffer of exactly this length, or 0.</summary>
    public ulong TakeExactly(uint length)
    {
        int at = FirstOf(length);
        return at < _count && LengthOf(_descriptors[at]) == length ? Take(length) : 0;
    }

    /// <summary>Forgets all.</summary>
    public void Clear() => _count = 0;

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Field("count", ref _count);
        _count = Math.Clamp(_count, 0, Most);
        state.Bytes("descriptors", MemoryMarshal.AsBytes(_descriptors.AsSpan(0, _count)));
    }

    /// <summary>The first place whose buffer is at least this long.</summary>
    private int FirstOf(uint length)
    {
        (int low, int high) = (0, _count);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = LengthOf(_descriptors[middle]) < length ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
