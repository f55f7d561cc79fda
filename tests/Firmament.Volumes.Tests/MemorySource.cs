namespace Firmament.Volumes.Tests;

/// <summary>A disk in memory that counts how it is read.</summary>
internal sealed class MemorySource(byte[] bytes, int blockSize = 512) : IByteSource
{
    public byte[] Bytes { get; } = bytes;

    public long Length { get; init; } = bytes.Length;

    public int BlockSize => blockSize;

    public long Reads { get; set; }

    public long BytesRead { get; set; }

    public bool TryRead(long offset, Span<byte> destination)
    {
        Assert.True(offset >= 0, "a negative offset was read");
        Reads++;
        BytesRead += destination.Length;
        if (offset > Bytes.Length - destination.Length)
        {
            return false;
        }

        Bytes.AsSpan((int)offset, destination.Length).CopyTo(destination);
        return true;
    }
}
