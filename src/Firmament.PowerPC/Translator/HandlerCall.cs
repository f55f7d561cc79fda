using System.Runtime.InteropServices;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Leaf.FloatingPoint;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Translator;

/// <summary>What generated code calls: one instruction's handler, with everything the interpreter does for it.</summary>
internal static unsafe class HandlerCall
{
    /// <summary>
    /// Runs <paramref name="p"/> and returns where to go on: the instruction behind it, or what the interpreter would go to. An exception may not
    /// cross generated code: it ends the slice and is thrown again from there.
    /// </summary>
    [UnmanagedCallersOnly]
    public static Insn* Run(CpuState* s, Insn* p)
    {
        PendingStatus.Settle(s);
        try
        {
            delegate*<CpuState*, Insn*, Insn*> handler = s->SingleHandlers[(int)p->Opcode];
            Insn* next = handler != null ? handler(s, p) : Cpu.From(s).SingleHandlers[p->Opcode](s, p);
            return next == s->MissInsn ? Cpu.From(s).SingleHandlers.Miss(s, next) : next;
        }
#pragma warning disable CA1031 // It is thrown again in Cpu.Run.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Cpu.From(s).KeepException(e);
            return s->StopInsn;
        }
    }
}
