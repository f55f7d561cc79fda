using System.Runtime.InteropServices;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;
using Firmament.PowerPC.Translator;

namespace Firmament.PowerPC.Interpreter;

/// <summary>The functions and pseudo-instructions of every mode a CPU has entered; made when it first enters one.</summary>
internal sealed unsafe class Engine : IDisposable
{
    /// <summary>Pseudo-instructions a mode: miss, far, stop, one unused, and two pairs for single steps.</summary>
    private const int Pseudo = 8;

    private const int Modes = (int)CpuMode.NarrowLittle + 1;
    private readonly HandlerTable?[] _tables = new HandlerTable?[Modes];
    private readonly HandlerTable?[] _single = new HandlerTable?[Modes];
    private readonly bool _tailCalls;

    // SAFETY: unmanaged, so that handlers need no pinning; freed in Dispose.
    private readonly Insn* _pseudo = (Insn*)NativeMemory.AllocZeroed((nuint)(Modes * Pseudo * sizeof(Insn)));

    /// <summary>Makes an engine that has entered no mode.</summary>
    /// <param name="tailCalls">False forces loop dispatch.</param>
    /// <param name="translateAfter">Entries of a run after which it is translated; 0 leaves everything to the interpreter.</param>
    /// <param name="codeCacheBytes">Memory for translated code.</param>
    public Engine(bool tailCalls, int translateAfter, int codeCacheBytes)
    {
        _tailCalls = tailCalls && DispatchSelfTest.TailCallsWork();
        Translations = translateAfter > 0 ? TranslationCache.TryCreate(translateAfter, codeCacheBytes) : null;
    }

    /// <summary>The translated code; null where there is no translator.</summary>
    public TranslationCache? Translations { get; }

    /// <summary>The functions of a mode.</summary>
    public HandlerTable this[CpuMode mode] => _tables[(int)mode] ?? Make(mode);

    /// <summary>Points the state's pseudo-instructions at a mode's.</summary>
    public void Select(CpuState* s, CpuMode mode)
    {
        HandlerTable table = this[mode];
        Insn* first = _pseudo + ((int)mode * Pseudo);
        if (first->Handler == null)
        {
            first[0].Handler = table.Miss;
            first[1].Handler = table.Far;
            first[2].Handler = table.Stop;
        }

        s->Handlers = table.ByOpcode;
        s->SingleHandlers = Single(mode).ByOpcode;
        s->MissInsn = first;
        s->FarInsn = first + 1;
        s->StopInsn = first + 2;
    }

    /// <summary>Functions of a mode that run one instruction and return the next one.</summary>
    public HandlerTable Single(CpuMode mode) => _single[(int)mode] ??= _tailCalls ? HandlerTable.Create(mode, tailCalls: false) : this[mode];

    /// <summary>Room for one instruction and what follows it.</summary>
    public Insn* StepPair(CpuMode mode) => _pseudo + ((int)mode * Pseudo) + 4;

    /// <summary>Room for an instruction from outside RAM.</summary>
    public Insn* Foreign(CpuMode mode) => _pseudo + ((int)mode * Pseudo) + 6;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (HandlerTable? table in _tables.Union(_single))
        {
            table?.Dispose();
        }

        Translations?.Dispose();

        NativeMemory.Free(_pseudo);
    }

    private HandlerTable Make(CpuMode mode) => _tables[(int)mode] = HandlerTable.Create(mode, _tailCalls);
}
