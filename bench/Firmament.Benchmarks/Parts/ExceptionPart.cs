using BenchmarkDotNet.Attributes;
using Firmament.PowerPC.Isa;

namespace Firmament.Benchmarks.Parts;

/// <summary>sc to its vector and rfi back, and the branch of the loop.</summary>
public class ExceptionPart : LoopPart
{
    private const uint SystemCallVector = 0xc00;

    /// <inheritdoc/>
    protected override int InstructionsInTurn => 3;

    /// <summary>The part.</summary>
    [Benchmark(Description = "exception, entry and exit", OperationsPerInvoke = Turns)]
    public void EnterAndLeave() => Run();

    private protected override long Count(GuestLoop loop) => loop.Cpu.InterruptsTaken;

    private protected override GuestLoop Make()
    {
        GuestLoop loop = new(static code => code.Sc(0));
        Assembler handler = new(SystemCallVector);
        handler.Rfi();
        loop.Load(handler, SystemCallVector);
        return loop;
    }
}
