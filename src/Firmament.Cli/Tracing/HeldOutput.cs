using Firmament.Core;

namespace Firmament.Cli.Tracing;

/// <summary>
/// A file that a run writes. What comes before <see cref="Start"/> is held, so that a machine that could not be built leaves no file. A full disk loses the
/// rest of it, not the guest.
/// </summary>
internal sealed class HeldOutput : IDisposable
{
    private const int MostHeld = 4 << 20;
    private readonly string? _path;
    private readonly string _option;
    private readonly Action<byte[]>? _otherwise;
    private MemoryStream? _held = new();
    private FileStream? _file;
    private bool _failed;

    /// <param name="path">The file, or null for <paramref name="otherwise"/>.</param>
    /// <param name="option">The option that named it, for messages.</param>
    /// <param name="otherwise">Takes the bytes when there is no file.</param>
    public HeldOutput(string? path, string option, Action<byte[]>? otherwise = null)
    {
        _path = path;
        _option = option;
        _otherwise = otherwise;
    }

    /// <summary>Opens the file and writes what was held.</summary>
    /// <exception cref="UserErrorException">The file cannot be written.</exception>
    public void Start()
    {
        if (_path != null)
        {
            try
            {
                _file = new FileStream(_path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 1 << 16);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new UserErrorException($"'{_path}' cannot be written ({e.Message.TrimEnd('.')}); give {_option} a writable path.", e);
            }
        }

        byte[] held = _held?.ToArray() ?? [];
        _held = null;
        Write(held);
    }

    /// <summary>Writes, or holds.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (_held != null)
        {
            if (_held.Length < MostHeld)
            {
                _held.Write(bytes);
            }
        }
        else if (_path == null)
        {
            _otherwise?.Invoke(bytes.ToArray());
        }
        else if (!_failed)
        {
            try
            {
                _file!.Write(bytes);
            }
            catch (IOException)
            {
                _failed = true;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            _file?.Dispose();
        }
        catch (IOException)
        {
            // A full disk loses the end.
        }
    }
}
