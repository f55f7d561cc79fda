using Firmament.Core.Memory;
using Firmament.Core.Time;
using Firmament.Machines.Configuration;
using Firmament.Machines.Profiling;
using Firmament.Machines.Tests.Demo;
using Firmament.Machines.Tests.Running;
using Firmament.PowerPC;

namespace Firmament.Machines.Tests.Profiling;

public sealed class ProfilerTests
{
    private static readonly SymbolTable Symbols = SymbolTable.Read(
        SymbolFiles.Map("00001000 T outer\n00002000 T middle\n00003000 T inner\n00004000 T leaf\n00100000 T demo\n"), "--symbols");

    [Theory]
    [InlineData(ExecutionEngine.Translator, 1000)]
    [InlineData(ExecutionEngine.Translator, 77_777)]
    [InlineData(ExecutionEngine.Interpreter, 1000)]
    public void A_profiled_run_is_the_run_without_and_profiles_repeat(ExecutionEngine engine, int every)
    {
        (string hash, string console, _) = Demo(engine, null);
        GuestProfiler profiler = new(Symbols, every);
        Assert.Equal((hash, console), Demo(engine, profiler) is var (h, c, instructions) ? (h, c) : default);
        Assert.Equal(instructions / every, profiler.Samples);
        GuestProfiler again = new(Symbols, every);
        Demo(ExecutionEngine.Interpreter, again);
        Assert.Equal(Text(again), Text(profiler));
        Assert.Contains("demo", Text(profiler), StringComparison.Ordinal);
    }

    [Fact]
    public void A_lone_cpus_turns_end_where_the_watcher_wants_to_look()
    {
        Watcher watcher = new(300);
        using ScriptedMachine machine = new(watcher: watcher);
        machine.Run(new VirtualTime(1000));
        Assert.Equal([300, 300, 300, 100], machine.Cpu.Slices);
        Assert.Equal([(0, 300), (300, 600), (600, 900), (900, 1000)], watcher.Turns);
    }

    [Fact]
    public void Turns_of_several_cpus_keep_their_length()
    {
        Watcher watcher = new(300);
        using ScriptedMachine machine = new(cpus: 2, watcher: watcher);
        machine.Run(new VirtualTime(40_000));
        Assert.Equal([20_000], machine.Cpus[0].Slices);
        Assert.Equal([(0, 20_000), (20_000, 40_000)], watcher.Turns);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Callers_are_found_by_the_back_chain(bool wide, bool little)
    {
        using GuestMemory memory = new(1 << 20);
        Processor cpu = new(wide, little) { Pc = 0x3010, Lr = 0x3008 };
        cpu.WriteGpr(1, 0x8000);
        Frame(memory, cpu, 0x8000, 0x8040, 0);
        Frame(memory, cpu, 0x8040, 0x8080, 0x2004);
        Frame(memory, cpu, 0x8080, 0, 0x1004);
        Assert.Equal("outer;middle;inner 1\n", Sample(memory, cpu));

        // A leaf without a frame of its own: only LR knows its caller.
        (cpu.Pc, cpu.Lr) = (0x4000, 0x3014);
        Assert.Equal("outer;middle;inner;leaf 1\n", Sample(memory, cpu));

        // One that has just made its frame has its caller there and in LR.
        (cpu.Pc, cpu.Lr) = (0x3010, 0x2004);
        Assert.Equal("outer;middle;inner 1\n", Sample(memory, cpu));
    }

    [Theory]
    [InlineData(0x8000)] // A loop.
    [InlineData(0x8002)] // Not aligned.
    [InlineData(0x7fff_0000)] // No memory there.
    public void A_chain_that_leads_nowhere_ends(uint next)
    {
        using GuestMemory memory = new(1 << 20);
        Processor cpu = new(wide: false, little: false) { Pc = 0x3010 };
        cpu.WriteGpr(1, 0x8000);
        memory.TryWriteUInt32(new PhysicalAddress(0x8000), next);
        Assert.Equal("inner 1\n", Sample(memory, cpu));
        memory.TryWriteUInt32(new PhysicalAddress(0x8000), 0x8010);
        memory.TryWriteUInt32(new PhysicalAddress(0x8010), 0x8000);
        memory.TryWriteUInt32(new PhysicalAddress(0x8004), 0x1004);
        memory.TryWriteUInt32(new PhysicalAddress(0x8014), 0x1004);
        Assert.InRange(Sample(memory, cpu).Length, 1, 7 * StackWalker.MostFrames);
    }

    [Fact]
    public void Programs_are_one_frame_and_unknown_code_says_so()
    {
        using GuestMemory memory = new(1 << 20);
        Processor cpu = new(wide: false, little: false) { Pc = 0x8000_0000 };
        Assert.Equal("[unknown] 1\n", Sample(memory, cpu));
        cpu.Msr |= 0x4000;
        Assert.Equal("[user] 1\n", Sample(memory, cpu));
    }

    private static (string Hash, string Console, long Instructions) Demo(ExecutionEngine engine, IMachineWatcher? watcher)
    {
        using VirtualMachine machine = VirtualMachine.Create(DemoTests.Configuration() with { Engine = engine }, new HostServices { Watcher = watcher });
        Assert.Equal(StopReason.PowerOff, machine.RunToEnd(virtualSeconds: 1)?.Reason);
        return (machine.StateHash(), machine.Console.Text, machine.Statistics.Instructions);
    }

    private static string Sample(GuestMemory memory, Processor cpu)
    {
        using ScriptedMachine machine = new();
        GuestProfiler profiler = new(Symbols, 100);
        profiler.TurnEnded(new MachineTurn(machine, cpu, 1, memory, VirtualTime.Zero, new VirtualTime(100), 100));
        return Text(profiler);
    }

    private static string Text(GuestProfiler profiler)
    {
        using StringWriter text = new();
        profiler.Write(text);
        return text.ToString();
    }

    private static void Frame(GuestMemory memory, Processor cpu, ulong at, ulong caller, ulong link)
    {
        Word(at, caller);
        Word(at + (cpu.Is64Bit ? 16u : 4u), link);

        void Word(ulong address, ulong value)
        {
            Span<byte> bytes = stackalloc byte[cpu.Is64Bit ? 8 : 4];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[cpu.Little ? i : bytes.Length - 1 - i] = (byte)(value >> (8 * i));
            }

            Assert.True(memory.TryWrite(new PhysicalAddress(address), bytes));
        }
    }

    private sealed class Watcher(long every) : IMachineWatcher
    {
        public List<(long Start, long End)> Turns { get; } = [];

        public long UntilLook(int processor) => every;

        public void TurnEnded(in MachineTurn turn) => Turns.Add((turn.Start.Nanoseconds, turn.End.Nanoseconds));
    }

    private sealed class Processor(bool wide, bool little) : IProcessor
    {
        private readonly ulong[] _gpr = new ulong[32];

        public bool Little => little;

        public ulong Pc { get; set; }

        public ulong Msr { get; set; } = (wide ? 1UL << 63 : 0) | (little ? 1UL : 0);

        public ulong Lr { get; set; }

        public int Index => 0;

        public bool Is64Bit => wide;

        public ulong ReadGpr(int index) => _gpr[index];

        public void WriteGpr(int index, ulong value) => _gpr[index] = value;

        public bool TryTranslate(ulong effectiveAddress, bool write, out PhysicalAddress physicalAddress)
        {
            physicalAddress = new PhysicalAddress(effectiveAddress);
            return true;
        }
    }
}
