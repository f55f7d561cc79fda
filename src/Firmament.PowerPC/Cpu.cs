using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text;
using Decoder = Firmament.PowerPC.Isa.Decoder;
using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Core.Time;
using Firmament.Core.Tracing;
using Firmament.PowerPC.Exceptions;
using Firmament.PowerPC.Interpreter;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Mmu;
using Firmament.PowerPC.Semantics;
using Firmament.PowerPC.State;
using Firmament.PowerPC.Translator;

namespace Firmament.PowerPC;

/// <summary>
/// One PowerPC CPU: state, translation, interrupts and the engine that runs it. Not thread-safe: the machine's thread alone uses it.
/// </summary>
public sealed unsafe partial class Cpu : IProcessor, IStateful, IDisposable
{
    /// <summary>Entries of a run after which it is translated, unless told otherwise.</summary>
    public const int DefaultTranslateAfter = TranslationCache.Hot;

    /// <summary>Memory for translated code unless told otherwise; the host commits it page by page.</summary>
    public const int DefaultCodeCacheBytes = 64 << 20;

    /// <summary>What the largest region and the pieces that all share fit into.</summary>
    public const int LeastCodeCacheBytes = 1 << 20;

    // SAFETY: unmanaged so that handlers need no pinning; freed in Dispose.
    private readonly CpuState* _s;
    private readonly Engine _engine;
    private readonly bool _ownsEngine;
    private readonly bool _ownsTranslation;
    private readonly Scheduler _clock;
    private readonly Func<long> _elapsedInSlice;
    private readonly Action _requestStop;
    private GCHandle _self;
    private bool _externalInterrupt;
    private bool _stopRequested;
    private bool _inSlice;
    private bool _disposed;
    private long _budget;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Makes a CPU in its reset state.</summary>
    /// <param name="model">Which chip.</param>
    /// <param name="map">The physical address space.</param>
    /// <param name="clock">The machine's clock; this CPU reports the time within its slices to it.</param>
    /// <param name="tracer">For guest errors.</param>
    /// <param name="timeBaseFrequency">Time base ticks a second.</param>
    /// <param name="useTailCalls">False forces loop dispatch, for tests.</param>
    /// <param name="first">
    /// The machine's first CPU when this is another one: both decode into one cache. They may only run one after the other, on one thread;
    /// dispose <paramref name="first"/> last.
    /// </param>
    /// <param name="index">Processor number, 0 first.</param>
    /// <param name="translateAfter">
    /// Entries of a run after which it is translated, 1 to <see cref="DefaultTranslateAfter"/>; 0 leaves everything to the interpreter. No difference on
    /// hosts without a translator.
    /// </param>
    /// <param name="codeCacheBytes">
    /// Memory for translated code, at least <see cref="LeastCodeCacheBytes"/>; when it is full, everything translated is thrown away.
    /// </param>
    /// <param name="translation">The partition's translation; null for the first CPU's, or for one of its own.</param>
    public Cpu(
        CpuModel model, MemoryMap map, Scheduler clock, Tracer tracer, ulong timeBaseFrequency, bool useTailCalls = true, Cpu? first = null, int index = 0,
        PartitionTranslation? translation = null, int translateAfter = DefaultTranslateAfter, int codeCacheBytes = DefaultCodeCacheBytes)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(map);
        Model = model;
        Map = map;
        Tracer = tracer;
        _clock = clock;
        _s = (CpuState*)NativeMemory.AlignedAlloc((nuint)sizeof(CpuState), 64);
        NativeMemory.Clear(_s, (nuint)sizeof(CpuState));
        System.Diagnostics.Debug.Assert(_s->Cr - (byte*)_s == CpuState.CrOffset, "CpuState.CrOffset is out of date");
        _self = GCHandle.Alloc(this);
        _s->Managed = GCHandle.ToIntPtr(_self);
        Index = index;
        _elapsedInSlice = ElapsedInSlice;
        _requestStop = RequestStop;
        Decoder = first?.Decoder ?? new Decoder(model.Features);
        _ownsEngine = first == null;
        _engine = first?._engine ?? new Engine(useTailCalls, translateAfter, codeCacheBytes);
        Pages = first?.Pages ?? new PageCache(map.Ram, Decoder, _engine);
        Pages.Users++;
        TimeBase = new TimeBase(clock, timeBaseFrequency) { IsLevel = model.Is64Bit };
        Attach();
        _ownsTranslation = first == null && translation == null;
        Translation = translation ?? first?.Translation ?? new PartitionTranslation();
        Siblings = first?.Siblings ?? [];
        Siblings.Add(this);
        Family = model.Is64Bit ? new PartitionFamily(this, _s, map.Ram) : new ClassicFamily(this, _s, map.Ram);
        Translation.Changed += TranslationChanged;
        Pages.FirstCode += Mmu.ProtectCodePage;
        Pages.Emptied += ForgetPages;
        Pages.PageDropped += LookUp;
        clock.ElapsedInSlice = _elapsedInSlice;
        clock.DeadlineMoved = _requestStop;
        Reset();
    }

    /// <summary>Which chip.</summary>
    public CpuModel Model { get; }

    /// <summary>Looks at each `sc` before the CPU vectors; null leaves them all to the guest.</summary>
    public ISystemCallInterceptor? Interceptor { get; set; }

    /// <inheritdoc/>
    public int Index { get; }

    /// <summary>
    /// Log2 of the instructions in a nanosecond of virtual time, 0 to 8. More than 0 where the clock is moved on from outside as well, and instructions only
    /// keep it going between.
    /// </summary>
    public int TimeShift
    {
        get;
        init
        {
            field = value;
            _s->TimeShift = value;
        }
    }

    /// <inheritdoc/>
    public bool Is64Bit => Model.Is64Bit;

    /// <summary>True while the CPU waits for an interrupt (MSR[POW], H_CEDE).</summary>
    public bool IsIdle { get; private set; }

    /// <summary>True while it waits and nothing has come that ends the wait: the next <see cref="Run"/> would execute nothing.</summary>
    public bool StaysIdle => IsIdle && !Family.WillWake;

    /// <summary>True after a machine check with MSR[ME] clear: the CPU has stopped for good.</summary>
    public bool IsCheckstopped { get; private set; }

    /// <summary>When the decrementer will want to interrupt.</summary>
    public VirtualTime NextDeadline => TimeBase.NextDeadline;

    /// <summary>Instructions executed since construction.</summary>
    public long InstructionsRetired { get; private set; }

    /// <summary>The same, exact within a slice; the instruction at work is not among them.</summary>
    internal long InstructionCount => InstructionsRetired + ExecutedInSlice();

    /// <summary>Interrupts taken since construction.</summary>
    public long InterruptsTaken { get; private set; }

    /// <summary>Page walks since construction.</summary>
    public long TlbMisses => Mmu.Walks;

    /// <summary>What the engine did since construction. What CPUs share is counted by the first.</summary>
    public EngineStatistics EngineStatistics
    {
        get
        {
            EngineStatistics own = new(InterruptsTaken, Mmu.Walks, Mmu.Flushes, 0, 0, 0, 0, 0);
            return !_ownsEngine ? own : own with
            {
                Decoded = Pages.Decoded,
                Regions = Translations?.Regions ?? 0,
                Translated = Translations?.Instructions ?? 0,
                CodeBytes = Translations?.CodeBytes ?? 0,
                CodeFlushes = Translations?.Flushes ?? 0,
            };
        }
    }

    /// <summary>The CPU's instruction decoder.</summary>
    public Decoder Decoder { get; }

    /// <inheritdoc/>
    public ulong Pc
    {
        get => _s->Pc;
        set
        {
            _s->Pc = (Is64Bit ? value : (uint)value) & ~3ul;
            _s->Exit |= CpuState.ExitPcSet;
        }
    }

    /// <inheritdoc/>
    public ulong Msr
    {
        get => _s->Msr;
        set => Family.WriteMsr(value);
    }

    /// <inheritdoc/>
    public ulong Lr
    {
        get => _s->Lr;
        set => _s->Lr = Is64Bit ? value : (uint)value;
    }

    /// <summary>The state itself, for vector tests and debuggers.</summary>
    public CpuState* State => _s;

    internal MemoryMap Map { get; }

    internal Tracer Tracer { get; }

    internal PageCache Pages { get; }

    internal TranslationCache? Translations => _engine.Translations;

    /// <summary>The functions of the current mode.</summary>
    internal HandlerTable Handlers => _engine[(CpuMode)_s->Mode];

    internal CpuFamily Family { get; }

    internal SoftwareMmu Mmu => Family.Mmu;

    internal TimeBase TimeBase { get; }

    internal ISprFile Sprs => Family.Sprs;

    /// <summary>The level of the external interrupt input.</summary>
    internal bool ExternalInterrupt => _externalInterrupt;

    /// <inheritdoc/>
    public ulong ReadGpr(int index) => Is64Bit ? _s->Gpr[index] : (uint)_s->Gpr[index];

    /// <inheritdoc/>
    public void WriteGpr(int index, ulong value) => _s->Gpr[index] = Is64Bit ? value : (uint)value;

    /// <inheritdoc/>
    public bool TryTranslate(ulong effectiveAddress, bool write, out PhysicalAddress physicalAddress)
    {
        bool ok = Mmu.Probe(effectiveAddress, write, out ulong physical);
        physicalAddress = new PhysicalAddress(physical);
        return ok;
    }

    /// <summary>Drives the external interrupt input.</summary>
    public void SetExternalInterrupt(bool level)
    {
        _externalInterrupt = level;
        if (level)
        {
            _s->Exit |= CpuState.ExitResynchronize;
        }
    }

    /// <summary>Ends the current slice after the instruction at work; takes effect at once between slices.</summary>
    public void RequestStop()
    {
        if (_inSlice)
        {
            _stopRequested = true;
            _s->Exit |= CpuState.ExitResynchronize;
        }
    }

    /// <summary>
    /// Executes at most <paramref name="budget"/> instructions; fewer when the CPU idles, stops, or a device or the firmware asks.
    /// </summary>
    /// <returns>How many were executed. An instruction that raised an interrupt counts.</returns>
    public long Run(long budget)
    {
        _budget = budget;
        _s->Remaining = budget;
        _stopRequested = false;
        _inSlice = true;
        _clock.ElapsedInSlice = _elapsedInSlice;
        _clock.DeadlineMoved = _requestStop;
        long end = (_clock.Now.Nanoseconds << TimeShift) + budget;
        while (!_stopRequested && !IsCheckstopped)
        {
            Pages.FreeDropped();
            VirtualTime now = _clock.Now;
            TimeBase.Poll(now);
            Family.DeliverInterrupts();
            // Whatever was asked between instructions has been looked at now.
            _s->Exit = 0;
            if (IsIdle || _s->Remaining <= 0)
            {
                break;
            }

            // The decrementer and the performance monitor interrupt at their own instructions, wherever the caller's slices end.
            long untilDecrementer = Math.Min((TimeBase.NextDeadline - now).Nanoseconds, long.MaxValue >> TimeShift) << TimeShift;
            long untilEvent = Math.Min(untilDecrementer, Family.UntilEvent);
            _s->Held = Math.Max(0, _s->Remaining - untilEvent);
            _s->Remaining -= _s->Held;
            _s->TimeAtZero = end - _s->Held;
            _s->TimeBaseOffset = TimeBase.Offset;
            _s->InterruptWaits = Family.InterruptWaits ? (byte)1 : (byte)0;
            Dispatch();
            _failure?.Throw();
            _s->Remaining += _s->Held;
            _s->Held = 0;
        }

        _inSlice = false;
        long executed = budget - _s->Remaining;
        // The caller advances the clock by what is returned; until then the slice counts as over.
        _budget = 0;
        _s->Remaining = 0;
        if (Pages.Users > 1)
        {
            // Another CPU may store to the granule before this one runs again; losing a reservation is always allowed (Power ISA Book II 1.7.3).
            _s->ReservationValid = 0;
        }

        InstructionsRetired += executed;
        return executed;
    }

    /// <summary>
    /// Power-on reset: MSR[IP] set, everything else cleared, PC at the reset vector. Allowed inside an interceptor's call: execution
    /// goes on at the reset vector, and the slice's count stays exact.
    /// </summary>
    public void Reset()
    {
        (long remaining, long held, long current) = (_s->Remaining, _s->Held, _s->CurrentRunLength);
        Insn* at = _s->Current;
        nint managed = _s->Managed;
        NativeMemory.Clear(_s, (nuint)sizeof(CpuState));
        _s->Managed = managed;
        Attach();
        if (_inSlice)
        {
            (_s->Remaining, _s->Held, _s->CurrentRunLength) = (remaining, held, current);
            _s->Current = at;
            _s->Exit = CpuState.ExitPcSet | CpuState.ExitResynchronize;
        }

        Family.Reset();
        IsIdle = false;
        IsCheckstopped = false;
        _externalInterrupt = false;
        TimeBase.Reset();
        if (_ownsEngine)
        {
            Pages.Clear();
        }

        Family.Reload();
        Mmu.FlushAll();
        SelectContext();
    }

    /// <summary>All registers as text, for the monitor and crash reports.</summary>
    public string StateText()
    {
        StringBuilder text = new();
        if (Is64Bit)
        {
            return StateText64();
        }

        text.Append(CultureInfo.InvariantCulture, $"PC {_s->Pc:x8}  MSR {_s->Msr:x8}  LR {_s->Lr:x8}  CTR {_s->Ctr:x8}  CR {_s->GetCr():x8}  XER {_s->GetXer():x8}\n");
        for (int n = 0; n < 32; n++)
        {
            text.Append(CultureInfo.InvariantCulture, $"r{n,-2} {_s->Gpr[n]:x8}{(n % 8 == 7 ? "\n" : "  ")}");
        }

        text.Append(CultureInfo.InvariantCulture, $"SRR0 {_s->Spr[SprNumber.Srr0]:x8}  SRR1 {_s->Spr[SprNumber.Srr1]:x8}  DAR {_s->Spr[SprNumber.Dar]:x8}  DSISR {_s->Spr[SprNumber.Dsisr]:x8}  ");
        text.Append(CultureInfo.InvariantCulture, $"SDR1 {_s->Spr[SprNumber.Sdr1]:x8}  FPSCR {_s->Fpscr:x8}  TB {TimeBase.Read():x16}  DEC {TimeBase.ReadDecrementer():x8}\n");
        return text.ToString();
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Family.Settle();
        state.Bytes("gpr", new Span<byte>(_s->Gpr, 32 * sizeof(ulong)));
        state.Bytes("vsr", new Span<byte>(_s->Vsr, 128 * sizeof(ulong)));
        state.Bytes("cr", new Span<byte>(_s->Cr, 8));
        uint xer = _s->GetXer();
        state.Field("xer", ref xer);
        _s->SetXer(xer);
        state.Field("fpscr", ref _s->Fpscr);
        state.Field("fpscrHigh", ref _s->FpscrHigh);
        state.Field("vscr", ref _s->Vscr);
        state.Field("lr", ref _s->Lr);
        state.Field("ctr", ref _s->Ctr);
        state.Field("pc", ref _s->Pc);
        state.Field("msr", ref _s->Msr);
        state.Field("reservation-valid", ref _s->ReservationValid);
        state.Field("reservation-address", ref _s->ReservationAddress);
        state.Bytes("spr", new Span<byte>(_s->Spr, 1024 * sizeof(ulong)));
        state.Bytes("sr", new Span<byte>(_s->Sr, 16 * sizeof(uint)));
        bool idle = IsIdle;
        bool checkstopped = IsCheckstopped;
        state.Field("idle", ref idle);
        state.Field("checkstopped", ref checkstopped);
        state.Field("external-interrupt", ref _externalInterrupt);
        Family.Visit(state);
        state.Component("time-base", TimeBase);
        if (state.IsLoading)
        {
            IsIdle = idle;
            IsCheckstopped = checkstopped;
            Pages.Clear();
            Family.Reload();
            Mmu.FlushAll();
            SelectContext();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        Pages.FirstCode -= Mmu.ProtectCodePage;
        Pages.Emptied -= ForgetPages;
        Pages.PageDropped -= LookUp;
        Pages.Users--;
        Translation.Changed -= TranslationChanged;
        Siblings.Remove(this);
        if (_ownsTranslation)
        {
            Translation.Dispose();
        }

        if (_ownsEngine)
        {
            Pages.Dispose();
            _engine.Dispose();
        }

        Family.Dispose();
        NativeMemory.AlignedFree(_s);
        _self.Free();
    }

    /// <summary>The CPU that owns a state.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Cpu From(CpuState* s) => Unsafe.As<Cpu>(GCHandle.FromIntPtr(s->Managed).Target!);

    /// <summary>The MSR changed: other contexts, and perhaps an interrupt that may be taken now.</summary>
    internal void ContextChanged()
    {
        SelectContext();
        _s->Exit |= CpuState.ExitResynchronize;
    }

    /// <summary>From here on no instruction runs until <see cref="Wake"/>.</summary>
    internal void Wait()
    {
        IsIdle = true;
        _s->Exit |= CpuState.ExitResynchronize;
    }

    internal void Wake() => IsIdle = false;

    /// <summary>Tells the dispatcher to look at interrupts before the next instruction.</summary>
    internal void LookUp() => _s->Exit |= CpuState.ExitResynchronize;

    internal void Checkstop(ulong address)
    {
        Tracer.GuestError("cpu", $"machine check at 0x{address:x8} with MSR[ME] clear: checkstop");
        IsCheckstopped = true;
        _s->Exit |= CpuState.ExitResynchronize;
    }

    internal void MoveToMsr(Insn* i, ulong value, ulong mask) => Family.MoveToMsr(value, mask);

    internal void ReturnFromInterrupt(Insn* i, ReturnKind kind) => Family.ReturnFromInterrupt(i, kind);

    internal void SystemCall(Insn* i, int level)
    {
        ulong next = Interrupts.AddressOf(_s, i) + 4;
        _s->Pc = next;
        _s->Exit |= CpuState.ExitPcSet;
        if (Interceptor?.TryIntercept(this, level) == true)
        {
            return;
        }

        Family.SystemCall(i, next, level);
    }

    /// <summary>Tells the state what translated code needs and resets do not change.</summary>
    private void Attach()
    {
        _engine.Translations?.Attach(_s);
        _s->TimeBaseFrequency = TimeBase.Frequency;
        _s->TimeShift = TimeShift;
    }

    /// <summary>The family has set SRR0, SRR1, MSR and PC.</summary>
    internal void InterruptTaken(uint vector)
    {
        _s->Exit |= CpuState.ExitPcSet;
        InterruptsTaken++;
        if (Tracer.IsEnabled(TraceCategory.Exceptions))
        {
            string format = Is64Bit ? "x16" : "x8";
            Tracer.Write(
                TraceCategory.Exceptions,
                "cpu",
                $"interrupt 0x{vector:x3}",
                new KeyValuePair<string, string>("srr0", "0x" + _s->Spr[SprNumber.Srr0].ToString(format, CultureInfo.InvariantCulture)),
                new KeyValuePair<string, string>("srr1", "0x" + _s->Spr[SprNumber.Srr1].ToString(format, CultureInfo.InvariantCulture)));
        }

        IsIdle = false;
        SelectContext();
    }

    /// <summary>Functions of the current mode that run one instruction and return the next one.</summary>
    internal HandlerTable SingleHandlers => _engine.Single((CpuMode)_s->Mode);

    /// <summary>Keeps an exception that must not cross translated code; the run throws it.</summary>
    internal void KeepException(Exception e) => _failure = ExceptionDispatchInfo.Capture(e);

    private void SelectContext()
    {
        CpuMode mode = Family.Mode;
        if (_s->Mode != (byte)mode || _s->MissInsn == null)
        {
            _s->Mode = (byte)mode;
            _engine.Select(_s, mode);
        }

        Mmu.SelectContext();
    }

    private void ForgetPages()
    {
        Mmu.FlushAll();
        _s->PageInsns = null;
    }

    private long ExecutedInSlice() => _budget - _s->Remaining - _s->Held - (_s->Current != null ? _s->CurrentRunLength : 0);

    private long ElapsedInSlice() => ExecutedInSlice() >> TimeShift;

    private void Dispatch()
    {
        ulong pc = _s->Pc;
        CpuMode mode = (CpuMode)_s->Mode;
        FetchEntry* entry = _s->FetchTlb + (((uint)pc >> 12) & (SoftTlb.FetchEntries - 1));
        if (entry->Tag != (pc & ~0xffful))
        {
            if (!Mmu.TranslateFetch(pc, out ulong physical, out StorageFault fault))
            {
                // A fetch that faults is no instruction, but time must pass.
                _s->Remaining--;
                Family.FetchFault(pc, fault);
                return;
            }

            if (!Map.Ram.Contains(physical & ~0xffful, GuestMemory.PageSize))
            {
                StepOutsideRam(pc, physical);
                return;
            }

            Mmu.FillFetch(pc, Pages.Page(physical & ~0xffful, mode));
            entry = _s->FetchTlb + (((uint)pc >> 12) & (SoftTlb.FetchEntries - 1));
            // The walk may have written R into a page of decoded code; nothing runs in it now.
            _s->Exit = 0;
        }

        _s->PageInsns = entry->Insns;
        _s->PageEa = pc & ~0xffful;
        Insn* p = entry->Insns + (((uint)pc >> 2) & 1023);
        if (p->RunLength == 0)
        {
            Pages.DecodeRun(p);
        }

        if (_s->Remaining < p->RunLength || Family.MustStep)
        {
            Step(p);
            return;
        }

        _s->Remaining -= p->RunLength;
        while (p != null)
        {
            p = p->Handler(_s, p);
        }
    }

    /// <summary>Runs exactly one instruction, from a copy that is followed by a stop.</summary>
    private void Step(Insn* p)
    {
        if (Family.BreaksAt(_s->Pc))
        {
            _s->Remaining--;
            return;
        }

        (ulong address, ulong msr) = (_s->Pc, _s->Msr);
        CpuMode mode = (CpuMode)_s->Mode;
        long interrupts = InterruptsTaken;
        bool isBranch = IsBranch(p->Word);
        Insn* copy = _engine.StepPair(mode);
        copy[0] = *p;
        copy[0].Handler = _engine[mode][p->Opcode];
        copy[0].RunLength = 1;
        copy[1] = new Insn { Handler = _engine[mode].AfterSingle, Index = (ushort)(p->Index + 1) };
        long held = _s->Remaining - 1;
        _s->Held += held;
        _s->Remaining = 0;
        Insn* next = copy;
        while (next != null)
        {
            next = next->Handler(_s, next);
        }

        _s->Remaining += held;
        _s->Held -= held;
        if (InterruptsTaken == interrupts)
        {
            bool traced = ((msr & MsrBits.Se) != 0 || ((msr & MsrBits.Be) != 0 && isBranch)) && (_s->Msr & (MsrBits.Se | MsrBits.Be)) != 0;
            Family.Completed(address, msr, traced);
        }
    }

    /// <summary>b, bc, bclr, bcctr, bctar in all their forms, which are what MSR[BE] traces.</summary>
    private static bool IsBranch(uint word) =>
        word >> 26 is 16 or 18 || (word >> 26 == 19 && (word & 0x7fe) is (16 << 1) or (528 << 1) or (560 << 1));

    /// <summary>Code in a device's memory (SRAM, ROM): fetched word by word, never cached.</summary>
    private void StepOutsideRam(ulong pc, ulong physical)
    {
        CpuMode mode = (CpuMode)_s->Mode;
        // The 74xx's little-endian mode exchanges the words of each doubleword (PEM 3.1.4.3).
        ulong fetched = mode == CpuMode.ClassicLittle ? physical ^ 4 : physical;
        ulong word = Map.Read(new PhysicalAddress(fetched), 4, out bool answered);
        _s->Exit = 0;
        if (!answered)
        {
            _s->Remaining--;
            Family.MachineCheck(pc);
            return;
        }

        word = mode is CpuMode.Little or CpuMode.NarrowLittle ? BinaryPrimitives.ReverseEndianness((uint)word) : word;
        Insn* insn = _engine.Foreign(mode);
        *insn = default;
        Pages.DecodeSingle((uint)word, mode, ref *insn);
        insn->Index = (ushort)(((uint)pc >> 2) & 1023);
        _s->PageEa = pc & ~0xffful;
        _s->PageInsns = Pages.Page(0, mode);
        Step(insn);
    }
}
