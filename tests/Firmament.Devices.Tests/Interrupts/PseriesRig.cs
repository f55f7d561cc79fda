using Firmament.Core.Interrupts;
using Firmament.Core.Memory;
using Firmament.Core.Tracing;
using Firmament.Devices.Interrupts;

namespace Firmament.Devices.Tests.Interrupts;

/// <summary>The interrupts of a partition with a few CPUs, 64 MiB of RAM and XIVE's pages mapped.</summary>
internal sealed class PseriesRig : ITraceSink, IDisposable
{
    public const int Lsi = 0x1200;
    public const int OtherLsi = 0x1201;
    public const int Msi = 0x1100;
    public const int OtherMsi = 0x1101;
    public const int ThirdMsi = 0x1102;
    public const ulong Esb = XiveController.SourcePagesBase;
    public const ulong OsPage = XiveController.ThreadPagesBase + 0x20000;
    public const ulong Queue = 0x10000;

    private readonly InterruptLine[] _outputs;

    public PseriesRig(InterruptMode mode, int cpus = 2, bool storeEoi = false)
    {
        Ram = new GuestMemory(64 << 20);
        Tracer = new Tracer { Sink = this, Enabled = TraceCategory.GuestErrors };
        Memory = new MemoryMap(Ram, Tracer);
        _outputs = [.. Enumerable.Range(0, cpus).Select(static cpu => new InterruptLine($"cpu{cpu}", static _ => { }))];
        Interrupts = new PseriesInterrupts(_outputs, Ram, () => Cpu, mode, Tracer, storeEoi);
        Interrupts.Claim(Lsi, isLevel: true);
        Interrupts.Claim(OtherLsi, isLevel: true);
        Interrupts.Claim(Msi, isLevel: false);
        Interrupts.Claim(OtherMsi, isLevel: false);
        Interrupts.Claim(ThirdMsi, isLevel: false);
        Xive.MapInto(Memory);
    }

    public GuestMemory Ram { get; }

    public Tracer Tracer { get; }

    public MemoryMap Memory { get; }

    public PseriesInterrupts Interrupts { get; }

    public XicsController Xics => Interrupts.Xics;

    public XiveController Xive => Interrupts.Xive;

    /// <summary>The CPU that makes accesses.</summary>
    public int Cpu { get; set; }

    public List<string> GuestErrors { get; } = [];

    public bool Line(int cpu = 0) => _outputs[cpu].Level;

    public void Pulse(int number)
    {
        Interrupts.Source(number).Raise();
        Interrupts.Source(number).Lower();
    }

    /// <summary>XICS with all sources on CPU 0 at priority 5, and both CPUs open.</summary>
    public static PseriesRig OpenXics()
    {
        PseriesRig rig = new(InterruptMode.Xics);
        foreach (uint source in (uint[])[Lsi, OtherLsi, Msi, OtherMsi, ThirdMsi])
        {
            Assert.True(rig.Xics.SetXive(source, 0, 5));
        }

        rig.Xics.SetCurrentPriority(0, 0xff);
        rig.Xics.SetCurrentPriority(1, 0xff);
        return rig;
    }

    /// <summary>XIVE with a 4 KiB queue for each CPU at priority 6, all sources on CPU 0 with their number as EISN, ready, and both CPUs open.</summary>
    public static PseriesRig OpenXive(bool storeEoi = false)
    {
        PseriesRig rig = new(InterruptMode.Xive, storeEoi: storeEoi);
        for (int cpu = 0; cpu < 2; cpu++)
        {
            Assert.Equal(0, rig.Xive.SetQueue(1, (ulong)cpu, 6, Queue + ((ulong)cpu * 0x1000), 12));
            rig.Cpu = cpu;
            rig.SetPriority(0xff);
        }

        rig.Cpu = 0;
        foreach (int source in (int[])[0, 1, Lsi, OtherLsi, Msi, OtherMsi, ThirdMsi])
        {
            Assert.Equal(0, rig.Xive.SetSource(2, (ulong)source, source == 1 ? 1u : 0u, 6, (ulong)source));
            Assert.Equal(1u, rig.Load(source, 0xc00));
        }

        return rig;
    }

    /// <summary>A load of a source's management page.</summary>
    public ulong Load(int source, ulong offset) => Memory.Read(new PhysicalAddress(ManagementPage(source) + offset), 8, out _);

    public void Store(int source, ulong offset) => Memory.Write(new PhysicalAddress(ManagementPage(source) + offset), 0, 8);

    public void Trigger(int source) => Memory.Write(new PhysicalAddress(ManagementPage(source) - 0x10000), 0, 8);

    public ulong ThreadLoad(ulong offset, int size) => Memory.Read(new PhysicalAddress(OsPage + offset), size, out _);

    public void ThreadStore(ulong offset, ulong value, int size) => Memory.Write(new PhysicalAddress(OsPage + offset), value, size);

    public void SetPriority(byte priority) => ThreadStore(0x11, priority, 1);

    public ulong Acknowledge() => ThreadLoad(0x810, 2);

    /// <summary>An entry of the queue of <paramref name="cpu"/>.</summary>
    public uint Entry(int index, int cpu = 0)
    {
        Assert.True(Ram.TryReadUInt32(new PhysicalAddress(Queue + ((ulong)cpu * 0x1000) + ((ulong)index * 4)), out uint entry));
        return entry;
    }

    public void Write(in TraceEvent traceEvent) => GuestErrors.Add(traceEvent.Name);

    public void Dispose() => Ram.Dispose();

    private static ulong ManagementPage(int source) => Esb + ((ulong)source << 17) + 0x10000;
}
