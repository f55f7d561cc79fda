using Firmament.Core.Memory;
using Firmament.Core.Time;
using Firmament.Core.Tracing;
using Firmament.Firmware;
using Firmament.Firmware.Hypercalls;
using Firmament.Firmware.Nvram;
using Firmament.Machines.Pseries.Hypercalls;
using Firmament.PowerPC;
using Firmament.PowerPC.Mmu;
using Firmament.PowerPC.Mmu.Book3S;

namespace Firmament.Machines.Tests.Pseries.Hypercalls;

/// <summary>A partition of two CPUs and 16 MiB that makes hypercalls of memory; nothing else is in its machine but one device.</summary>
internal sealed class MemoryCallRig : IFirmwarePlatform, IFirmwareConsole, IMmioTarget, IDisposable
{
    public const ulong RamSize = 16 << 20;
    public const ulong DeviceAt = 0x2000_0000_0000;

    private readonly PartitionCpu[] _cpus;
    private readonly HypercallFrontEnd _calls;

    public MemoryCallRig(int hashTableShift = 18, int largestPageShift = 16)
    {
        Translation = new PartitionTranslation { HashTableShift = hashTableShift, LargestHashPageShift = largestPageShift };
        Translation.ResetToHash();
        _cpus = [new PartitionCpu(0, Translation), new PartitionCpu(1, Translation)];
        Map = new MemoryMap(Ram, Tracer);
        Map.Add(new MemoryRegion("device", DeviceAt, 0x1000, this, Endianness.Little));
        _calls = new OpenFirmware(this, new DeviceTree.DeviceTree(), new FirmwareOptions { ConsolePath = "/none" }).SystemCalls;
        new MemoryHypercalls(Translation, Map, _cpus).AddTo(_calls.Table);
    }

    public GuestMemory Ram { get; } = new(RamSize);

    public Tracer Tracer { get; } = new();

    public MemoryMap Map { get; }

    public PartitionTranslation Translation { get; }

    public PartitionCpu Cpu => _cpus[0];

    public PartitionCpu OtherCpu => _cpus[1];

    public (ulong Offset, ulong Value, int Size)? DeviceWrite { get; private set; }

    public VirtualTime Now => default;

    public ulong TimeBaseFrequency => 512_000_000;

    public IReadOnlyList<IProcessor> Processors => _cpus;

    public IFirmwareConsole Console => this;

    public IPciConfiguration? Pci => null;

    public IRealTimeClock? Clock => null;

    public INvram? Nvram => null;

    /// <summary>Makes a hypercall on CPU 0, from r4 on; returns r3.</summary>
    public long Call(uint number, params ReadOnlySpan<ulong> arguments)
    {
        Cpu.WriteGpr(3, number);
        for (int n = 0; n < 8; n++)
        {
            Cpu.WriteGpr(4 + n, n < arguments.Length ? arguments[n] : 0xdead_0000_0000_0000 + (uint)n);
        }

        Assert.True(_calls.TryIntercept(Cpu, level: 1));
        return (long)Cpu.ReadGpr(3);
    }

    /// <summary>r4 and on.</summary>
    public ulong Result(int index) => Cpu.ReadGpr(4 + index);

    /// <summary>All CPUs were told the same.</summary>
    public void AssertForgot(params SegmentPage[] pages)
    {
        foreach (PartitionCpu cpu in _cpus)
        {
            Assert.Equal(pages, cpu.ForgottenPages);
            cpu.ForgottenPages.Clear();
        }
    }

    public ulong Read(ulong offset, int size) => 0x1122_3344_5566_7788UL >> (64 - (8 * size));

    public void Write(ulong offset, ulong value, int size) => DeviceWrite = (offset, value, size);

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

    public void Dispose()
    {
        Ram.Dispose();
        Translation.Dispose();
    }
}
