using System.Runtime.InteropServices;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Semantics;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Interpreter;

/// <summary>Runs instructions on the slow evaluator, with the clock exact while they call into devices and firmware.</summary>
internal static unsafe partial class SlowHandlers<TWord, TMode>
    where TWord : struct, IWord<TWord>
    where TMode : struct, ICpuMode
{
    private static readonly delegate*<CpuState*, Insn*, Insn*>* ByOpcode = CreateTable();

    /// <summary>Runs the slow twin of <paramref name="p"/> and says where to go on.</summary>
    public static Insn* Run(CpuState* s, Insn* p)
    {
        SlowPathFrame.Begin(s, p);
        int opcode = (int)p->Opcode;
        if (ByOpcode[opcode] == null)
        {
            FillGroup(opcode / OpcodeGroup, ByOpcode);
        }

        Insn* next = ByOpcode[opcode](s, p);
        if (s->Exit == 0 && s->CurrentRunLength > 1)
        {
            s->Current = null;
            return next;
        }

        return SlowPathFrame.Leave<TMode>(s, p);
    }

    private static delegate*<CpuState*, Insn*, Insn*>* CreateTable()
    {
        // SAFETY: one pointer an opcode, for the life of the process.
        return (delegate*<CpuState*, Insn*, Insn*>*)NativeMemory.AllocZeroed((nuint)(OpcodeTable.Rows.Length * sizeof(nint)));
    }
}
