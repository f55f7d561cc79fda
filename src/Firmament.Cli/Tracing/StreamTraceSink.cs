using Firmament.Core;
using Firmament.Core.Tracing;

namespace Firmament.Cli.Tracing;

/// <summary>
/// Writes events as lines to a file or standard error, never to the console. What comes before <see cref="Start"/> is held, so that a machine that could
/// not be built leaves no file.
/// </summary>
internal sealed class StreamTraceSink : ITraceSink, IDisposable
{
    private const int MostHeld = 4 << 20;
    private readonly string? _path;
    private readonly Action<byte[]> _error;
    private readonly MemoryStream _line = new();
    private readonly ITraceSink _format;
    private MemoryStream? _held = new();
    private FileStream? _file;
    private bool _failed;

    /// <param name="path">The file, or null for standard error.</param>
    /// <param name="json">JSON lines instead of text.</param>
    /// <param name="error">Writes to standard error.</param>
    public StreamTraceSink(string? path, bool json, Action<byte[]> error)
    {
        _path = path;
        _error = error;
        _format = json ? new JsonTraceSink(_line) : new TextTraceSink(_line);
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
                throw new UserErrorException($"'{_path}' cannot be written ({e.Message.TrimEnd('.')}); give --trace-file a writable path.", e);
            }
        }

        byte[] held = _held?.ToArray() ?? [];
        _held = null;
        Emit(held);
    }

    /// <inheritdoc/>
    public void Write(in TraceEvent traceEvent)
    {
        _line.SetLength(0);
        _format.Write(traceEvent);
        Emit(_line.ToArray());
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
            // A full disk loses the end of the trace.
        }
    }

    private void Emit(byte[] bytes)
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
            _error(bytes);
        }
        else if (!_failed)
        {
            try
            {
                _file!.Write(bytes);
            }
            catch (IOException)
            {
                // A full disk loses the rest of the trace, not the guest.
                _failed = true;
            }
        }
    }
}
