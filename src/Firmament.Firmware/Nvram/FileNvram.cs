namespace Firmament.Firmware.Nvram;

/// <summary>
/// NVRAM kept in a host file of exactly its size. Each store writes a new file beside it and renames it over the old one, so that
/// a kill at any moment leaves the old or the new contents. <see cref="Flush"/> makes them survive a host power failure too.
/// </summary>
public sealed class FileNvram : INvram
{
    private readonly string _path;
    private readonly byte[] _bytes;

    /// <summary>Opens the file; one that does not exist is zeroed, and made by the first store.</summary>
    /// <param name="path">The file.</param>
    /// <param name="size">Bytes.</param>
    /// <exception cref="IOException">The file cannot be read or made, or has another size.</exception>
    public FileNvram(string path, int size)
    {
        _path = Path.GetFullPath(path);
        if (File.Exists(_path))
        {
            long length = new FileInfo(_path).Length;
            if (length != size)
            {
                throw new IOException($"it has {length} bytes and this machine's NVRAM {size}");
            }

            _bytes = File.ReadAllBytes(_path);
        }
        else
        {
            // Made by the first store, so that a machine that cannot start leaves no file; that it can be made is found out now.
            _bytes = new byte[size];
            using FileStream probe = new(_path + ".new", FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
    }

    /// <inheritdoc/>
    public int Size => _bytes.Length;

    /// <inheritdoc/>
    public bool TryRead(int offset, Span<byte> destination)
    {
        bool ok = offset >= 0 && destination.Length <= Size - offset;
        if (ok)
        {
            _bytes.AsSpan(offset, destination.Length).CopyTo(destination);
        }

        return ok;
    }

    /// <inheritdoc/>
    public bool TryWrite(int offset, ReadOnlySpan<byte> source)
    {
        if (offset < 0 || source.Length > Size - offset)
        {
            return false;
        }

        Span<byte> target = _bytes.AsSpan(offset, source.Length);
        if (source.SequenceEqual(target))
        {
            return true;
        }

        byte[] changed = [.. _bytes];
        source.CopyTo(changed.AsSpan(offset));
        if (!TryStore(changed, durable: false))
        {
            return false;
        }

        source.CopyTo(target);
        return true;
    }

    /// <summary>Makes the contents durable. False on a host I/O error.</summary>
    public bool Flush() => TryStore(_bytes, durable: true);

    private bool TryStore(byte[] bytes, bool durable)
    {
        try
        {
            Store(bytes, durable);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void Store(byte[] bytes, bool durable)
    {
        string temporary = _path + ".new";
        using (FileStream file = new(temporary, FileMode.Create, FileAccess.Write))
        {
            file.Write(bytes);
            file.Flush(durable);
        }

        File.Move(temporary, _path, overwrite: true);
    }
}
