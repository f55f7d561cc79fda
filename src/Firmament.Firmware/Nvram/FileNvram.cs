using Firmament.Core.Backends.Host;

namespace Firmament.Firmware.Nvram;

/// <summary>
/// NVRAM kept in a host file of exactly its size. Each store that changes something replaces the file (<see cref="DurableFile"/>), so that a kill or a
/// power failure at any moment leaves the old or the new contents, and the new ones once the store was acknowledged.
/// </summary>
public sealed class FileNvram : INvram
{
    private readonly string _path;
    private readonly MemoryNvram _contents;

    /// <summary>Opens the file; one that does not exist is zeroed, and made by the first store.</summary>
    /// <param name="path">The file.</param>
    /// <param name="size">Bytes.</param>
    /// <exception cref="IOException">The file cannot be read or made, or has another size.</exception>
    public FileNvram(string path, int size)
    {
        _path = Path.GetFullPath(path);
        _contents = new MemoryNvram(size);
        if (Directory.Exists(_path))
        {
            throw new IOException("it is a folder");
        }

        if (File.Exists(_path))
        {
            long length = new FileInfo(_path).Length;
            if (length != size)
            {
                throw new IOException($"it has {length} bytes and this machine's NVRAM {size}");
            }

            _contents.TryWrite(0, File.ReadAllBytes(_path));
        }
        else
        {
            // Made by the first store, so that a machine that cannot start leaves no file; that it can be made is found out now.
            using FileStream probe = new(_path + ".new", FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
    }

    /// <inheritdoc/>
    public int Size => _contents.Size;

    /// <inheritdoc/>
    public bool TryRead(int offset, Span<byte> destination) => _contents.TryRead(offset, destination);

    /// <inheritdoc/>
    public bool TryWrite(int offset, ReadOnlySpan<byte> source)
    {
        byte[] old = new byte[source.Length];
        if (!_contents.TryRead(offset, old))
        {
            return false;
        }

        if (source.SequenceEqual(old))
        {
            return true;
        }

        _contents.TryWrite(offset, source);
        if (TryStore())
        {
            return true;
        }

        _contents.TryWrite(offset, old);
        return false;
    }

    private bool TryStore()
    {
        byte[] bytes = new byte[Size];
        _contents.TryRead(0, bytes);
        try
        {
            DurableFile.Replace(_path, bytes);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
