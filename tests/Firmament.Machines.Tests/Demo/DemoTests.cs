using Firmament.Core.Tracing;
using Firmament.Machines.Configuration;
using Firmament.Machines.Demo;
using Firmament.Machines.Loading;

namespace Firmament.Machines.Tests.Demo;

public sealed class DemoTests
{
    private const string Introduction = """
        Hello from PowerPC code, through the client interface of Open Firmware.
        The processor's version is 0x80020102.

        Properties of the root node:
          name = "bplan,Pegasos2"
          #address-cells = 0x00000001
          device_type = "chrp"
          model = "Pegasos2"
          revision = "2B"
          CODEGEN,vendor = "bplan GmbH"
          CODEGEN,board = "Pegasos2"
          CODEGEN,description = "Pegasos CHRP PowerPC System"

        Its children:
          /openprom
          /chosen
          /memory@0
          /cpus
          /rtas
          /failsafe
          /pci@80000000
          /pci@c0000000
          /nvram
          /options
          /packages

        """;

    private const string Work = """

        Memory: claimed 65536 bytes at 0x00004000; of 16384 words written, 0 read back wrong.
        Released it, claimed the same place again, released that.

        Time: 0 ms since power-on; after 166666 ticks of the time base, 5 ms.
        The clock is /pci@80000000/isa@c/rtc@i70 and says 2026-01-01 00:00:00.

        """;

    private const string End = """
        RTAS is at 0x00004000 and says 2026-01-01 00:00:00.

        Power off.

        """;

    [Theory]
    [InlineData(HypercallConvention.Sc1, "")]
    [InlineData(HypercallConvention.Osi, "")]
    [InlineData(HypercallConvention.Epapr, "  /hypervisor\n")]
    public void The_demo_prints_the_same_through_each_hypercall_convention(HypercallConvention convention, string extraNode)
    {
        Recorder recorder = new();
        using VirtualMachine machine = VirtualMachine.Create(
            Configuration() with { Hypercall = convention, Trace = TraceCategory.GuestErrors },
            new HostServices { TraceSink = recorder });

        Assert.Equal(StopReason.PowerOff, machine.RunToEnd(virtualSeconds: 1)?.Reason);
        Assert.Equal(Lines(Introduction + extraNode + Work + End), machine.Console.Text);
        Assert.Empty(recorder.Events);
    }

    [Fact]
    public void The_demo_exits_where_there_is_no_rtas()
    {
        using VirtualMachine machine = VirtualMachine.Create(Configuration() with { UseRtas = false });

        Assert.Equal(StopReason.Exit, machine.RunToEnd(virtualSeconds: 1)?.Reason);
        Assert.Equal(
            Lines(Introduction.Replace("  /rtas\n", "", StringComparison.Ordinal).Replace("  /nvram\n", "  /isa@fe000000\n", StringComparison.Ordinal)
                + Work.Replace("/pci@80000000/isa@c", "/isa@fe000000", StringComparison.Ordinal))
            + "\r\nThere is no RTAS that could switch the machine off; exit.\r\n",
            machine.Console.Text);
    }

    [Fact]
    public void The_demo_reads_the_clock_it_was_given()
    {
        using VirtualMachine machine = VirtualMachine.Create(
            Configuration() with { RtcBase = new DateTimeOffset(2031, 12, 4, 5, 6, 7, TimeSpan.Zero) });

        Assert.Equal(StopReason.PowerOff, machine.RunToEnd(virtualSeconds: 1)?.Reason);
        Assert.Contains("rtc@i70 and says 2031-12-04 05:06:07.", machine.Console.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_image_has_a_text_and_a_data_segment()
    {
        ElfImage image = ElfImage.Read("the demo", DemoProgram.Build());

        Assert.Equal(2, image.Segments.Count);
        Assert.Equal(image.Segments[0].PhysicalAddress, image.PhysicalEntry);
        Assert.True(image.Segments[0].End <= image.Segments[1].PhysicalAddress, "the code runs into the data");
    }

    internal static MachineConfiguration Configuration() => new()
    {
        Kernel = GuestImage.FromBytes("the demo", DemoProgram.Build()),
        MemoryBytes = 32 << 20,
    };

    private static string Lines(string text) => text.ReplaceLineEndings("\r\n");

    private sealed class Recorder : ITraceSink
    {
        public List<TraceEvent> Events { get; } = [];

        public void Write(in TraceEvent traceEvent) => Events.Add(traceEvent);
    }
}
