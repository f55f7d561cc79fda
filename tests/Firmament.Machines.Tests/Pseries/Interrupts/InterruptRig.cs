using Firmament.Core.Interrupts;
using Firmament.Core.Memory;
using Firmament.Core.Time;
using Firmament.Core.Tracing;
using Firmament.Devices.Interrupts;
using Firmament.Firmware;
using Firmament.Firmware.Nvram;
using Firmament.Machines.Pseries.Hypercalls;
using Firmament.PowerPC;

namespace Firmament.Machines.Tests.Pseries.Interrupts;

/// <summary>Two CPUs that make hypercalls of the interrupt groups to a firmware that has nothing else.</summary>
internal sealed class InterruptRig : IFirmwarePlatform, IFirmwareConsole, IDisposable
{
    public const ulong TimeBase = 0x123456789abcdef0;

    private readonly CallerProcessor[] _cpus = [new(0), new(1)];
    private readonly InterruptLine[] _outputs = [new("cpu0", static _ => { }), new("cpu1", static _ => { })];
    private readonly OpenFirmware _firmware;

    public InterruptRig(InterruptMode mode, ulong ramSize = 16 << 20)
    {
        Ram = new GuestMemory(ramSize);
        Interrupts = new PseriesInterrupts(_outputs, Ram, () => Cpu, mode, Tracer);
        Rtas = new XicsRtas(Interrupts);
        _firmware = new OpenFirmware(this, new DeviceTree.DeviceTree(), new FirmwareOptions { ConsolePath = "/" });
        new XicsHypercalls(Interrupts, static () => TimeBase).AddTo(_firmware.SystemCalls.Table);
        new XiveHypercalls(Interrupts).AddTo(_firmware.SystemCalls.Table);
    }

    public PseriesInterrupts Interrupts { get; }

    public XicsRtas Rtas { get; }

    public int Cpu { get; set; }

    public GuestMemory Ram { get; }

    public Tracer Tracer { get; } = new();

    public VirtualTime Now => VirtualTime.Zero;

    public ulong TimeBaseFrequency => 512_000_000;

    public IReadOnlyList<IProcessor> Processors => _cpus;

    public IFirmwareConsole Console => this;

    public IPciConfiguration? Pci => null;

    public IRealTimeClock? Clock => null;

    public INvram? Nvram => null;

    public bool Line(int cpu) => _outputs[cpu].Level;

    /// <summary>A hypercall of <see cref="Cpu"/>: its status. r4 to r8 that the arguments leave hold a pattern.</summary>
    public long Call(uint number, params ReadOnlySpan<ulong> arguments)
    {
        CallerProcessor cpu = _cpus[Cpu];
        cpu.WriteGpr(3, number);
        for (int i = 0; i < 5; i++)
        {
            cpu.WriteGpr(4 + i, i < arguments.Length ? arguments[i] : 0xdead0000u + (uint)i);
        }

        Assert.True(_firmware.SystemCalls.TryIntercept(cpu, 1));
        return (long)cpu.ReadGpr(3);
    }

    /// <summary>Result register <paramref name="index"/> of the last call: r4 is 0.</summary>
    public ulong Result(int index = 0) => _cpus[Cpu].ReadGpr(4 + index);

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

    public void Write(ReadOnlySpan<byte> bytes)
    {
    }

    public int Read(Span<byte> destination) => 0;

    public void Dispose() => Ram.Dispose();
}
