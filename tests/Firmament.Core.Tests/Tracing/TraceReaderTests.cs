using System.Text;
using Firmament.Core.Time;
using Firmament.Core.Tracing;

namespace Firmament.Core.Tests.Tracing;

public sealed class TraceReaderTests
{
    private static readonly TraceEvent[] Events =
    [
        new(new VirtualTime(1_234_000), TraceCategory.Firmware, "client", "getprop",
            [new("phandle", "0x3(/chosen node)"), new("name", "\"a = b\""), new("buf", "[00000001 00000002 …]"), new("size", "-1")]),
        new(VirtualTime.Zero, TraceCategory.Firmware, "rtas", "token 0x55", [new("refused", "4 arguments and 2 results do not fit"), new("pc", "0x0")]),
        new(new VirtualTime(3_000_000_001), TraceCategory.Firmware, "client", "write",
            [new("addr", "\"quoted \\\" and pc=0 \\\\\r\n\u001b\u2028\\\\x41\""), new("len", "3"), new("pc", "0x1")]),
        new(new VirtualTime(long.MaxValue / 2), TraceCategory.GuestErrors, "memory", "read of 4 bytes at 0x10 with x=y: \"nothing\" is there", []),
        new(new VirtualTime(5), TraceCategory.Exceptions, "cpu", "interrupt 0x900", [new("srr0", "0xc0000000"), new("srr1", "0x9032")]),
        new(new VirtualTime(6), TraceCategory.Devices, "uart", "write", []),
        new(new VirtualTime(7), TraceCategory.Firmware, "client", "nextprop", [new("previous", "null"), new("value", "\"one\",\"two\"…"), new("empty", "")]),
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_was_written_is_read_back(bool json)
    {
        using MemoryStream stream = new(Written(json));
        TraceReader reader = new(stream);
        foreach (TraceEvent expected in Events)
        {
            Assert.True(reader.TryRead(out TraceEvent read));
            Assert.Equal((expected.Time, expected.Category, expected.Source, expected.Name), (read.Time, read.Category, read.Source, read.Name));
            Assert.Equal(expected.Fields, read.Fields);
        }

        Assert.False(reader.TryRead(out _));
        Assert.Equal((Events.Length, 0), (reader.Line, reader.Skipped));
    }

    [Fact]
    public void What_is_no_event_is_passed_over_and_counted()
    {
        string text = "hello\n\n0.5 firmware client test\n0.000000001 nothing client test\n0.000000001 firmware client\n{\"time\":1}\n{]\n"
            + "{\"time\":9,\"category\":\"firmware\",\"source\":\"client\",\"name\":\"test\",\"later\":{\"a\":[1]},\"fields\":{\"n\":7,\"m\":\"8\"}}\r\n"
            + "0.000000001 firmware client test\r\n0.000000002 firmware cli";
        using MemoryStream stream = new(Encoding.UTF8.GetBytes(text));
        TraceReader reader = new(stream);
        Assert.True(reader.TryRead(out TraceEvent json));
        Assert.Equal(("test", 9), (json.Name, json.Time.Nanoseconds));
        Assert.Equal([new("m", "8")], json.Fields);
        Assert.Equal((8, 6), (reader.Line, reader.Skipped));
        Assert.True(reader.TryRead(out TraceEvent plain));
        Assert.Equal(("test", 1), (plain.Name, plain.Time.Nanoseconds));
        Assert.False(reader.TryRead(out _));
        Assert.Equal(7, reader.Skipped);
    }

    [Fact]
    public void A_file_without_line_ends_is_read_in_bounded_pieces()
    {
        using MemoryStream stream = new(new byte[5 << 20]);
        TraceReader reader = new(stream);
        Assert.False(reader.TryRead(out _));
        Assert.InRange(reader.Skipped, 3, 5);
    }

    [Fact]
    public void Lines_may_end_anywhere_in_the_pieces_a_stream_gives()
    {
        using Trickle stream = new(Written(json: false));
        TraceReader reader = new(stream);
        int count = 0;
        while (reader.TryRead(out _))
        {
            count++;
        }

        Assert.Equal((Events.Length, 0), (count, reader.Skipped));
    }

    private static byte[] Written(bool json)
    {
        using MemoryStream stream = new();
        using JsonTraceSink jsonSink = new(stream);
        ITraceSink sink = json ? jsonSink : new TextTraceSink(stream);
        foreach (TraceEvent e in Events)
        {
            sink.Write(e);
        }

        return stream.ToArray();
    }

    private sealed class Trickle(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 3));
    }
}
