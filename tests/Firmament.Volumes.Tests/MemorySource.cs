namespace Firmament.Volumes.Tests;

/// <summary>A disk in memory that counts how it is read.</summary>
internal sealed class MemorySource(byte[] bytes, int blockSize = 512) : IByteSource
{
    private const int PageSize = 512;

    private readonly bool[] _pages = new bool[(bytes.Length / PageSize) + 1];

    public byte[] Bytes { get; } = bytes;

    public long Length { get; init; } = bytes.Length;

    public int BlockSize => blockSize;

    /// <summary>The bytes come again and again without end, so that no size is too large.</summary>
    public bool Repeats { get; init; }

    public long Reads { get; set; }

    public long BytesRead { get; set; }

    /// <summary>True when something was read within 512 bytes of it.</summary>
    public bool WasRead(int offset) => _pages[offset / PageSize];

    public bool TryRead(long offset, Span<byte> destination)
    {
        Assert.True(offset >= 0, "a negative offset was read");
        Reads++;
        BytesRead += destination.Length;
        if (Repeats)
        {
            for (int i = 0; i < destination.Length;)
            {
                ReadOnlySpan<byte> part = Bytes.AsSpan((int)((offset + i) % Bytes.Length));
                part = part[..Math.Min(part.Length, destination.Length - i)];
                part.CopyTo(destination[i..]);
                i += part.Length;
            }

            return true;
        }

        if (offset > Bytes.Length - destination.Length)
        {
            return false;
        }

        for (long page = offset / PageSize; page * PageSize < offset + destination.Length; page++)
        {
            _pages[page] = true;
        }

        Bytes.AsSpan((int)offset, destination.Length).CopyTo(destination);
        return true;
    }
}
