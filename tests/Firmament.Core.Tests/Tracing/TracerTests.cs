using Firmament.Core.Time;
using Firmament.Core.Tracing;

namespace Firmament.Core.Tests.Tracing;

public sealed class TracerTests
{
    private readonly RecordingSink _sink = new();
    private readonly Tracer _tracer;

    public TracerTests() => _tracer = new Tracer { Sink = _sink, Enabled = TraceCategory.GuestErrors | TraceCategory.Devices, Clock = static () => new VirtualTime(42) };

    [Fact]
    public void Only_enabled_categories_are_written()
    {
        Assert.True(_tracer.IsEnabled(TraceCategory.Devices));
        Assert.False(_tracer.IsEnabled(TraceCategory.Firmware));
        _tracer.Write(TraceCategory.Firmware, "client", "getprop", []);
        _tracer.Write(TraceCategory.Devices, "uart", "write", new KeyValuePair<string, string>("offset", "3"));

        TraceEvent written = Assert.Single(_sink.Events);
        Assert.Equal(("uart", "write", 42L), (written.Source, written.Name, written.Time.Nanoseconds));
        Assert.Equal([new("offset", "3")], written.Fields);
    }

    [Fact]
    public void Without_a_sink_nothing_is_enabled()
    {
        _tracer.Sink = null;
        Assert.False(_tracer.IsEnabled(TraceCategory.GuestErrors));
        _tracer.Write(TraceCategory.Devices, "uart", "write", []);
        _tracer.GuestError("uart", "wrong");
        Assert.Equal(1, _tracer.GuestErrorCount);
    }

    [Fact]
    public void A_guest_error_is_told_once_and_counted_each_time()
    {
        for (int i = 0; i < 5; i++)
        {
            _tracer.GuestError("uart", "no such register");
        }

        _tracer.GuestError("rtc", "no such register");
        Assert.Equal(["uart", "rtc"], _sink.Events.Select(static e => e.Source));
        Assert.All(_sink.Events, static e => Assert.Equal(TraceCategory.GuestErrors, e.Category));
        Assert.Equal(6, _tracer.GuestErrorCount);
    }

    [Fact]
    public void A_guest_that_finds_ever_new_errors_stops_being_told()
    {
        for (int i = 0; i < 5000; i++)
        {
            _tracer.GuestError("memory", $"nothing at {i}");
        }

        Assert.Equal(1000, _sink.Events.Count);
        Assert.Equal(5000, _tracer.GuestErrorCount);
    }

    [Fact]
    public void An_error_found_while_errors_are_off_is_told_when_they_are_on()
    {
        _tracer.Enabled = TraceCategory.None;
        _tracer.GuestError("uart", "wrong");
        _tracer.Enabled = TraceCategory.GuestErrors;
        _tracer.GuestError("uart", "wrong");
        Assert.Single(_sink.Events);
    }
}
