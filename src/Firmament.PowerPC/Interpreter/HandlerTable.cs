using System.Runtime.InteropServices;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Interpreter;

/// <summary>The functions of one dispatch mode, by opcode.</summary>
internal sealed unsafe class HandlerTable : IDisposable
{
    // SAFETY: one pointer an opcode, allocated here and freed in Dispose.
    private readonly delegate*<CpuState*, Insn*, Insn*>* _byOpcode =
        (delegate*<CpuState*, Insn*, Insn*>*)NativeMemory.AllocZeroed((nuint)(OpcodeTable.Rows.Length * sizeof(nint)));

    private HandlerTable()
    {
    }

    /// <summary>True when handlers jump to each other.</summary>
    public bool UsesTailCalls { get; private init; }

    /// <summary>The handler of an instruction not decoded yet.</summary>
    public delegate*<CpuState*, Insn*, Insn*> Decode { get; private init; }

    /// <summary>The handler after a page's last instruction.</summary>
    public delegate*<CpuState*, Insn*, Insn*> PageEnd { get; private init; }

    /// <summary>The handler of <see cref="CpuState.MissInsn"/>.</summary>
    public delegate*<CpuState*, Insn*, Insn*> Miss { get; private init; }

    /// <summary>The handler of <see cref="CpuState.FarInsn"/>.</summary>
    public delegate*<CpuState*, Insn*, Insn*> Far { get; private init; }

    /// <summary>The handler of <see cref="CpuState.StopInsn"/>.</summary>
    public delegate*<CpuState*, Insn*, Insn*> Stop { get; private init; }

    /// <summary>The handler after an instruction that was stepped alone.</summary>
    public delegate*<CpuState*, Insn*, Insn*> AfterSingle { get; private init; }

    /// <summary>The handler of an opcode.</summary>
    public delegate*<CpuState*, Insn*, Insn*> this[Opcode opcode] => _byOpcode[(int)opcode];

    /// <summary>Makes the table for the dispatch this runtime supports.</summary>
    public static HandlerTable Create() => DispatchSelfTest.TailCallsWork() ? Create<TailCalls>(true) : Create<Loop>(false);

    /// <summary>Makes the table of the loop, which works on every runtime.</summary>
    public static HandlerTable CreateLoop() => Create<Loop>(false);

    /// <inheritdoc/>
    public void Dispose() => NativeMemory.Free(_byOpcode);

    private static HandlerTable Create<TMode>(bool tailCalls) where TMode : struct, IDispatchMode
    {
        HandlerTable table = new()
        {
            UsesTailCalls = tailCalls,
            Decode = &Handlers<TMode>.Decode,
            PageEnd = &Handlers<TMode>.PageEnd,
            Miss = &Handlers<TMode>.Miss,
            Far = &Handlers<TMode>.Far,
            Stop = &Handlers<TMode>.Stop,
            AfterSingle = &Handlers<TMode>.AfterSingle,
        };
        Handlers<TMode>.Fill(table._byOpcode);
        return table;
    }
}
