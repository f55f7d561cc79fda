using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Firmament.Core.Backends;

/// <summary>
/// A raw image: byte n of the disk is byte n of the file. Access is synchronous, on the machine's thread, so that completions do not
/// depend on the host's timing. An advisory lock (flock) keeps a writer alone on the file; readers share it.
/// </summary>
/// <remarks>
/// Writes go to the host's page cache, which survives the end of this process however it comes; <see cref="TryFlush"/> is fsync, so an
/// acknowledged flush also survives the end of the host.
/// </remarks>
public sealed partial class RawDiskImage : IBlockBackend
{
    private const int LinuxWouldBlock = 11;
    private const int DarwinWouldBlock = 35;
    private const int WindowsSharingViolation = unchecked((int)0x80070020);

    private readonly SafeFileHandle _file;
    private readonly long _fileLength;

    private RawDiskImage(SafeFileHandle file, long fileLength, bool writable)
    {
        _file = file;
        _fileLength = fileLength;
        IsReadOnly = !writable;
        Length = (fileLength + DiskImage.SectorSize - 1) / DiskImage.SectorSize * DiskImage.SectorSize;
    }

    /// <inheritdoc/>
    public long Length { get; }

    /// <inheritdoc/>
    public bool IsReadOnly { get; }

    /// <summary>Opens and locks the file.</summary>
    /// <exception cref="BackendException">As <see cref="DiskImage.Open"/>.</exception>
    public static RawDiskImage Open(string path, bool writable)
    {
        SafeFileHandle file = OpenFile(path, writable);
        try
        {
            long length = LengthOf(file, path);
            if (length == 0)
            {
                throw new BackendException($"disk image '{path}' is empty or not a regular file; make one with 'truncate -s 1G {path}'");
            }

            if (writable && length % DiskImage.SectorSize != 0)
            {
                throw new BackendException(
                    $"disk image '{path}' is {length} bytes long, not a multiple of 512; extend it with 'truncate -s %512 {path}' or open it read-only");
            }

            return new RawDiskImage(file, length, writable);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public bool TryRead(long offset, Span<byte> destination)
    {
        if (offset < 0 || offset > Length || destination.Length > Length - offset)
        {
            return false;
        }

        try
        {
            while (!destination.IsEmpty)
            {
                int count = RandomAccess.Read(_file, destination, offset);
                if (count <= 0)
                {
                    // Only the padding of the last sector may lie behind the end; a file truncated under us is an I/O error.
                    if (offset < _fileLength)
                    {
                        return false;
                    }

                    destination.Clear();
                    return true;
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

    /// <inheritdoc/>
    public bool TryWrite(long offset, ReadOnlySpan<byte> source)
    {
        if (IsReadOnly || offset < 0 || offset > Length || source.Length > Length - offset)
        {
            return false;
        }

        try
        {
            RandomAccess.Write(_file, source, offset);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public bool TryFlush()
    {
        if (IsReadOnly)
        {
            return true;
        }

        try
        {
            RandomAccess.FlushToDisk(_file);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public bool TryZero(long offset, long length, bool deallocate)
    {
        if (IsReadOnly || offset < 0 || length < 0 || offset > Length || length > Length - offset)
        {
            return false;
        }

        // FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE: zeros without storage, where the file system can.
        const int PunchHole = 1 | 2;
        if (deallocate && length != 0 && OperatingSystem.IsLinux() && !_file.IsClosed && Allocate(_file, PunchHole, offset, length) == 0)
        {
            return true;
        }

        byte[] zeros = new byte[Math.Min(length, 1 << 20)];
        for (long at = offset; at < offset + length; at += zeros.Length)
        {
            if (!TryWrite(at, zeros.AsSpan(0, (int)Math.Min(zeros.Length, offset + length - at))))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Closes the file and gives its lock back.</summary>
    public void Dispose() => _file.Dispose();

    private static SafeFileHandle OpenFile(string path, bool writable)
    {
        if (Directory.Exists(path))
        {
            throw new BackendException($"disk image '{path}' is a directory; name a raw image file");
        }

        try
        {
            return File.OpenHandle(
                path,
                FileMode.Open,
                writable ? FileAccess.ReadWrite : FileAccess.Read,
                writable ? FileShare.None : FileShare.Read,
                FileOptions.RandomAccess);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BackendException($"disk image '{path}' does not exist; create it with 'truncate -s 1G {path}' or correct the name", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new BackendException(
                writable
                    ? $"disk image '{path}' may not be written; change its permissions or open it with readonly=on or snapshot=on"
                    : $"disk image '{path}' may not be read; change its permissions",
                e);
        }
        catch (IOException e) when (e.HResult is LinuxWouldBlock or DarwinWouldBlock or WindowsSharingViolation)
        {
            throw new BackendException(
                writable
                    ? $"disk image '{path}' is in use by another process; stop it or open the image with snapshot=on"
                    : $"disk image '{path}' is being written by another process; stop it or use a copy",
                e);
        }
        catch (Exception e) when (e is IOException or ArgumentException or NotSupportedException)
        {
            throw new BackendException($"disk image '{path}' cannot be opened ({e.Message.TrimEnd('.')}); name a raw image file", e);
        }
    }

    [LibraryImport("libc", EntryPoint = "fallocate")]
    private static partial int Allocate(SafeFileHandle file, int mode, long offset, long length);

    private static long LengthOf(SafeFileHandle file, string path)
    {
        try
        {
            return RandomAccess.GetLength(file);
        }
        catch (Exception e) when (e is IOException or NotSupportedException)
        {
            throw new BackendException($"disk image '{path}' is a pipe or terminal, not a file; name a raw image file", e);
        }
    }
}
