using BenchmarkDotNet.Attributes;

namespace Firmament.Benchmarks.Parts;

/// <summary>A part that is a loop in the guest.</summary>
public abstract class LoopPart
{
    /// <summary>Turns of the loop in one measurement.</summary>
    protected const int Turns = 10_000;

    private GuestLoop _loop = null!;

    /// <summary>Instructions of one turn, the branch back included.</summary>
    protected abstract int InstructionsInTurn { get; }

    /// <summary>Makes the CPU, and checks that a turn does what the part is called by.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _loop = Make();
        Run();
        long before = Count(_loop);
        Run();
        if (Count(_loop) - before < Turns)
        {
            throw new InvalidOperationException($"{GetType().Name} counted {Count(_loop) - before} in {Turns} turns, so it does not measure what it says.");
        }
    }

    /// <summary>Frees it.</summary>
    [GlobalCleanup]
    public void Cleanup() => _loop.Dispose();

    /// <summary>Executes <see cref="Turns"/> turns.</summary>
    protected void Run() => _loop.Run((long)Turns * InstructionsInTurn);

    private protected abstract GuestLoop Make();

    /// <summary>How often the loop has done so far what is measured.</summary>
    private protected abstract long Count(GuestLoop loop);
}
