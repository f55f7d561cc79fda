using System.Text;

namespace Firmament.Core.Tracing;

/// <summary>Writes one line of UTF-8 an event, in <see cref="TextTraceFormat"/>.</summary>
public sealed class TextTraceSink : ITraceSink
{
    private readonly Stream _stream;
    private readonly StringBuilder _line = new();

    /// <summary>Writes to <paramref name="stream"/>, which stays the caller's to flush and close.</summary>
    public TextTraceSink(Stream stream) => _stream = stream;

    /// <inheritdoc/>
    public void Write(in TraceEvent traceEvent)
    {
        _line.Clear();
        TextTraceFormat.Append(_line, traceEvent);
        _stream.Write(Encoding.UTF8.GetBytes(_line.Append('\n').ToString()));
    }
}
