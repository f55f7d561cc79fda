using System.Runtime.CompilerServices;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Interpreter;

/// <summary>How a handler passes control to the next instruction.</summary>
internal unsafe interface IDispatchMode
{
    static abstract Insn* Go(CpuState* s, Insn* next);
}

/// <summary>Each handler jumps to the next one. Needs a runtime that turns the call into a jump; <see cref="DispatchSelfTest"/> finds out.</summary>
internal readonly unsafe struct TailCalls : IDispatchMode
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Insn* Go(CpuState* s, Insn* next) => next->Handler(s, next);
}

/// <summary>Each handler returns the next instruction to a loop.</summary>
internal readonly unsafe struct Loop : IDispatchMode
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Insn* Go(CpuState* s, Insn* next) => next;
}
