using Firmament.Core.Tracing;
using Firmament.Machines.Configuration;
using Firmament.Machines.Tests.Demo;
using Firmament.PowerPC;

namespace Firmament.Machines.Tests.Profiling;

public sealed class CodeTraceTests
{
    [Fact]
    public void Each_guest_instruction_of_a_region_stands_beside_its_host_code_and_nothing_else_changes()
    {
        (string hash, _, long translated) = Run(TraceCategory.None);
        (string traced, List<TraceEvent> events, _) = Run(TraceCategory.Code);
        Assert.Equal(hash, traced);
        if (translated == 0)
        {
            Assert.Skip("This host has no translator.");
        }

        Assert.All(events, static e => Assert.Equal(TraceCategory.Code, e.Category));
        TraceEvent[] regions = [.. events.Where(static e => e.Source == "region")];
        int instructions = events.Count(static e => e.Source == "insn");
        Assert.Equal(instructions, regions.Sum(static e => int.Parse(Field(e, "instructions"), System.Globalization.CultureInfo.InvariantCulture)));
        Assert.InRange(instructions, translated / 3, translated);
        Assert.All(events.Where(static e => e.Source == "insn"), static e => Assert.StartsWith("\"", Field(e, "guest"), StringComparison.Ordinal));
        // The pieces of a region are all its code.
        int bytes = events.TakeWhile((e, i) => i == 0 || e.Source != "region").Where(static e => e.Source != "region").Sum(static e => (Field(e, "host").Length - 2) / 2);
        Assert.Equal(Field(regions[0], "bytes"), bytes.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(events.Select(static e => TextTraceFormat.Line(e)), Run(TraceCategory.Code).Events.Select(static e => TextTraceFormat.Line(e)));
    }

    [Fact]
    public void A_watcher_is_told_of_each_region_and_gets_pieces_only_when_it_wants_them()
    {
        Counter counter = new();
        using VirtualMachine machine = VirtualMachine.Create(DemoTests.Configuration(), new HostServices { TranslationWatcher = counter });
        machine.RunToEnd(virtualSeconds: 1);
        Assert.Equal(machine.EngineStatistics.Regions, counter.Regions);
        Assert.Equal(machine.EngineStatistics.Translated, counter.Instructions);
        Assert.Equal((counter.Regions, 0), (counter.Begun, counter.Pieces));
    }

    private static (string Hash, List<TraceEvent> Events, long Translated) Run(TraceCategory trace)
    {
        Recorder recorder = new();
        using VirtualMachine machine = VirtualMachine.Create(DemoTests.Configuration() with { Trace = trace }, new HostServices { TraceSink = recorder });
        machine.RunToEnd(virtualSeconds: 1);
        return (machine.StateHash(), recorder.Events, machine.EngineStatistics.Translated);
    }

    private static string Field(TraceEvent traceEvent, string name) => traceEvent.Fields.First(field => field.Key == name).Value;

    private sealed class Recorder : ITraceSink
    {
        public List<TraceEvent> Events { get; } = [];

        public void Write(in TraceEvent traceEvent) => Events.Add(traceEvent);
    }

    private sealed class Counter : ITranslationWatcher
    {
        public long Begun { get; private set; }

        public long Regions { get; private set; }

        public long Instructions { get; private set; }

        public long Pieces { get; private set; }

        public void Begins() => Begun++;

        public void Translated(TranslatedRegion region)
        {
            Regions++;
            Instructions += region.Instructions;
            Pieces += region.Pieces.Length;
        }
    }
}
