using System.Collections;
using Microsoft.Win32.SafeHandles;

namespace Firmament.Core.Backends;

/// <summary>
/// A disk whose writes are kept apart and forgotten at the end: blocks of 4 KiB that were written live in a nameless temporary file
/// (sparse, deleted as soon as it is open), all others are read from the base. Host memory grows by one bit a block only.
/// </summary>
public sealed class SnapshotDisk : IBlockBackend
{
    private const int BlockSize = 4096;

    private readonly IBlockBackend _base;
    private readonly SafeFileHandle _overlay;
    private readonly BitArray _written;

    /// <summary>Lays an empty overlay over <paramref name="baseDisk"/>, which it owns from then on and never writes.</summary>
    /// <exception cref="BackendException">No temporary file can be made.</exception>
    public SnapshotDisk(IBlockBackend baseDisk)
    {
        long blocks = (baseDisk.Length + BlockSize - 1) / BlockSize;
        if (blocks > int.MaxValue)
        {
            throw new BackendException($"a snapshot of a disk of {baseDisk.Length >> 40} TiB is not supported; use an image below 8 TiB");
        }

        _base = baseDisk;
        _written = new BitArray((int)blocks);
        _overlay = OpenOverlay();
    }

    /// <inheritdoc/>
    public long Length => _base.Length;

    /// <inheritdoc/>
    public bool IsReadOnly => false;

    /// <inheritdoc/>
    public bool TryRead(long offset, Span<byte> destination)
    {
        if (offset < 0 || offset > Length || destination.Length > Length - offset)
        {
            return false;
        }

        while (!destination.IsEmpty)
        {
            int count = RunLength(offset, destination.Length, out bool inOverlay);
            if (!(inOverlay ? TryReadOverlay(offset, destination[..count]) : _base.TryRead(offset, destination[..count])))
            {
                return false;
            }

            destination = destination[count..];
            offset += count;
        }

        return true;
    }

    /// <inheritdoc/>
    public bool TryWrite(long offset, ReadOnlySpan<byte> source)
    {
        if (offset < 0 || offset > Length || source.Length > Length - offset)
        {
            return false;
        }

        try
        {
            long end = offset + source.Length;
            if (source.IsEmpty)
            {
                return true;
            }

            // Only the first and last block can be covered in part; their other bytes come from the base.
            if (!TryCopyUp(offset / BlockSize, offset, end) || !TryCopyUp((end - 1) / BlockSize, offset, end))
            {
                return false;
            }

            RandomAccess.Write(_overlay, source, offset);
            for (long block = offset / BlockSize; block <= (end - 1) / BlockSize; block++)
            {
                _written[(int)block] = true;
            }

            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Nothing has to be durable.</summary>
    public bool TryFlush() => true;

    /// <summary>Forgets all writes and closes the base.</summary>
    public void Dispose()
    {
        _overlay.Dispose();
        _base.Dispose();
    }

    private static SafeFileHandle OpenOverlay()
    {
        string path = Path.Combine(Path.GetTempPath(), "firmament-" + Path.GetRandomFileName());
        try
        {
            SafeFileHandle file = File.OpenHandle(
                path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, FileOptions.RandomAccess | FileOptions.DeleteOnClose);
            if (!OperatingSystem.IsWindows())
            {
                // Nameless from now on, so that a killed process leaves nothing behind.
                File.Delete(path);
            }

            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BackendException($"no temporary file for the snapshot can be made in '{Path.GetTempPath()}'; set TMPDIR to a writable directory", e);
        }
    }

    private bool TryCopyUp(long block, long start, long end)
    {
        long blockStart = block * BlockSize;
        int blockLength = (int)Math.Min(BlockSize, Length - blockStart);
        if (_written[(int)block] || (start <= blockStart && end >= blockStart + blockLength))
        {
            return true;
        }

        Span<byte> bytes = stackalloc byte[blockLength];
        if (!_base.TryRead(blockStart, bytes))
        {
            return false;
        }

        RandomAccess.Write(_overlay, bytes, blockStart);
        _written[(int)block] = true;
        return true;
    }

    private int RunLength(long offset, int most, out bool inOverlay)
    {
        long block = offset / BlockSize;
        inOverlay = _written[(int)block];
        long end = (block + 1) * BlockSize;
        while (end < offset + most && _written[(int)(end / BlockSize)] == inOverlay)
        {
            end += BlockSize;
        }

        return (int)Math.Min(most, end - offset);
    }

    private bool TryReadOverlay(long offset, Span<byte> destination)
    {
        try
        {
            while (!destination.IsEmpty)
            {
                int count = RandomAccess.Read(_overlay, destination, offset);
                if (count <= 0)
                {
                    return false;
                }

                destination = destination[count..];
                offset += count;
            }

            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            return false;
        }
    }
}
