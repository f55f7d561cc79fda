using System.Text;
using Firmament.Cli.Running;
using Firmament.Cli.Tests.Scripted;
using Firmament.Cli.Tracing;
using Firmament.Core.Backends;
using Firmament.Core.Time;
using Firmament.Core.Tracing;

namespace Firmament.Cli.Tests;

public sealed class TraceTests
{
    private static readonly TraceEvent Sample = new(new VirtualTime(1_000_000_042), TraceCategory.Firmware, "client-interface", "getprop",
        [new("phandle", "0x1"), new("name", "a\nb")]);

    [Theory]
    [InlineData(false, "1.000000042 firmware client-interface getprop phandle=0x1 name=a\\x0ab\n")]
    [InlineData(true, "{\"time\":1000000042,\"category\":\"firmware\",\"source\":\"client-interface\",\"name\":\"getprop\",\"fields\":{\"phandle\":\"0x1\",\"name\":\"a\\nb\"}}\n")]
    public void Both_formats_are_the_documented_ones(bool json, string line)
    {
        StringBuilder error = new();
        using StreamTraceSink sink = new(null, json, bytes => error.Append(Encoding.UTF8.GetString(bytes)));
        sink.Start();
        sink.Write(Sample);
        Assert.Equal(line, error.ToString());
    }

    [Fact]
    public void Events_before_the_start_come_out_at_the_start_and_go_to_standard_error()
    {
        StringBuilder error = new();
        using StreamTraceSink sink = new(null, json: false, bytes => error.Append(Encoding.UTF8.GetString(bytes)));
        sink.Write(Sample);
        Assert.Equal("", error.ToString());
        sink.Start();
        sink.Write(Sample);
        Assert.Equal(2, error.ToString().Count(static c => c == '\n'));
    }

    [Theory]
    [InlineData("aab", "aaab", 4)]
    [InlineData("abab", "abaabab", 7)]
    [InlineData("login:", "lologin: ", 8)]
    public void Watched_text_is_found_at_its_last_byte_however_it_is_cut(string text, string output, int at)
    {
        using MemoryStreams streams = new();
        int found = 0;
        TextWatch watch = new(new Backend(streams), text, () => found++);
        byte[] bytes = Encoding.UTF8.GetBytes(output + output);
        for (int i = 0; i < bytes.Length; i++)
        {
            watch.Write([bytes[i]]);
            Assert.Equal(i + 1 >= at ? 1 : 0, found);
        }

        Assert.Equal(output + output, streams.Output);
    }

    private sealed class Backend(MemoryStreams streams) : ICharacterBackend
    {
        public void Write(ReadOnlySpan<byte> bytes) => streams.Write(bytes);
    }
}
