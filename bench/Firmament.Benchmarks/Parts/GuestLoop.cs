using Firmament.Core.Memory;
using Firmament.Core.Time;
using Firmament.Core.Tracing;
using Firmament.PowerPC;
using Firmament.PowerPC.Isa;

namespace Firmament.Benchmarks.Parts;

/// <summary>A CPU with a MiB of RAM that runs an endless loop.</summary>
internal sealed class GuestLoop : IDisposable
{
    /// <summary>Where the loop begins.</summary>
    public const uint CodeAt = 0x1_0000;

    /// <summary>RAM that is free for the loop.</summary>
    public const uint DataAt = 0x2_0000;

    private readonly Scheduler _clock = new();

    /// <param name="body">The loop without the branch back, which is one instruction.</param>
    /// <param name="model">Which chip.</param>
    /// <param name="translates">False leaves everything to the interpreter.</param>
    public GuestLoop(Action<Assembler> body, string model = "7457", bool translates = true)
    {
        Map = new MemoryMap(Ram, new Tracer());
        Cpu = new Cpu(CpuModel.Find(model)!, Map, _clock, new Tracer(), 33_333_333, translateAfter: translates ? Cpu.DefaultTranslateAfter : 0) { Msr = 0, Pc = CodeAt };
        Assembler code = new(CodeAt);
        AssemblerLabel start = code.LabelHere();
        body(code);
        code.B(start);
        Load(code, CodeAt);
    }

    public GuestMemory Ram { get; } = new(1 << 20);

    public MemoryMap Map { get; }

    public Cpu Cpu { get; }

    public void Load(Assembler code, uint address) => Ram.TryWrite(new PhysicalAddress(address), code.ToArray());

    /// <summary>Executes as many instructions, and lets the clock go on with them.</summary>
    public void Run(long instructions)
    {
        while (instructions > 0)
        {
            long executed = Cpu.Run(instructions);
            instructions -= executed;
            _clock.AdvanceTo(_clock.Now + new VirtualTime(executed));
        }
    }

    public void Dispose()
    {
        Cpu.Dispose();
        Ram.Dispose();
    }
}
