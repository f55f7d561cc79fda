using System.Text.Json;
using Firmament.Cli.Tests.Scripted;
using Firmament.Cli.Tracing;
using Firmament.Cli.Tracing.Perfetto;
using Firmament.Core.Memory;
using Firmament.Core.Time;
using Firmament.Core.Tracing;
using Firmament.Machines.Configuration;
using static Firmament.Cli.Tests.Tracing.TraceFiles;

namespace Firmament.Cli.Tests.Tracing;

public sealed class PerfettoTests
{
    [Fact]
    public void Calls_are_nested_turns_joined_and_sleep_is_seen()
    {
        using Session session = new();
        using GuestMemory memory = new(1 << 20);
        using ScriptedMachine machine = new(new MachineConfiguration(), new HostServices());
        string path = session.FreshPath();
        using (PerfettoTrace trace = new(path, "pegasos2"))
        {
            trace.Begin(Client("call-method", "method=\"open\""));
            trace.Begin(Client("getprop", "name=\"a\""));
            trace.Write(Client("getprop", "name=\"a\"", "size=4"));
            trace.Write(Client("call-method", "method=\"open\"", "catch-result=0"));
            trace.Write(Client("unknown", "refused=unknown service"));
            trace.Start();
            trace.Write(GuestError("uart", "over\nrun"));
            Turn(trace, machine, memory, 0, 600_000, 600_000);
            Turn(trace, machine, memory, 600_000, 1_100_000, 500_000);
            Turn(trace, machine, memory, 9_000_000, 9_500_000, 250_000);
            trace.Finish(machine);
        }

        JsonElement[] events = [.. JsonDocument.Parse(File.ReadAllText(path)).RootElement.EnumerateArray()];
        Assert.Equal(
            ["B call-method \"open\"", "B getprop", "E getprop", "E call-method \"open\"", "i unknown", "i uart: over\nrun"],
            events.Where(static e => Text(e, "ph") is "B" or "E" or "i").Select(static e => $"{Text(e, "ph")} {Text(e, "name")}"));
        Assert.Equal("0", Text(events.Single(static e => Text(e, "ph") == "E" && Text(e, "name").StartsWith("call", StringComparison.Ordinal)).GetProperty("args"), "catch-result"));
        Assert.Equal(
            [(0m, 1100m, 1_100_000), (9000m, 500m, 250_000)],
            events.Where(static e => Text(e, "ph") == "X").Select(static e =>
                (e.GetProperty("ts").GetDecimal(), e.GetProperty("dur").GetDecimal(), e.GetProperty("args").GetProperty("instructions").GetInt32())));
        Assert.Equal(
            [(0m, 1000m), (1100m, 0m), (9000m, 500m), (9500m, 0m)],
            events.Where(static e => Text(e, "ph") == "C" && Text(e, "name").StartsWith("MIPS", StringComparison.Ordinal))
                .Select(static e => (e.GetProperty("ts").GetDecimal(), e.GetProperty("args").GetProperty("value").GetDecimal())));
        Assert.Equal(["pegasos2", "firmware calls", "guest errors", "CPU 0"], events.Where(static e => Text(e, "ph") == "M").Select(static e => Text(e.GetProperty("args"), "name")));
    }

    [Fact]
    public void A_run_writes_a_time_line_and_the_trace_file_has_only_what_was_asked_for()
    {
        using Session session = new(ScriptedMachine.Print("x"), ScriptedMachine.End(StopReason.PowerOff));
        (string perfetto, string trace) = (session.FreshPath(), session.FreshPath());
        Assert.Equal(0, session.Run("--perfetto", perfetto, "--trace", "exceptions", "--trace-file", trace));
        Assert.Equal(TraceCategory.Exceptions | TraceCategory.Firmware | TraceCategory.GuestErrors, session.Machines.Configuration!.Trace);
        Assert.Equal(JsonValueKind.Array, JsonDocument.Parse(File.ReadAllText(perfetto)).RootElement.ValueKind);
        Assert.Equal("", File.ReadAllText(trace));
        Assert.Equal(1, session.Run("--perfetto", "/nowhere/x"));
        Assert.Contains("give --perfetto a writable path", session.Streams.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_sink_gets_its_categories()
    {
        List<string> seen = [];
        SplitTraceSink sink = new(new Recorder("first", seen), TraceCategory.Exceptions, new Recorder("second", seen), TraceCategory.Firmware);
        sink.Begin(Client("peer"));
        sink.Write(Client("peer"));
        sink.Write(Client("peer") with { Category = TraceCategory.Exceptions });
        sink.Write(GuestError("a", "b"));
        Assert.Equal(["second begin", "second write", "first write"], seen);
    }

    private static void Turn(PerfettoTrace trace, IMachine machine, GuestMemory memory, long start, long end, long instructions) =>
        trace.TurnEnded(new MachineTurn(machine, new FakeProcessor(), 1, memory, new VirtualTime(start), new VirtualTime(end), instructions));

    private static string Text(JsonElement element, string property) => element.GetProperty(property).GetString()!;

    private sealed class Recorder(string name, List<string> seen) : ITraceSink
    {
        public void Begin(in TraceEvent call) => seen.Add(name + " begin");

        public void Write(in TraceEvent traceEvent) => seen.Add(name + " write");
    }

    private sealed class FakeProcessor : PowerPC.IProcessor
    {
        public ulong Pc { get; set; }

        public ulong Msr { get; set; }

        public ulong Lr { get; set; }

        public int Index => 0;

        public bool Is64Bit => false;

        public ulong ReadGpr(int index) => 0;

        public void WriteGpr(int index, ulong value)
        {
        }

        public bool TryTranslate(ulong effectiveAddress, bool write, out PhysicalAddress physicalAddress)
        {
            physicalAddress = default;
            return false;
        }
    }
}
