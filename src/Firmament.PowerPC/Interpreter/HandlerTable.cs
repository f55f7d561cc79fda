using System.Runtime.InteropServices;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Semantics;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Interpreter;

/// <summary>The functions of one way of dispatch and one CPU mode, by opcode.</summary>
internal sealed unsafe class HandlerTable : IDisposable
{
    // SAFETY: one pointer an opcode, allocated here and freed in Dispose.
    private readonly delegate*<CpuState*, Insn*, Insn*>* _byOpcode =
        (delegate*<CpuState*, Insn*, Insn*>*)NativeMemory.AllocZeroed((nuint)(OpcodeTable.Rows.Length * sizeof(nint)));

    private delegate*<int, delegate*<CpuState*, Insn*, Insn*>*, void> _lookUp;

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

    /// <summary>The handler of an entry that is counted until it is worth translating.</summary>
    public delegate*<CpuState*, Insn*, Insn*> Count { get; private init; }

    /// <summary>The handler of an entry that has been translated.</summary>
    public delegate*<CpuState*, Insn*, Insn*> Native { get; private init; }

    /// <summary>The handlers by opcode; null where none has been asked for.</summary>
    public delegate*<CpuState*, Insn*, Insn*>* ByOpcode => _byOpcode;

    /// <summary>The handler of an opcode.</summary>
    public delegate*<CpuState*, Insn*, Insn*> this[Opcode opcode]
    {
        get
        {
            if (_byOpcode[(int)opcode] == null)
            {
                _lookUp((int)opcode, _byOpcode);
            }

            return _byOpcode[(int)opcode];
        }
    }

    /// <summary>Makes the table of a mode.</summary>
    /// <param name="mode">The CPU mode.</param>
    /// <param name="tailCalls">False for the loop, which works on every runtime.</param>
    public static HandlerTable Create(CpuMode mode, bool tailCalls) => tailCalls ? Create<TailCalls>(mode, true) : Create<Loop>(mode, false);

    /// <inheritdoc/>
    public void Dispose() => NativeMemory.Free(_byOpcode);

    private static HandlerTable Create<TDispatch>(CpuMode mode, bool tailCalls) where TDispatch : struct, IDispatchMode => mode switch
    {
        CpuMode.Big => Create<TDispatch, Word64, Mode64Big>(tailCalls),
        CpuMode.Little => Create<TDispatch, Word64, Mode64Little>(tailCalls),
        CpuMode.NarrowBig => Create<TDispatch, Word64, Mode64NarrowBig>(tailCalls),
        CpuMode.NarrowLittle => Create<TDispatch, Word64, Mode64NarrowLittle>(tailCalls),
        _ => Create<TDispatch, Word32, Mode32>(tailCalls),
    };

    private static HandlerTable Create<TDispatch, TWord, TMode>(bool tailCalls)
        where TDispatch : struct, IDispatchMode
        where TWord : struct, IWord<TWord>
        where TMode : struct, ICpuMode
    {
        HandlerTable table = new()
        {
            UsesTailCalls = tailCalls,
            Decode = &Handlers<TDispatch, TWord, TMode>.Decode,
            PageEnd = &Handlers<TDispatch, TWord, TMode>.PageEnd,
            Miss = &Handlers<TDispatch, TWord, TMode>.Miss,
            Far = &Handlers<TDispatch, TWord, TMode>.Far,
            Stop = &Handlers<TDispatch, TWord, TMode>.Stop,
            AfterSingle = &Handlers<TDispatch, TWord, TMode>.AfterSingle,
            Count = &Handlers<TDispatch, TWord, TMode>.Count,
            Native = &Handlers<TDispatch, TWord, TMode>.Native,
        };
        table._lookUp = &Handlers<TDispatch, TWord, TMode>.LookUp;
        return table;
    }
}
