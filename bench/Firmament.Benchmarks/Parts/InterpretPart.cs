using BenchmarkDotNet.Attributes;
using Firmament.PowerPC.Isa;

namespace Firmament.Benchmarks.Parts;

/// <summary>Instructions as compilers write them: arithmetic, a load, a store, a compare and a branch that is not taken.</summary>
public class InterpretPart : LoopPart
{
    /// <summary>Instructions of the loop.</summary>
    internal const int Length = 10;

    /// <inheritdoc/>
    protected override int InstructionsInTurn => Length;

    /// <summary>The part.</summary>
    [Benchmark(Description = "interpret, an instruction", OperationsPerInvoke = Turns * Length)]
    public void Interpret() => Run();

    private protected override long Count(GuestLoop loop) => loop.Cpu.InstructionsRetired / Length;

    private protected override GuestLoop Make() => new(Body, translates: false);

    /// <summary>The loop without its branch back.</summary>
    internal static void Body(Assembler code)
    {
        code.LoadImmediate(4, GuestLoop.DataAt);
        code.Lwz(5, 0, 4);
        code.Addi(5, 5, 1);
        code.Rlwinm(6, 5, 3, 0, 28);
        code.Xor(7, 7, 6);
        code.Stw(5, 0, 4);
        code.Cmpwi(5, 0);
        code.Beq(code.LabelAt(GuestLoop.CodeAt));
        code.Add(8, 8, 7);
    }
}
