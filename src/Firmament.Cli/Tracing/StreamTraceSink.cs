using Firmament.Core;
using Firmament.Core.Tracing;

namespace Firmament.Cli.Tracing;

/// <summary>Writes events as lines to a file or standard error, never to the console.</summary>
internal sealed class StreamTraceSink : ITraceSink, IDisposable
{
    private readonly HeldOutput _output;
    private readonly MemoryStream _line = new();
    private readonly ITraceSink _format;

    /// <param name="path">The file, or null for standard error.</param>
    /// <param name="json">JSON lines instead of text.</param>
    /// <param name="error">Writes to standard error.</param>
    public StreamTraceSink(string? path, bool json, Action<byte[]> error)
    {
        _output = new HeldOutput(path, "--trace-file", error);
        _format = json ? new JsonTraceSink(_line) : new TextTraceSink(_line);
    }

    /// <summary>Opens the file and writes what was held.</summary>
    /// <exception cref="UserErrorException">The file cannot be written.</exception>
    public void Start() => _output.Start();

    /// <inheritdoc/>
    public void Write(in TraceEvent traceEvent)
    {
        _line.SetLength(0);
        _format.Write(traceEvent);
        _output.Write(_line.GetBuffer().AsSpan(0, (int)_line.Length));
    }

    /// <inheritdoc/>
    public void Dispose() => _output.Dispose();
}
