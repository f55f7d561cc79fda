using System.Runtime.CompilerServices;
using Firmament.PowerPC.Interpreter;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Leaf.FloatingPoint;
using Firmament.PowerPC.State;
using Firmament.PowerPC.Translator.X64;

namespace Firmament.PowerPC.Translator;

/// <summary>
/// Translated code, by region. A region lives as long as the decoded page it was made from: what makes the page undecoded forgets its code.
/// When the memory is full, everything is forgotten and begun anew.
/// </summary>
internal sealed unsafe class TranslationCache : IDisposable
{
    /// <summary>The count in <see cref="Insn.Heat"/>.</summary>
    public const byte HeatMask = 0x7f;

    /// <summary>In <see cref="Insn.Heat"/>: a branch is known to lead here.</summary>
    public const byte BranchTarget = 0x80;

    /// <summary>Entries of a run after which it is translated.</summary>
    public const byte Hot = 24;

    private readonly CodeMemory _memory;
    private readonly X64Assembler _assembler = new();
    private readonly Stubs _stubs;
    private readonly Emission _emission;
    private readonly Region _region = new();
    private int _position;
    private int _lastPosition;

    private TranslationCache(CodeMemory memory, int after)
    {
        InitialHeat = (byte)(Hot - Math.Clamp(after, 1, Hot));
        _memory = memory;
        _stubs = new Stubs(_assembler, memory, &HandlerCall.Run);
        _emission = new Emission(_assembler, _stubs);
        _position = _stubs.End;
    }

    /// <summary>Sees what is made, or null.</summary>
    public ITranslationWatcher? Watcher { get; set; }

    /// <summary>What <see cref="Insn.Heat"/> counts from.</summary>
    public byte InitialHeat { get; }

    /// <summary>Regions translated so far.</summary>
    public long Regions { get; private set; }

    /// <summary>Guest instructions in them.</summary>
    public long Instructions { get; private set; }

    /// <summary>How often the memory was full.</summary>
    public long Flushes { get; private set; }

    /// <summary>Bytes of code now held.</summary>
    public int CodeBytes => _position;

    /// <summary>Makes an empty cache; null where this host cannot run translated code.</summary>
    /// <param name="after">Entries of a run after which it is translated, 1 to <see cref="Hot"/>.</param>
    /// <param name="size">Bytes of code memory.</param>
    public static TranslationCache? TryCreate(int after, int size) =>
        HostProcessor.CanTranslate && CodeMemory.TryCreate(Math.Max(size, Cpu.LeastCodeCacheBytes)) is { } memory ? new TranslationCache(memory, after) : null;

    /// <summary>The modes there is a translator for; the others are rare, and interpreted.</summary>
    public static bool CanTranslate(CpuMode mode) => mode is CpuMode.Classic or CpuMode.Big or CpuMode.Little;

    /// <summary>Lets a CPU enter this code.</summary>
    public void Attach(CpuState* s)
    {
        s->EnterNative = (delegate* unmanaged<CpuState*, nint, Insn*>)(_memory.Executable + _stubs.Enter);
        s->NativeBase = (nint)_memory.Executable;
    }

    /// <summary>Runs the code of an entry whose run has been charged, until it leaves.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Insn* Enter(CpuState* s, Insn* p)
    {
        // The code charges the run itself.
        s->Remaining += p->RunLength;
        Insn* next = s->EnterNative(s, s->NativeBase + (nint)p->Native);
        PendingStatus.Settle(s);
        return next;
    }

    /// <summary>Translates the region of an entry that has become hot; returns where to go on.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Insn* Translate(CpuState* s, Insn* p)
    {
        Cpu cpu = Cpu.From(s);
        TranslationCache cache = cpu.Translations!;
        CpuMode mode = (CpuMode)s->Mode;
        cache.Watcher?.Begins();
        if (cache.TryTranslate(p, mode, cpu.Handlers))
        {
            cache.Watcher?.Translated(cache.Describe(s->PageEa));
            return p;
        }

        // Full: nothing translated is at work here, so all of it may go. The decoded pages that point to it go with it.
        cache.Flushes++;
        cache._position = cache._stubs.End;
        s->Remaining += p->RunLength;
        s->Pc = Exceptions.Interrupts.AddressOf(s, p);
        cpu.Pages.Clear();
        return s->StopInsn;
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    /// <summary>The region translated last, for a watcher.</summary>
    private TranslatedRegion Describe(ulong pageAddress) => new(
        pageAddress, _region.Instructions, _lastPosition, new ReadOnlySpan<byte>(_memory.Writable + _lastPosition, _assembler.Position),
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_emission.Pieces));

    private bool TryTranslate(Insn* head, CpuMode mode, HandlerTable handlers)
    {
        _region.Collect(head);
        _lastPosition = _position;
        _emission.Pieces = Watcher is { WantsCode: true } ? [] : null;
        _assembler.Begin(_memory.Writable + _position, _memory.Size - _position);
        _emission.BeginRegion(mode, _position);
        _emission.EmitRegion(_region);
        if (_assembler.Overflowed)
        {
            return false;
        }

        _assembler.Finish();
        foreach (RegionEntry entry in _region.Entries)
        {
            Insn* insn = _region.Page + entry.Index;
            insn->Native = (uint)(_position + _assembler.PositionOf(entry.Label));
            insn->Handler = handlers.Native;
        }

        Regions++;
        Instructions += _region.Instructions;
        _position = (_position + _assembler.Position + 15) & ~15;
        return true;
    }
}
