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
        Cpu cpu = Cpu.From(s);
        PendingStatus.Settle(s);
        try
        {
            return cpu.RunHandler(p);
        }
#pragma warning disable CA1031 // It is thrown again in Cpu.Run.
        catch (Exception e)
#pragma warning restore CA1031
        {
            cpu.KeepException(e);
            return s->StopInsn;
        }
    }
}
