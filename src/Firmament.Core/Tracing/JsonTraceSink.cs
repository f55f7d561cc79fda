using System.Buffers;
using System.Text.Json;

namespace Firmament.Core.Tracing;

/// <summary>
/// Writes one JSON object a line: <c>{"time":1234000,"category":"firmware","source":"client","name":"getprop","fields":{…}}</c>, time in nanoseconds.
/// </summary>
/// <remarks>The format is documented in docs/tracing.md.</remarks>
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
        _json.WriteStartObject();
        _json.WriteNumber("time", traceEvent.Time.Nanoseconds);
        _json.WriteString("category", TraceCategories.NameOf(traceEvent.Category));
        _json.WriteString("source", traceEvent.Source);
        _json.WriteString("name", traceEvent.Name);
        _json.WriteStartObject("fields");
        foreach (KeyValuePair<string, string> field in traceEvent.Fields)
        {
            _json.WriteString(field.Key, field.Value);
        }

        _json.WriteEndObject();
        _json.WriteEndObject();
        _json.Flush();
        _buffer.GetSpan(1)[0] = (byte)'\n';
        _buffer.Advance(1);
        _stream.Write(_buffer.WrittenSpan);
    }

    /// <summary>Releases the writer; the stream stays open.</summary>
    public void Dispose() => _json.Dispose();
}
