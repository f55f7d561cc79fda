using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
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
using Firmament.PowerPC.State;

namespace Firmament.PowerPC;

/// <summary>
/// One PowerPC CPU: state, translation, interrupts and the engine that runs it. Not thread-safe: the machine's thread alone uses it.
/// </summary>
public sealed unsafe class Cpu : IProcessor, IStateful, IDisposable
{
    // SAFETY: unmanaged so that handlers need no pinning; freed in Dispose.
    private readonly CpuState* _s;
    private readonly Insn* _pseudo;
    private readonly HandlerTable _handlers;
    private readonly Scheduler _clock;
    private GCHandle _self;
    private bool _externalInterrupt;
    private bool _stopRequested;
    private bool _inSlice;
    private long _budget;

    /// <summary>Makes a CPU in its reset state.</summary>
    /// <param name="model">Which chip.</param>
    /// <param name="map">The physical address space.</param>
    /// <param name="clock">The machine's clock; this CPU reports the time within its slices to it.</param>
    /// <param name="tracer">For guest errors.</param>
    /// <param name="timeBaseFrequency">Time base ticks a second.</param>
    /// <param name="useTailCalls">False forces loop dispatch, for tests.</param>
    public Cpu(CpuModel model, MemoryMap map, Scheduler clock, Tracer tracer, ulong timeBaseFrequency, bool useTailCalls = true)
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
        _pseudo = (Insn*)NativeMemory.AllocZeroed((nuint)(8 * sizeof(Insn)));
        _handlers = useTailCalls ? HandlerTable.Create() : HandlerTable.CreateLoop();
        _self = GCHandle.Alloc(this);
        _s->Managed = GCHandle.ToIntPtr(_self);
        _s->MissInsn = _pseudo;
        _pseudo[0].Handler = _handlers.Miss;
        _s->FarInsn = _pseudo + 1;
        _pseudo[1].Handler = _handlers.Far;
        _s->StopInsn = _pseudo + 2;
        _pseudo[2].Handler = _handlers.Stop;
        Decoder = new Decoder(model.Features);
        Pages = new PageCache(map.Ram, Decoder, _handlers);
        Mmu = new HashMmu(_s, map.Ram);
        Pages.FirstCode = Mmu.ProtectCodePage;
        Pages.Emptied = () =>
        {
            Mmu.FlushAll();
            _s->PageInsns = null;
        };
        Pages.PageDropped = () => _s->Exit |= CpuState.ExitResynchronize;
        TimeBase = new TimeBase(clock, timeBaseFrequency);
        Sprs = new SprFile(this, _s, model);
        clock.ElapsedInSlice = ElapsedInSlice;
        clock.DeadlineMoved = RequestStop;
        Reset();
    }

    /// <summary>Which chip.</summary>
    public CpuModel Model { get; }

    /// <summary>Looks at each `sc` before the CPU vectors; null leaves them all to the guest.</summary>
    public ISystemCallInterceptor? Interceptor { get; set; }

    /// <inheritdoc/>
    public int Index => 0;

    /// <inheritdoc/>
    public bool Is64Bit => false;

    /// <summary>True while the CPU waits for an interrupt (MSR[POW]).</summary>
    public bool IsIdle { get; private set; }

    /// <summary>True after a machine check with MSR[ME] clear: the CPU has stopped for good.</summary>
    public bool IsCheckstopped { get; private set; }

    /// <summary>When the decrementer will want to interrupt.</summary>
    public VirtualTime NextDeadline => TimeBase.NextDeadline;

    /// <summary>Instructions executed since construction.</summary>
    public long InstructionsRetired { get; private set; }

    /// <summary>Interrupts taken since construction.</summary>
    public long InterruptsTaken { get; private set; }

    /// <summary>Instructions decoded since construction.</summary>
    public long InstructionsDecoded => Pages.Decoded;

    /// <summary>Page walks since construction.</summary>
    public long TlbMisses => Mmu.Walks;

    /// <summary>The CPU's instruction decoder.</summary>
    public Decoder Decoder { get; }

    /// <inheritdoc/>
    public ulong Pc
    {
        get => _s->Pc;
        set
        {
            _s->Pc = (uint)value & ~3u;
            _s->Exit |= CpuState.ExitPcSet;
        }
    }

    /// <inheritdoc/>
    public ulong Msr
    {
        get => _s->Msr;
        set => WriteMsr((uint)value);
    }

    /// <inheritdoc/>
    public ulong Lr
    {
        get => _s->Lr;
        set => _s->Lr = (uint)value;
    }

    /// <summary>The state itself, for vector tests and debuggers.</summary>
    public CpuState* State => _s;

    internal MemoryMap Map { get; }

    internal Tracer Tracer { get; }

    internal PageCache Pages { get; }

    internal HashMmu Mmu { get; }

    internal TimeBase TimeBase { get; }

    internal SprFile Sprs { get; }

    /// <inheritdoc/>
    public ulong ReadGpr(int index) => (uint)_s->Gpr[index];

    /// <inheritdoc/>
    public void WriteGpr(int index, ulong value) => _s->Gpr[index] = (uint)value;

    /// <inheritdoc/>
    public bool TryTranslate(ulong effectiveAddress, bool write, out PhysicalAddress physicalAddress)
    {
        ulong physical = 0;
        bool ok = effectiveAddress <= uint.MaxValue && Mmu.Probe((uint)effectiveAddress, write, out physical);
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
        while (!_stopRequested && !IsCheckstopped)
        {
            Pages.FreeDropped();
            VirtualTime now = _clock.Now;
            TimeBase.Poll(now);
            DeliverInterrupts();
            // Whatever was asked between instructions has been looked at now.
            _s->Exit = 0;
            if (IsIdle || _s->Remaining <= 0)
            {
                break;
            }

            // The decrementer interrupts at its own instruction, wherever the caller's slices end.
            long untilDecrementer = (TimeBase.NextDeadline - now).Nanoseconds;
            _s->Held = Math.Max(0, _s->Remaining - untilDecrementer);
            _s->Remaining -= _s->Held;
            Dispatch();
            _s->Remaining += _s->Held;
            _s->Held = 0;
        }

        _inSlice = false;
        long executed = budget - _s->Remaining;
        // The caller advances the clock by what is returned; until then the slice counts as over.
        _budget = 0;
        _s->Remaining = 0;
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
        Insn* miss = _s->MissInsn;
        Insn* far = _s->FarInsn;
        Insn* stop = _s->StopInsn;
        NativeMemory.Clear(_s, (nuint)sizeof(CpuState));
        _s->Managed = managed;
        _s->MissInsn = miss;
        _s->FarInsn = far;
        _s->StopInsn = stop;
        if (_inSlice)
        {
            (_s->Remaining, _s->Held, _s->CurrentRunLength) = (remaining, held, current);
            _s->Current = at;
            _s->Exit = CpuState.ExitPcSet | CpuState.ExitResynchronize;
        }

        _s->Msr = MsrBits.Ip;
        _s->Pc = 0xfff0_0100;
        _s->Spr[SprNumber.Pvr] = Model.Pvr;
        _s->Spr[SprNumber.Hid1] = 0x7000_0000;
        IsIdle = false;
        IsCheckstopped = false;
        _externalInterrupt = false;
        TimeBase.Reset();
        Pages.Clear();
        ReloadTranslation();
        Mmu.FlushAll();
        Mmu.SelectContext();
    }

    /// <summary>All registers as text, for the monitor and crash reports.</summary>
    public string StateText()
    {
        StringBuilder text = new();
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
        state.Component("time-base", TimeBase);
        if (state.IsLoading)
        {
            IsIdle = idle;
            IsCheckstopped = checkstopped;
            Pages.Clear();
            ReloadTranslation();
            Mmu.FlushAll();
            Mmu.SelectContext();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Pages.Dispose();
        Mmu.Dispose();
        _handlers.Dispose();
        NativeMemory.AlignedFree(_s);
        NativeMemory.Free(_pseudo);
        _self.Free();
    }

    /// <summary>The CPU that owns a state.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Cpu From(CpuState* s) => Unsafe.As<Cpu>(GCHandle.FromIntPtr(s->Managed).Target!);

    /// <summary>mtmsr and rfi: stores the bits this CPU has, and switches contexts.</summary>
    internal void WriteMsr(uint value)
    {
        _s->Msr = value & MsrBits.Implemented74xx & ~MsrBits.Pow;
        Mmu.SelectContext();
        _s->Exit |= CpuState.ExitResynchronize;
        // HID0[NAP | SLEEP], and DOZE on the 7400 family: without one of them POW has no effect (MPC7450 RM 2.1.5.1). The bit that
        // is DOZE there enables the high BATs here.
        uint powerModes = Model.Is745X ? 0x0060_0000u : 0x00e0_0000u;
        if ((value & MsrBits.Pow) != 0 && (_s->Spr[SprNumber.Hid0] & powerModes) != 0)
        {
            IsIdle = true;
        }
    }

    internal void ReturnFromInterrupt()
    {
        uint srr1 = (uint)_s->Spr[SprNumber.Srr1];
        uint msr = (uint)_s->Msr & ~(Interrupts.SavedMsr | (uint)MsrBits.Pow);
        _s->Pc = (uint)_s->Spr[SprNumber.Srr0] & ~3u;
        _s->Exit |= CpuState.ExitPcSet;
        WriteMsr(msr | (srr1 & Interrupts.SavedMsr));
    }

    internal void SystemCall(Insn* i, int level)
    {
        ulong next = Interrupts.AddressOf(_s, i) + 4;
        _s->Pc = (uint)next;
        _s->Exit |= CpuState.ExitPcSet;
        if (Interceptor?.TryIntercept(this, level) == true)
        {
            return;
        }

        Interrupts.Take(_s, Vector.SystemCall, next, 0);
    }

    internal void InterruptTaken(uint vector, ulong msr)
    {
        InterruptsTaken++;
        if (Tracer.IsEnabled(TraceCategory.Exceptions))
        {
            Tracer.Write(
                TraceCategory.Exceptions,
                "cpu",
                $"interrupt 0x{vector:x3}",
                new KeyValuePair<string, string>("srr0", $"0x{_s->Spr[SprNumber.Srr0]:x8}"),
                new KeyValuePair<string, string>("srr1", $"0x{_s->Spr[SprNumber.Srr1]:x8}"));
        }

        IsIdle = false;
        _s->Msr = msr;
        Mmu.SelectContext();
    }

    internal void MachineCheck(ulong address)
    {
        if ((_s->Msr & MsrBits.Me) == 0)
        {
            Tracer.GuestError("cpu", $"machine check at 0x{address:x8} with MSR[ME] clear: checkstop");
            IsCheckstopped = true;
            _s->Exit |= CpuState.ExitResynchronize;
            return;
        }

        // SRR1 bit 13: transfer error acknowledge (MPC7450 RM table 4-8).
        Interrupts.Take(_s, Vector.MachineCheck, address, 0x0004_0000);
    }

    internal void ReloadTranslation()
    {
        const uint HighBatEnable = 0x0080_0000;
        bool high = (Model.Features & CpuFeatures.HighBats) != 0 && (_s->Spr[SprNumber.Hid0] & HighBatEnable) != 0;
        const uint ExtendedBlockSize = 0x0000_0100;
        bool extended = (Model.Features & CpuFeatures.HighBats) != 0 && (_s->Spr[SprNumber.Hid0] & ExtendedBlockSize) != 0;
        Mmu.ReloadRegisters(high, extended);
    }

    private long ElapsedInSlice() => _budget - _s->Remaining - _s->Held - (_s->Current != null ? _s->CurrentRunLength : 0);

    private void DeliverInterrupts()
    {
        bool decrementer = TimeBase.DecrementerPending;
        if (!_externalInterrupt && !decrementer)
        {
            DeliverEnabledException();
            return;
        }

        // A CPU in nap wakes for an interrupt whether or not EE lets it be taken.
        IsIdle = false;
        if ((_s->Msr & MsrBits.Ee) == 0)
        {
            DeliverEnabledException();
            return;
        }

        if (_externalInterrupt)
        {
            Interrupts.Take(_s, Vector.External, _s->Pc, 0);
        }
        else
        {
            TimeBase.AcknowledgeDecrementer();
            Interrupts.Take(_s, Vector.Decrementer, _s->Pc, 0);
        }
    }

    /// <summary>
    /// rfi or mtmsr that sets FE0 or FE1 while FPSCR[FEX] stands: the program interrupt comes before the next instruction, and SRR1[15]
    /// says that SRR0 points past the cause (PEM 6.4.7).
    /// </summary>
    private void DeliverEnabledException()
    {
        const uint Fex = 0x4000_0000;
        const uint PointsPast = 0x0001_0000;
        if ((_s->Msr & (MsrBits.Fe0 | MsrBits.Fe1)) != 0 && (_s->Msr & MsrBits.Fp) != 0 && (_s->Fpscr & Fex) != 0)
        {
            Interrupts.Take(_s, Vector.Program, _s->Pc, (uint)ProgramReason.FloatingPoint | PointsPast);
        }
    }

    private void Dispatch()
    {
        uint pc = (uint)_s->Pc;
        FetchEntry* entry = _s->FetchTlb + ((pc >> 12) & 255);
        if (entry->Tag != (pc & 0xffff_f000))
        {
            if (!Mmu.TranslateFetch(pc, out ulong physical, out uint srr1))
            {
                // A fetch that faults is no instruction, but time must pass.
                _s->Remaining--;
                Interrupts.Take(_s, Vector.InstructionStorage, pc, srr1);
                return;
            }

            if (!Map.Ram.Contains(physical & ~0xffful, GuestMemory.PageSize))
            {
                StepOutsideRam(pc, physical);
                return;
            }

            Mmu.FillFetch(pc, Pages.Page(physical & ~0xffful, (_s->Msr & MsrBits.Le) != 0));
            entry = _s->FetchTlb + ((pc >> 12) & 255);
            // The walk may have written R into a page of decoded code; nothing runs in it now.
            _s->Exit = 0;
        }

        _s->PageInsns = entry->Insns;
        _s->PageEa = pc & 0xffff_f000;
        Insn* p = entry->Insns + ((pc >> 2) & 1023);
        if (p->RunLength == 0)
        {
            Pages.DecodeRun(p);
        }

        const ulong SingleStep = MsrBits.Se | MsrBits.Be;
        const uint BreakpointEnabled = 2;
        if (_s->Remaining < p->RunLength || (_s->Msr & SingleStep) != 0 || (_s->Spr[SprNumber.Iabr] & BreakpointEnabled) != 0)
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
        uint pc = (uint)_s->Pc;
        uint iabr = (uint)_s->Spr[SprNumber.Iabr];
        if ((iabr & 2) != 0 && (iabr & ~3u) == pc && ((iabr & 1) != 0) == ((_s->Msr & MsrBits.Ir) != 0))
        {
            _s->Remaining--;
            Interrupts.Take(_s, Vector.InstructionAddressBreakpoint, pc, 0);
            return;
        }

        ulong msr = _s->Msr;
        long interrupts = InterruptsTaken;
        bool isBranch = IsBranch(p->Word);
        Insn* copy = _pseudo + 4;
        copy[0] = *p;
        copy[0].RunLength = 1;
        copy[1] = new Insn { Handler = _handlers.AfterSingle, Index = (ushort)(p->Index + 1) };
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
        if (InterruptsTaken == interrupts && ((msr & MsrBits.Se) != 0 || ((msr & MsrBits.Be) != 0 && isBranch)) && (_s->Msr & (MsrBits.Se | MsrBits.Be)) != 0)
        {
            Interrupts.Take(_s, Vector.Trace, _s->Pc, 0);
        }
    }

    /// <summary>b, bc, bclr, bcctr in all their forms, which are what MSR[BE] traces.</summary>
    private static bool IsBranch(uint word) =>
        word >> 26 is 16 or 18 || (word >> 26 == 19 && (word & 0x7fe) is (16 << 1) or (528 << 1));

    /// <summary>Code in a device's memory (SRAM, ROM): fetched word by word, never cached.</summary>
    private void StepOutsideRam(uint pc, ulong physical)
    {
        // Little-endian mode exchanges the words of each doubleword (PEM 3.1.4.3).
        ulong fetched = (_s->Msr & MsrBits.Le) != 0 ? physical ^ 4 : physical;
        ulong word = Map.Read(new PhysicalAddress(fetched), 4, out bool answered);
        _s->Exit = 0;
        if (!answered)
        {
            _s->Remaining--;
            MachineCheck(pc);
            return;
        }

        Insn* insn = _pseudo + 6;
        *insn = default;
        Pages.DecodeSingle((uint)word, ref *insn);
        insn->Index = (ushort)((pc >> 2) & 1023);
        _s->PageEa = pc & 0xffff_f000;
        _s->PageInsns = Pages.Page(0, false);
        Step(insn);
    }
}
