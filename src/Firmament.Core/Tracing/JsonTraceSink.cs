using System.Buffers;
using System.Text.Json;

namespace Firmament.Core.Tracing;

/// <summary>
/// Writes one JSON object a line: <c>{"ns":1234000,"category":"firmware","source":"client","name":"getprop","fields":{…}}</c>.
/// </summary>
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
        _json.WriteNumber("ns", traceEvent.Time.Nanoseconds);
        _json.WriteString("category", NameOf(traceEvent.Category));
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

    private static string NameOf(TraceCategory category) => category switch
    {
        TraceCategory.Firmware => "firmware",
        TraceCategory.GuestErrors => "guest-error",
        TraceCategory.Devices => "devices",
        TraceCategory.Exceptions => "exceptions",
        _ => "other",
    };
}
