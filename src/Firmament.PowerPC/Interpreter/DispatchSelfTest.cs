using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Interpreter;

/// <summary>
/// Finds out whether this runtime turns a handler's last call into a jump, by running a chain of them and measuring how far the
/// stack moved. Without that, tail-call dispatch would overflow the stack, so the loop is used instead.
/// </summary>
internal static unsafe class DispatchSelfTest
{
    private const int Links = 256;

    /// <summary>True when tail calls work.</summary>
    public static bool TailCallsWork()
    {
        Insn* chain = (Insn*)NativeMemory.AllocZeroed((nuint)((Links + 1) * sizeof(Insn)));
        CpuState* s = (CpuState*)NativeMemory.AllocZeroed((nuint)sizeof(CpuState));
        try
        {
            for (int i = 0; i < Links; i++)
            {
                chain[i].Handler = &Link;
            }

            chain[0].Handler = &Mark;
            chain[Links].Handler = &Mark;
            chain[Links].RunLength = 1;
            chain->Handler(s, chain);
            long moved = Math.Abs((long)s->Lr - (long)s->Ctr);
            return moved < 16 * Links / 2;
        }
        finally
        {
            NativeMemory.Free(chain);
            NativeMemory.Free(s);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Insn* Link(CpuState* s, Insn* p) => TailCalls.Go(s, p + 1);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Insn* Mark(CpuState* s, Insn* p)
    {
        if (p->RunLength == 1)
        {
            s->Ctr = StackPointer();
            return null;
        }

        s->Lr = StackPointer();
        return TailCalls.Go(s, p + 1);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong StackPointer()
    {
        int local = 0;
        // SAFETY: only the address is used, as a number.
        return (ulong)&local;
    }
}
