using System.Text;
using Firmament.Core.Interrupts;
using Firmament.Core.Memory;
using Firmament.Core.Time;
using Firmament.Core.Tracing;
using Firmament.Firmware;
using Firmament.Firmware.Architecture;
using Firmament.Firmware.Nvram;
using Firmament.Firmware.Packages;
using Firmament.Machines.Pseries;
using Firmament.Machines.Pseries.Hypercalls;
using Firmament.Machines.Pseries.Rtas;
using Firmament.Machines.Pseries.Tree;
using Firmament.PowerPC;

namespace Firmament.Machines.Tests.Pseries;

/// <summary>A partition with its firmware, and a guest that calls it; devices only remember what they were asked.</summary>
internal sealed class PartitionBench : IFirmwarePlatform, IFirmwareConsole, IRealTimeClock, IPseriesInterruptRtas, IPseriesPciRtas, IPseriesVioRtas, IDisposable
{
    public const uint Block = 0x0010_0000;
    public const uint Buffer = 0x0020_0000;

    public PartitionBench(PseriesTopology? topology = null, Func<ulong>? random = null)
    {
        Topology = topology ?? new PseriesTopology { MemoryBytes = 256 << 20, Cpus = 4, ThreadsPerCore = 2 };
        Ram = new GuestMemory(16 << 20);
        Cpus = [.. Enumerable.Range(0, Topology.Cpus).Select(static index => new FakePartitionProcessor(index) { IsStopped = index > 0 })];
        Processors = Cpus;
        Partition = new PseriesPartition(new PseriesPartitionParts
        {
            Topology = Topology,
            Processors = Cpus,
            Ram = Ram,
            Clock = Scheduler,
            Platform = this,
            Tree = () => Tree,
            Interrupts = this,
            Pci = this,
            Vio = this,
            EpowInterrupt = new InterruptLine("epow", level => EpowPulses += level ? 1 : 0),
            ArchitectureChanged = Changed.Add,
            ByteOrderChanged = ByteOrders.Add,
            Random = random,
        });
        Partition.Processors.Conferred = (from, to) => Conferred.Add((from.Index, to?.Index));
        Tree = PseriesTree.Build(Topology, "/vdevice/vty@71000000");
        Tree.Root.AddChild("vdevice").AddChild("vty@71000000").SetString("device_type", "serial").SetString("compatible", "hvterm1").SetCells("reg", 0x71000000);
        Firmware = new OpenFirmware(this, Tree, new FirmwareOptions
        {
            ConsolePath = "/vdevice/vty@71000000",
            Rtas = Partition.Rtas,
            Architecture = Partition.Architecture,
            AnswersProblemState = true,
        });
        Firmware.Attach(Tree.Find("/vdevice/vty@71000000")!, new ConsolePackage(this));
        Partition.AddTo(Firmware.SystemCalls.Table);
        HypertasFunctions.Write(Tree.Root.Child("rtas")!, Firmware.SystemCalls.Table);
        Firmware.Install();
    }

    public PseriesTopology Topology { get; }

    public FakePartitionProcessor[] Cpus { get; }

    public PseriesPartition Partition { get; }

    public OpenFirmware Firmware { get; }

    public DeviceTree.DeviceTree Tree { get; }

    public Scheduler Scheduler { get; } = new();

    public List<ClientArchitecture> Changed { get; } = [];

    public List<bool> ByteOrders { get; } = [];

    public List<(int From, int? To)> Conferred { get; } = [];

    public List<(PlatformRequest Request, string Detail)> Requests { get; } = [];

    public List<string> DeviceCalls { get; } = [];

    public StringBuilder Output { get; } = new();

    public int EpowPulses { get; private set; }

    public uint[] Results { get; private set; } = [];

    public GuestMemory Ram { get; }

    public Tracer Tracer { get; } = new();

    public VirtualTime Now => Scheduler.Now;

    public ulong TimeBaseFrequency => PseriesTree.TimeBaseFrequency;

    public IReadOnlyList<IProcessor> Processors { get; }

    public IFirmwareConsole Console => this;

    public IPciConfiguration? Pci => null;

    public IRealTimeClock? Clock => this;

    public INvram? Nvram { get; } = new MemoryNvram(0x10000);

    /// <summary>Makes a hypercall on a CPU and returns its r3.</summary>
    public long Call(ulong number, params ReadOnlySpan<ulong> arguments) => CallOn(0, number, arguments);

    public long CallOn(int cpu, ulong number, params ReadOnlySpan<ulong> arguments)
    {
        FakePartitionProcessor processor = Cpus[cpu];
        processor.WriteGpr(3, number);
        for (int i = 0; i < 6; i++)
        {
            processor.WriteGpr(4 + i, i < arguments.Length ? arguments[i] : 0);
        }

        Assert.True(Firmware.SystemCalls.TryIntercept(processor, 1));
        return (long)processor.ReadGpr(3);
    }

    /// <summary>Calls RTAS and returns the status; results are in <see cref="Results"/>.</summary>
    public int Rtas(uint token, int results, params ReadOnlySpan<uint> arguments) => RtasOn(0, token, results, arguments);

    public int RtasOn(int cpu, uint token, int results, params ReadOnlySpan<uint> arguments)
    {
        uint at = Block;
        foreach (uint cell in (uint[])[token, (uint)arguments.Length, (uint)results, .. arguments, .. Enumerable.Repeat(0xdeadbeef, results)])
        {
            Assert.True(Ram.TryWriteUInt32(new(at), cell));
            at += 4;
        }

        CallOn(cpu, 0xf000, Block);
        Results = new uint[results];
        for (int i = 0; i < results; i++)
        {
            Assert.True(Ram.TryReadUInt32(new(at - (uint)((results - i) * 4)), out Results[i]));
        }

        return results > 0 ? (int)Results[0] : 0;
    }

    public void Fill(uint address, ReadOnlySpan<byte> bytes) => Assert.True(Ram.TryWrite(new(address), bytes));

    public byte[] Bytes(uint address, int count)
    {
        byte[] bytes = new byte[count];
        Assert.True(Ram.TryRead(new(address), bytes));
        return bytes;
    }

    public void Dispose() => Ram.Dispose();

    public void Request(PlatformRequest request, string detail) => Requests.Add((request, detail));

    public void AwaitInput(bool took)
    {
    }

    public bool Wait(VirtualTime duration) => true;

    public void Idle(IProcessor processor, VirtualTime deadline)
    {
    }

    public bool TryStartProcessor(int index, uint pc, uint r3) => false;

    public void StopProcessor(IProcessor processor)
    {
    }

    public void Write(ReadOnlySpan<byte> bytes) => Output.Append(Encoding.Latin1.GetString(bytes));

    public int Read(Span<byte> destination) => 0;

    public DateTime Read() => new(2026, 11, 22, 18, 22, 7, DateTimeKind.Utc);

    public bool TrySet(DateTime time) => true;

    public uint SetXive(uint source, uint server, uint priority) => Note($"set-xive {source:x} {server} {priority}");

    public uint GetXive(uint source, out uint server, out uint priority)
    {
        (server, priority) = (3, 5);
        return Note($"get-xive {source:x}");
    }

    public uint InterruptOff(uint source) => Note($"int-off {source:x}");

    public uint InterruptOn(uint source) => Note($"int-on {source:x}");

    public uint SetTceBypass(uint unit, bool enable) => Note($"bypass {unit:x} {enable}");

    public void Quiesce() => Note("quiesce");

    void IFirmwarePlatform.Quiesce() => Note("platform quiesce");

    public uint ReadConfig(CallBlock call) => Note("read-config");

    public uint WriteConfig(CallBlock call) => Note("write-config");

    public uint ReadBridgeConfig(CallBlock call) => Note("read-bridge-config");

    public uint WriteBridgeConfig(CallBlock call) => Note("write-bridge-config");

    public uint QueryInterruptSource(CallBlock call) => Note("query-interrupt-source");

    public uint ChangeMsi(CallBlock call) => Note("change-msi");

    public uint QueryDmaWindow(CallBlock call) => Note("query-window");

    public uint CreateDmaWindow(CallBlock call) => Note("create-window");

    public uint RemoveDmaWindow(CallBlock call) => Note("remove-window");

    public uint ResetDmaWindow(CallBlock call) => Note("reset-window");

    private uint Note(string call)
    {
        DeviceCalls.Add(call);
        return 0;
    }
}
