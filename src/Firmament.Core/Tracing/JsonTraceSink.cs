using System.Buffers;
using System.Text.Json;

namespace Firmament.Core.Tracing;

/// <summary>Writes one JSON object a line, in <see cref="JsonTraceFormat"/>.</summary>
public sealed class JsonTraceSink : ITraceSink, IDisposable
{
    private readonly Stream _stream;
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Utf8JsonWriter _json;

    /// <summary>Writes to <paramref name="stream"/>, which stays the caller's to flush and close.</summary>
    public JsonTraceSink(Stream stream)
    {
        _stream = stream;
        _json = new Utf8JsonWriter(_buffer);
    }

    /// <inheritdoc/>
    public void Write(in TraceEvent traceEvent)
    {
        _buffer.ResetWrittenCount();
        _json.Reset();
        JsonTraceFormat.Write(_json, traceEvent);
        _json.Flush();
        _buffer.GetSpan(1)[0] = (byte)'\n';
        _buffer.Advance(1);
        _stream.Write(_buffer.WrittenSpan);
    }

    /// <summary>Releases the writer; the stream stays open.</summary>
    public void Dispose() => _json.Dispose();
}
