using Firmament.Core.Memory;
using Firmament.Core.Time;
using Firmament.Core.Tracing;
using Firmament.PowerPC.Isa;

namespace Firmament.PowerPC.Tests.Engine;

/// <summary>A CPU with 1 MiB of RAM and nothing else.</summary>
internal sealed unsafe class CpuRig : IDisposable
{
    public const uint CodeAt = 0x1_0000;
    public const uint DataAt = 0x2_0000;

    private readonly EngineMode _engine;

    public CpuRig(string model = "7457", EngineMode engine = EngineMode.TailCalls, int codeCacheBytes = Cpu.DefaultCodeCacheBytes, Func<ulong>? randomNumbers = null)
    {
        Ram = new GuestMemory(1 << 20);
        Clock = new Scheduler();
        Map = new MemoryMap(Ram, new Tracer());
        Cpu = new Cpu(
            CpuModel.Find(model)!, Map, Clock, new Tracer(), 33_333_333, engine != EngineMode.Loop, translateAfter: engine == EngineMode.Translated ? 1 : 0,
            codeCacheBytes: codeCacheBytes)
        {
            RandomNumbers = randomNumbers,
        };
        _engine = engine;
        Cpu.Msr = DefaultMsr;
        Cpu.Pc = CodeAt;
    }

    public GuestMemory Ram { get; }

    public Scheduler Clock { get; }

    public MemoryMap Map { get; }

    public Cpu Cpu { get; }

    /// <summary>VEC and FP, on a 64-bit CPU SF and VSX as well.</summary>
    public ulong DefaultMsr => Cpu.Is64Bit ? 0x8000_0000_0280_2000 : 0x0200_2000ul;

    public static TheoryData<EngineMode> Engines => [EngineMode.TailCalls, EngineMode.Loop, EngineMode.Translated];

    public uint this[int gpr]
    {
        get => (uint)Cpu.ReadGpr(gpr);
        set => Cpu.WriteGpr(gpr, value);
    }

    public uint Pc => (uint)Cpu.Pc;

    public uint Spr(int number) => (uint)Cpu.State->Spr[number];

    /// <summary>Assembles at <see cref="CodeAt"/> and loads it.</summary>
    public uint Load(Action<Assembler> program)
    {
        Assembler a = new(CodeAt);
        program(a);
        Assert.True(Ram.TryWrite(new PhysicalAddress(CodeAt), a.ToArray()));
        return a.Here;
    }

    /// <summary>Assembles, loads and runs exactly as many instructions as were assembled.</summary>
    public void Execute(Action<Assembler> program)
    {
        uint end = Load(program);
        Cpu.Pc = CodeAt;
        RunStraight((end - CodeAt) / 4);
    }

    /// <summary>
    /// Runs a straight line of <paramref name="count"/> instructions from where the CPU is. For the translator it gets a branch at its end: a run is
    /// translated whole, and only entered when the budget covers it.
    /// </summary>
    public void RunStraight(long count)
    {
        if (_engine != EngineMode.Translated)
        {
            Run(count);
            return;
        }

        ulong end = Cpu.Pc + (ulong)(4 * count);
        uint branch = 0x4800_0004;
        bool reversed = Cpu.Is64Bit && (Cpu.Msr & 1) != 0;
        Write((uint)end, reversed ? System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(branch) : branch);
        Run(count + 1);
        if (Cpu.Pc == end + 4)
        {
            Cpu.Pc = end;
        }
    }

    /// <summary>Runs exactly <paramref name="count"/> instructions, and the clock with them.</summary>
    public void Run(long count)
    {
        while (count > 0)
        {
            long ran = Cpu.Run(count);
            Assert.InRange(ran, 1, count);
            count -= ran;
            Clock.AdvanceTo(Clock.Now + new VirtualTime(ran));
        }
    }

    public void Write(uint address, uint value) => Assert.True(Ram.TryWriteUInt32(new PhysicalAddress(address), value));

    public uint Read(uint address)
    {
        Assert.True(Ram.TryReadUInt32(new PhysicalAddress(address), out uint value));
        return value;
    }

    public void Dispose()
    {
        Cpu.Dispose();
        Ram.Dispose();
    }
}
