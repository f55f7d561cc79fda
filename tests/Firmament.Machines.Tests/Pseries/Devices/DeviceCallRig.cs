using Firmament.Core.Interrupts;
using Firmament.Core.Memory;
using Firmament.Core.Replay;
using Firmament.Core.Time;
using Firmament.Core.Tracing;
using Firmament.Devices.Buses.Spapr;
using Firmament.Devices.Buses.Vio;
using Firmament.Devices.Interrupts;
using Firmament.Firmware;
using Firmament.Firmware.Hypercalls;
using Firmament.Firmware.Nvram;
using Firmament.Machines.Pseries.Hypercalls;
using Firmament.PowerPC;

namespace Firmament.Machines.Tests.Pseries.Devices;

/// <summary>A partition of one CPU that makes hypercalls of devices to a firmware that has nothing else.</summary>
internal sealed class DeviceCallRig : IFirmwarePlatform, IFirmwareConsole, IProcessor, IDisposable
{
    private readonly ulong[] _gpr = new ulong[32];
    private readonly HypercallFrontEnd _calls;

    public DeviceCallRig()
    {
        Tables = new TceTables(Ram, Tracer);
        Bus = new VioBus(Tables, Source);
        Numbers = new PseriesInterrupts([], Ram, static () => 0, InterruptMode.Xics, Tracer);
        _calls = new OpenFirmware(this, new DeviceTree.DeviceTree(), new FirmwareOptions { ConsolePath = "/none" }).SystemCalls;
        new TceHypercalls(Tables).AddTo(_calls.Table);
        new VioHypercalls(Bus).AddTo(_calls.Table);
        new TermHypercalls(Bus).AddTo(_calls.Table);
        new LanHypercalls(Bus).AddTo(_calls.Table);
    }

    public GuestMemory Ram { get; } = new(16 << 20);

    public Tracer Tracer { get; } = new();

    public InputJournal Journal { get; } = new();

    public TceTables Tables { get; }

    public PseriesInterrupts Numbers { get; }

    public VioBus Bus { get; }

    public HypercallTable Table => _calls.Table;

    public VirtualTime Now => default;

    public ulong TimeBaseFrequency => 512_000_000;

    public IReadOnlyList<IProcessor> Processors => [this];

    public IFirmwareConsole Console => this;

    public IPciConfiguration? Pci => null;

    public IRealTimeClock? Clock => null;

    public INvram? Nvram => null;

    public ulong Pc { get; set; }

    public ulong Msr { get; set; } = 1UL << 63;

    public ulong Lr { get; set; }

    public int Index => 0;

    public bool Is64Bit => true;

    /// <summary>Source numbers whose lines rose, in order.</summary>
    public List<int> Pulses { get; } = [];

    public InterruptLine Source(int number) => new(
        $"source {number:x}",
        level =>
        {
            if (level)
            {
                Pulses.Add(number);
            }
        });

    /// <summary>Makes a hypercall; returns r3.</summary>
    public long Call(uint number, params ReadOnlySpan<ulong> arguments)
    {
        _gpr[3] = number;
        for (int n = 0; n < 8; n++)
        {
            _gpr[4 + n] = n < arguments.Length ? arguments[n] : 0;
        }

        Assert.True(_calls.TryIntercept(this, level: 1));
        return (long)_gpr[3];
    }

    /// <summary>r4 and on.</summary>
    public ulong Result(int index) => _gpr[4 + index];

    /// <summary>Makes an RTAS call of a service's body: the status and the other results.</summary>
    public (uint Status, uint[] Results) Rtas(ServiceCall body, int results, params ReadOnlySpan<uint> arguments)
    {
        const uint Block = 0x1000;
        Ram.TryWriteUInt32(new PhysicalAddress(Block + 4), (uint)arguments.Length);
        Ram.TryWriteUInt32(new PhysicalAddress(Block + 8), (uint)results);
        for (int i = 0; i < arguments.Length; i++)
        {
            Ram.TryWriteUInt32(new PhysicalAddress(Block + 12 + (4 * (ulong)i)), arguments[i]);
        }

        Assert.True(CallBlock.TryRead(this, new GuestAddressSpace(Ram, null), Block, new uint[32], 16, out CallBlock call));
        uint status = body(call);
        return (status, call.Results[1..].ToArray());
    }

    public ulong ReadGpr(int index) => _gpr[index];

    public void WriteGpr(int index, ulong value) => _gpr[index] = value;

    public bool TryTranslate(ulong effectiveAddress, bool write, out PhysicalAddress physicalAddress)
    {
        physicalAddress = new PhysicalAddress(effectiveAddress);
        return true;
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
    }

    public int Read(Span<byte> destination) => 0;

    public void Request(PlatformRequest request, string detail)
    {
    }

    public void Quiesce()
    {
    }

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

    public void Dispose() => Ram.Dispose();

    public delegate uint ServiceCall(CallBlock call);
}
