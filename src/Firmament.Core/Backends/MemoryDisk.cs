namespace Firmament.Core.Backends;

/// <summary>A disk in host memory, for tests and demonstrations.</summary>
public sealed class MemoryDisk : IBlockBackend
{
    private readonly byte[] _bytes;

    /// <summary>Makes a disk over an array, which stays the caller's to look at.</summary>
    /// <param name="bytes">The contents; a positive multiple of 512 bytes.</param>
    /// <param name="isReadOnly">Refuse writes.</param>
    /// <exception cref="ArgumentException">The length is no multiple of 512.</exception>
    public MemoryDisk(byte[] bytes, bool isReadOnly = false)
    {
        if (bytes.Length == 0 || bytes.Length % DiskImage.SectorSize != 0)
        {
            throw new ArgumentException($"a disk of {bytes.Length} bytes is not a positive multiple of 512", nameof(bytes));
        }

        _bytes = bytes;
        IsReadOnly = isReadOnly;
    }

    /// <inheritdoc/>
    public long Length => _bytes.Length;

    /// <inheritdoc/>
    public bool IsReadOnly { get; }

    /// <summary>How many flushes were asked for.</summary>
    public int FlushCount { get; private set; }

    /// <summary>Reads, writes and flushes fail while set, as on a broken disk.</summary>
    public bool IsBroken { get; set; }

    /// <inheritdoc/>
    public bool TryRead(long offset, Span<byte> destination)
    {
        if (IsBroken || offset < 0 || offset > Length || destination.Length > Length - offset)
        {
            return false;
        }

        _bytes.AsSpan((int)offset, destination.Length).CopyTo(destination);
        return true;
    }

    /// <inheritdoc/>
    public bool TryWrite(long offset, ReadOnlySpan<byte> source)
    {
        if (IsBroken || IsReadOnly || offset < 0 || offset > Length || source.Length > Length - offset)
        {
            return false;
        }

        source.CopyTo(_bytes.AsSpan((int)offset));
        return true;
    }

    /// <inheritdoc/>
    public bool TryFlush()
    {
        FlushCount++;
        return !IsBroken;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
