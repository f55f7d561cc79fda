using System.Runtime.InteropServices;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Semantics;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Interpreter;

/// <summary>Runs instructions on the slow evaluator, with the clock exact while they call into devices and firmware.</summary>
internal static unsafe partial class SlowHandlers
{
    private static readonly delegate*<CpuState*, Insn*, Insn*>* ByOpcode = CreateTable();

    /// <summary>Runs the slow twin of <paramref name="p"/> and says where to go on.</summary>
    public static Insn* Run(CpuState* s, Insn* p)
    {
        Begin(s, p);
        Insn* next = ByOpcode[(int)p->Opcode](s, p);
        if (s->Exit == 0 && s->CurrentRunLength > 1)
        {
            s->Current = null;
            return next;
        }

        return Leave(s, p);
    }

    /// <summary>From here to <see cref="Leave"/> the clock knows which instruction is at work.</summary>
    public static void Begin(CpuState* s, Insn* p)
    {
        s->Current = p;
        s->CurrentRunLength = p->RunLength;
        s->Exit = 0;
    }

    /// <summary>Ends the run after <paramref name="p"/>: gives back what was charged beyond it and returns to the dispatcher.</summary>
    public static Insn* Leave(CpuState* s, Insn* p)
    {
        s->Remaining += s->CurrentRunLength - 1;
        s->Current = null;
        if ((s->Exit & CpuState.ExitPcSet) == 0)
        {
            s->Pc = (uint)(s->PageEa + (((ulong)p->Index + 1) << 2));
        }

        s->Exit = 0;
        return s->StopInsn;
    }

    private static delegate*<CpuState*, Insn*, Insn*>* CreateTable()
    {
        // SAFETY: one pointer an opcode, for the life of the process.
        delegate*<CpuState*, Insn*, Insn*>* table = (delegate*<CpuState*, Insn*, Insn*>*)NativeMemory.AllocZeroed((nuint)(OpcodeTable.Rows.Length * sizeof(nint)));
        Fill(table);
        return table;
    }
}
