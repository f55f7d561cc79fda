using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.PowerPC.Interpreter;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Mmu;
using Firmament.PowerPC.Semantics;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Exceptions;

/// <summary>
/// POWER8 and POWER9 as a logical partition sees them: Book III-S without hypervisor state. Source: Power ISA 2.07B Book III-S and 3.0B
/// Book III, chapters 3 to 7.
/// </summary>
/// <remarks>
/// Not modelled: external event-based branches, transactional memory. The machine's interceptor stands for the hypervisor.
/// </remarks>
internal sealed unsafe partial class PartitionFamily : CpuFamily
{
    /// <summary>FSCR bit number, and cause, of the DSCR.</summary>
    public const int FacilityDscr = 2;

    /// <summary>Cause of a performance monitor register that MMCR0[PMCC] keeps from problem state.</summary>
    public const int FacilityMonitor = 3;

    /// <summary>Of event-based branches.</summary>
    public const int FacilityEbb = 7;

    /// <summary>Of the target address register.</summary>
    public const int FacilityTar = 8;

    /// <summary>Of scv.</summary>
    public const int FacilityScv = 12;

    private const ulong Ail = 0x0180_0000;
    private const ulong InterruptLittleEndian = 0x0200_0000;
    private const ulong LargeDecrementer = 0x0002_0000;
    private const ulong GuestTlbie = 0x400;

    // SRR1 bits that say why, and that rfid leaves alone: 33:36 and 42:47.
    private const ulong CauseBits = 0x783f_0000;

    private readonly Cpu _cpu;
    private readonly CpuState* _s;
    private readonly Book3SMmu _mmu;
    private readonly PartitionSprFile _sprs;
    private readonly bool _isa300;
    private ulong _lpcr;
    private bool _doorbell;
    private bool _systemReset;
    private bool _prodded;
    private bool _ceded;
    private bool _stopped;

    /// <summary>Makes the parts of a CPU of a partition.</summary>
    public PartitionFamily(Cpu cpu, CpuState* state, GuestMemory ram)
    {
        _cpu = cpu;
        _s = state;
        _isa300 = (cpu.Model.Features & CpuFeatures.Isa300) != 0;
        _mmu = new Book3SMmu(state, ram, cpu.Translation);
        Monitor = new PerformanceMonitor(cpu, state);
        _sprs = new PartitionSprFile(cpu, this, state, _isa300);
    }

    /// <inheritdoc/>
    public override SoftwareMmu Mmu => _mmu;

    /// <summary>The same, with what only this family has.</summary>
    public Book3SMmu Tlb => _mmu;

    /// <inheritdoc/>
    public override ISprFile Sprs => _sprs;

    /// <summary>Registers by number for the hypervisor.</summary>
    public PartitionSprFile Registers => _sprs;

    /// <inheritdoc/>
    public override CpuMode Mode => (_s->Msr & (MsrBits.Sf | MsrBits.Le)) switch
    {
        MsrBits.Sf => CpuMode.Big,
        MsrBits.Sf | MsrBits.Le => CpuMode.Little,
        MsrBits.Le => CpuMode.NarrowLittle,
        _ => CpuMode.NarrowBig,
    };

    /// <inheritdoc/>
    public override bool MustStep => (_s->Msr & (MsrBits.Se | MsrBits.Be)) != 0 || (_s->Pc & ~0xffful) == _breakpointPage;

    /// <summary>LPCR. The hypervisor's: hypercalls change it.</summary>
    public ulong Lpcr
    {
        get => _lpcr;
        set
        {
            _lpcr = value;
            _cpu.TimeBase.DecrementerBits = _isa300 && (value & LargeDecrementer) != 0 ? 56 : 32;
            _mmu.FlushAll();
            _cpu.ContextChanged();
        }
    }

    /// <inheritdoc/>
    public override bool WillWake => !_stopped && (_cpu.ExternalInterrupt || _doorbell || _systemReset || _cpu.TimeBase.DecrementerPending || Monitor.IsPending);

    /// <summary>True until started.</summary>
    public bool IsStopped => _stopped;

    /// <summary>True while it waits in H_CEDE.</summary>
    public bool IsCeded => _ceded;

    /// <summary>Nothing runs until <see cref="Start"/>.</summary>
    public void Stop()
    {
        _stopped = true;
        _ceded = false;
        _cpu.Wait();
    }

    /// <summary>Runs from a logical real address in 64-bit big-endian mode.</summary>
    public void Start(ulong pc, ulong r3)
    {
        _stopped = _ceded = _prodded = _doorbell = _systemReset = false;
        _s->Gpr[3] = r3;
        _cpu.Wake();
        WriteMsr(MsrBits.Sf | MsrBits.Me);
        _cpu.Pc = pc;
        _cpu.RequestStop();
    }

    /// <summary>H_CEDE.</summary>
    public void Cede()
    {
        _s->Msr |= MsrBits.Ee;
        _cpu.LookUp();
        if (_prodded)
        {
            _prodded = false;
            return;
        }

        _ceded = true;
        _cpu.Wait();
    }

    /// <summary>H_PROD.</summary>
    public void Prod()
    {
        if (_ceded)
        {
            _ceded = false;
            _cpu.Wake();
            return;
        }

        _prodded = true;
    }

    /// <summary>H_SIGNAL_SYS_RESET.</summary>
    public void SystemReset()
    {
        _systemReset = true;
        _cpu.LookUp();
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        _lpcr = 0;
        _doorbell = _systemReset = _prodded = _ceded = _stopped = false;
        _cpu.TimeBase.DecrementerBits = 32;
        _s->Msr = MsrBits.Sf | MsrBits.Me;
        _s->Pc = Vector.SystemReset;
        _s->XerHasWordBits = (byte)(_isa300 ? 1 : 0);
        _s->Spr[SprNumber.Pvr] = _cpu.Model.Pvr;
        _s->Spr[SprNumber.Pir] = (ulong)_cpu.Index;
        _s->Spr[SprNumber.Tir] = (ulong)_cpu.Thread;
        _s->Spr[SprNumber.Ctrl] = 1;
        Monitor.Reset();
        _mmu.Slb.Reset();
    }

    /// <inheritdoc/>
    public override void Reload()
    {
        _mmu.Registers.Pid = _s->Spr[SprNumber.Pid];
        _mmu.Registers.Amr = _s->Spr[SprNumber.Amr];
        _mmu.Registers.Iamr = _s->Spr[SprNumber.Iamr];
        SetBreakpoints();
        Monitor.Reload();
    }

    /// <inheritdoc/>
    public override void Visit(StateVisitor state)
    {
        state.Field("lpcr", ref _lpcr);
        state.Field("doorbell", ref _doorbell);
        state.Field("system-reset", ref _systemReset);
        state.Field("prodded", ref _prodded);
        state.Field("ceded", ref _ceded);
        state.Field("stopped", ref _stopped);
        state.Component("slb", _mmu.Slb);
        if (state.IsLoading)
        {
            _cpu.TimeBase.DecrementerBits = _isa300 && (_lpcr & LargeDecrementer) != 0 ? 56 : 32;
        }
    }

    /// <inheritdoc/>
    public override void WriteMsr(ulong value)
    {
        value &= MsrBits.ImplementedPartition;
        // Problem state never runs with interrupts or relocation off (3.0B Book III 4.4.4).
        SetMsr((value & MsrBits.Pr) != 0 ? value | MsrBits.Ee | MsrBits.Ir | MsrBits.Dr : value);
        _cpu.ContextChanged();
    }

    /// <summary>mtmsr and mtmsrd change neither ME nor LE.</summary>
    public override void MoveToMsr(ulong value, ulong mask)
    {
        mask &= ~(MsrBits.Me | MsrBits.Le);
        WriteMsr((_s->Msr & ~mask) | (value & mask));
    }

    /// <inheritdoc/>
    public override void ReturnFromInterrupt(Insn* i, ReturnKind kind)
    {
        if (kind is ReturnKind.Rfebb or ReturnKind.RfebbEnabling)
        {
            ReturnFromEvent(i, kind == ReturnKind.RfebbEnabling);
            return;
        }

        ulong saved = kind == ReturnKind.Rfscv ? _s->Ctr : _s->Spr[SprNumber.Srr1];
        ulong to = kind == ReturnKind.Rfscv ? _s->Lr : _s->Spr[SprNumber.Srr0];
        ulong kept = CauseBits | MsrBits.Me;
        WriteMsr((_s->Msr & kept) | (saved & ~kept));
        _s->Pc = ((_s->Msr & MsrBits.Sf) != 0 ? to : (uint)to) & ~3ul;
        _s->Exit |= CpuState.ExitPcSet;
    }

    /// <inheritdoc/>
    public override void Take(uint vector, ulong returnAddress, ulong srr1)
    {
        _s->Spr[SprNumber.Srr0] = returnAddress;
        _s->Spr[SprNumber.Srr1] = (_s->Msr & ~CauseBits) | srr1;
        ulong msr = MsrBits.Sf | (_s->Msr & MsrBits.Me) | ((_lpcr & InterruptLittleEndian) != 0 ? MsrBits.Le : 0);
        ulong address = vector switch
        {
            Vector.SystemReset => _cpu.NonMaskableHandlers?.BeginSystemReset(_cpu) ?? vector,
            Vector.MachineCheck => _cpu.NonMaskableHandlers?.BeginMachineCheck(_cpu) ?? vector,
            _ => AlternateLocation(ref msr) + vector,
        };
        Enter(vector, address, msr);
    }

    /// <inheritdoc/>
    public override void DataFault(Insn* i, ulong ea, StorageFault fault)
    {
        _s->Spr[SprNumber.Dar] = ea;
        if (fault.Kind == StorageFaultKind.Segment)
        {
            Take(Vector.DataSegment, Interrupts.AddressOf(_s, i), 0);
            return;
        }

        _s->Spr[SprNumber.Dsisr] = fault.Bits;
        Take(Vector.DataStorage, Interrupts.AddressOf(_s, i), 0);
    }

    /// <inheritdoc/>
    public override void FetchFault(ulong pc, StorageFault fault) =>
        Take(fault.Kind == StorageFaultKind.Segment ? Vector.InstructionSegment : Vector.InstructionStorage, pc, fault.Bits);

    /// <summary>DSISR stays as it is: POWER8 and later do not describe the instruction there.</summary>
    public override void Alignment(Insn* i, ulong ea)
    {
        _s->Spr[SprNumber.Dar] = ea;
        _s->Spr[SprNumber.Dsisr] = 0;
        Take(Vector.Alignment, Interrupts.AddressOf(_s, i), 0);
    }

    /// <summary>SRR1[42]: caused by a load or store (POWER9 Processor User's Manual 4.9.7).</summary>
    public override void MachineCheck(ulong address)
    {
        if ((_s->Msr & MsrBits.Me) == 0)
        {
            _cpu.Checkstop(address);
            return;
        }

        if (_cpu.NonMaskableHandlers?.MayBegin(_cpu) == false)
        {
            // Another CPU's has the place where logs go; this instruction is tried again when that CPU has had a turn.
            _s->Pc = address;
            _s->Exit |= CpuState.ExitPcSet;
            _cpu.RequestStop();
            return;
        }

        Take(Vector.MachineCheck, address, 0x0020_0000);
    }

    /// <summary>
    /// Level 1 that no hypervisor served is refused as a privileged instruction, as KVM does for radix guests in problem state; level 0 is
    /// the operating system's.
    /// </summary>
    public override void SystemCall(Insn* i, ulong next, int level)
    {
        if (level == 1)
        {
            Interrupts.Program(_s, i, ProgramReason.Privileged);
            return;
        }

        Take(Vector.SystemCall, next, 0);
    }

    /// <summary>scv: LR and CTR take the place of SRR0 and SRR1; EE and RI stay.</summary>
    public void SystemCallVectored(Insn* i, int level)
    {
        if (!RequireFacility(i, FacilityScv))
        {
            return;
        }

        _s->Lr = Interrupts.AddressOf(_s, i) + 4;
        _s->Ctr = _s->Msr & ~CauseBits;
        ulong msr = MsrBits.Sf | (_s->Msr & (MsrBits.Me | MsrBits.Ee | MsrBits.Ri)) | ((_lpcr & InterruptLittleEndian) != 0 ? MsrBits.Le : 0);
        ulong address = AlternateLocation(ref msr) != 0 ? 0xc000_0000_0000_3000ul : 0x1_7000ul;
        Enter(Vector.SystemCallVectored, address + ((ulong)level << 5), msr);
    }

    /// <summary>False after a facility unavailable interrupt: FSCR does not allow problem state the facility.</summary>
    public bool RequireFacility(Insn* i, int facility)
    {
        bool user = (_s->Msr & MsrBits.Pr) != 0;
        if ((!user && facility != FacilityScv) || (_s->Spr[SprNumber.Fscr] >> facility & 1) != 0)
        {
            return true;
        }

        FacilityUnavailable(i, facility);
        return false;
    }

    /// <summary>Facility unavailable: FSCR[0:7] says which.</summary>
    public void FacilityUnavailable(Insn* i, int cause)
    {
        _s->Spr[SprNumber.Fscr] = (_s->Spr[SprNumber.Fscr] & (ulong.MaxValue >> 8)) | ((ulong)cause << 56);
        Take(Vector.FacilityUnavailable, Interrupts.AddressOf(_s, i), 0);
    }

    /// <inheritdoc/>
    public override void DeliverInterrupts()
    {
        if (_stopped)
        {
            return;
        }

        PollMonitor();
        bool decrementer = _cpu.TimeBase.DecrementerPending;
        if (!_cpu.ExternalInterrupt && !decrementer && !_doorbell && !_systemReset && !Monitor.IsPending)
        {
            DeliverEnabledException();
            return;
        }

        _ceded = false;
        _cpu.Wake();
        if (_systemReset)
        {
            _systemReset = false;
            Take(Vector.SystemReset, _s->Pc, 0);
        }
        else if ((_s->Msr & MsrBits.Ee) == 0)
        {
            DeliverEnabledException();
        }
        else if (_cpu.ExternalInterrupt)
        {
            Take(Vector.External, _s->Pc, 0);
        }
        else if (decrementer)
        {
            Take(Vector.Decrementer, _s->Pc, 0);
        }
        else if (Monitor.IsPending)
        {
            Take(Vector.PerformanceMonitor, _s->Pc, 0);
        }
        else
        {
            _doorbell = false;
            Take(Vector.Doorbell, _s->Pc, 0);
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => _mmu.Dispose();

    private void Enter(uint vector, ulong address, ulong msr)
    {
        _s->Pc = address;
        SetMsr(msr);
        _cpu.InterruptTaken(vector);
    }

    private void SetMsr(ulong value)
    {
        ulong changed = _s->Msr ^ value;
        _s->Msr = value;
        if ((changed & (MsrBits.Pr | MsrBits.Pm)) != 0)
        {
            Monitor.StateChanged();
        }
    }

    /// <summary>
    /// LPCR[AIL]: with relocation on, interrupts that keep it on go to an alternate location (3.0B Book III 2.2, 6.4.2).
    /// </summary>
    private ulong AlternateLocation(ref ulong msr)
    {
        const ulong Relocation = MsrBits.Ir | MsrBits.Dr;
        ulong ail = (_lpcr & Ail) >> 23;
        if (ail < 2 || (_s->Msr & Relocation) != Relocation)
        {
            return 0;
        }

        msr |= Relocation;
        return ail == 2 ? 0x1_8000ul : 0xc000_0000_0000_4000ul;
    }

    /// <summary>An enabled floating-point exception that stands when FE0 or FE1 is set; SRR1[47] says that SRR0 points past the cause.</summary>
    private void DeliverEnabledException()
    {
        const uint Fex = 0x4000_0000;
        const uint PointsPast = 0x0001_0000;
        if ((_s->Msr & (MsrBits.Fe0 | MsrBits.Fe1)) != 0 && (_s->Msr & MsrBits.Fp) != 0 && (_s->Fpscr & Fex) != 0 && !_cpu.IsIdle)
        {
            Take(Vector.Program, _s->Pc, (uint)ProgramReason.FloatingPoint | PointsPast);
        }
    }
}
