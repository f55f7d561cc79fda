using System.Text;
using System.Text.Json;
using Firmament.Core.Time;
using Firmament.Core.Tracing;

namespace Firmament.Core.Tests.Tracing;

public sealed class TraceSinkTests
{
    private static readonly TraceEvent Plain = new(
        new VirtualTime(1_234_000), TraceCategory.Firmware, "client", "getprop", [new("phandle", "/chosen"), new("name", "\"stdout\"")]);

    private static readonly TraceEvent Forged = new(
        VirtualTime.Zero, TraceCategory.GuestErrors, "client\n", "no\u001b[2J\"service\"", [new("na\tme", "a\r\nb\u0085\u2028\u007f\\ é")]);

    [Fact]
    public void A_text_line_has_time_source_name_and_fields() =>
        Assert.Equal("0.001234000 firmware client getprop phandle=/chosen name=\"stdout\"\n", Text(Plain));

    [Fact]
    public void Control_characters_cannot_forge_a_line_or_drive_the_terminal() =>
        Assert.Equal("0.000000000 guest-errors client\\x0a no\\x1b[2J\"service\" na\\x09me=a\\x0d\\x0ab\\x85\\x2028\\x7f\\ é\n", Text(Forged));

    [Fact]
    public void Each_json_line_is_one_valid_object()
    {
        using MemoryStream stream = new();
        using (JsonTraceSink sink = new(stream))
        {
            sink.Write(Plain);
            sink.Write(Forged);
            sink.Write(Plain with { Category = TraceCategory.Devices, Fields = [] });
            sink.Write(Plain with { Category = TraceCategory.Exceptions });
        }

        Assert.True(stream.CanWrite);
        string[] lines = Encoding.UTF8.GetString(stream.ToArray()).Split('\n');
        Assert.Equal(5, lines.Length);
        Assert.Equal("", lines[4]);
        JsonElement[] events = [.. lines[..4].Select(static line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(["firmware", "guest-errors", "devices", "exceptions"], events.Select(static e => e.GetProperty("category").GetString()));
        Assert.Equal(1_234_000, events[0].GetProperty("time").GetInt64());
        Assert.Equal("client", events[0].GetProperty("source").GetString());
        Assert.Equal("/chosen", events[0].GetProperty("fields").GetProperty("phandle").GetString());
        Assert.Equal("no\u001b[2J\"service\"", events[1].GetProperty("name").GetString());
        Assert.Equal("a\r\nb\u0085\u2028\u007f\\ é", events[1].GetProperty("fields").GetProperty("na\tme").GetString());
        Assert.Empty(events[2].GetProperty("fields").EnumerateObject());
    }

    private static string Text(TraceEvent traceEvent)
    {
        using MemoryStream stream = new();
        new TextTraceSink(stream).Write(traceEvent);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
