using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Interpreter;

/// <summary>What surrounds an instruction that calls into the CPU, devices or firmware.</summary>
internal static unsafe class SlowPathFrame
{
    /// <summary>From here to <see cref="Leave"/> the clock knows which instruction is at work.</summary>
    public static void Begin(CpuState* s, Insn* p)
    {
        s->Current = p;
        s->CurrentRunLength = p->RunLength;
        s->Exit = 0;
    }

    /// <summary>Ends the run after <paramref name="p"/>: gives back what was charged beyond it and returns to the dispatcher.</summary>
    public static Insn* Leave<TMode>(CpuState* s, Insn* p) where TMode : struct, ICpuMode
    {
        s->Remaining += s->CurrentRunLength - 1;
        s->Current = null;
        if ((s->Exit & CpuState.ExitPcSet) == 0)
        {
            ulong pc = s->PageEa + (((ulong)p->Index + 1) << 2);
            s->Pc = TMode.Sf ? pc : (uint)pc;
        }

        s->Exit = 0;
        return s->StopInsn;
    }
}
