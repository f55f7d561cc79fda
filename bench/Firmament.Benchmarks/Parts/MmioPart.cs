using BenchmarkDotNet.Attributes;
using Firmament.Core.Memory;

namespace Firmament.Benchmarks.Parts;

/// <summary>A load from a device that does nothing, and the branch of the loop.</summary>
public class MmioPart : LoopPart
{
    private const uint DeviceAt = 0xf000_0000;

    private readonly Silent _device = new();

    /// <inheritdoc/>
    protected override int InstructionsInTurn => 2;

    /// <summary>The part.</summary>
    [Benchmark(Description = "MMIO, a load", OperationsPerInvoke = Turns)]
    public void Load() => Run();

    private protected override long Count(GuestLoop loop) => _device.Reads;

    private protected override GuestLoop Make()
    {
        GuestLoop loop = new(static code => code.Lwz(5, 0, 4));
        loop.Map.Add(new MemoryRegion("device", DeviceAt, 0x1000, _device, Endianness.Big));
        loop.Cpu.WriteGpr(4, DeviceAt);
        return loop;
    }

    private sealed class Silent : IMmioTarget
    {
        public long Reads { get; private set; }

        public ulong Read(ulong offset, int size)
        {
            Reads++;
            return 0;
        }

        public void Write(ulong offset, ulong value, int size)
        {
        }
    }
}
