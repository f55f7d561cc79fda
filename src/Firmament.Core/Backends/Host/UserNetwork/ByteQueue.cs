namespace Firmament.Core.Backends.Host.UserNetwork;

/// <summary>A queue of bytes with a greatest length; it grows as needed and can be looked into.</summary>
internal sealed class ByteQueue(int capacity)
{
    private const int Smallest = 4096;

    private byte[] _bytes = [];
    private int _start;

    /// <summary>Greatest number of bytes; a power of two.</summary>
    public int Capacity => capacity;

    /// <summary>Bytes in it.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes that still fit.</summary>
    public int Room => capacity - Count;

    /// <summary>Adds as many bytes as fit; returns how many.</summary>
    public int Add(ReadOnlySpan<byte> source)
    {
        source = source[..Math.Min(source.Length, Room)];
        Reserve(source.Length);
        int at = (_start + Count) & (_bytes.Length - 1);
        int first = Math.Min(source.Length, _bytes.Length - at);
        source[..first].CopyTo(_bytes.AsSpan(at));
        source[first..].CopyTo(_bytes);
        Count += source.Length;
        return source.Length;
    }

    /// <summary>Copies bytes out, from <paramref name="offset"/> bytes after the first one; they stay.</summary>
    public void CopyTo(int offset, Span<byte> destination)
    {
        int at = (_start + offset) & (_bytes.Length - 1);
        int first = Math.Min(destination.Length, _bytes.Length - at);
        _bytes.AsSpan(at, first).CopyTo(destination);
        _bytes.AsSpan(0, destination.Length - first).CopyTo(destination[first..]);
    }

    /// <summary>The longest run of bytes at the front that lies in one piece.</summary>
    public ReadOnlySpan<byte> Front => _bytes.AsSpan(_start, Math.Min(Count, _bytes.Length - _start));

    /// <summary>Drops bytes from the front.</summary>
    public void Remove(int count)
    {
        Count -= count;
        _start = Count == 0 ? 0 : (_start + count) & (_bytes.Length - 1);
    }

    /// <summary>Drops all and gives the memory back.</summary>
    public void Clear()
    {
        _bytes = [];
        _start = Count = 0;
    }

    private void Reserve(int more)
    {
        int length = Math.Max(_bytes.Length, Smallest);
        while (length < Count + more)
        {
            length *= 2;
        }

        if (length == _bytes.Length)
        {
            return;
        }

        byte[] grown = new byte[length];
        if (Count != 0)
        {
            CopyTo(0, grown.AsSpan(0, Count));
        }

        _bytes = grown;
        _start = 0;
    }
}
