using Firmament.PowerPC.Exceptions;
using Firmament.PowerPC.Isa;

namespace Firmament.PowerPC.State;

/// <summary>
/// mfspr and mtspr of POWER8 and POWER9 in a partition. Source: Power ISA 2.07B Book III-S 4.4.4, 3.0B Book III 4.4.4 and figure 18.
/// </summary>
/// <remarks>
/// A register that is the hypervisor's, or that does not exist, is left alone without an interrupt in supervisor state (LPCR[EVIRT] = 0),
/// except numbers 0, 4, 5 and 6.
/// </remarks>
internal sealed unsafe class PartitionSprFile : ISprFile
{
    private const byte UserRead = 1;
    private const byte UserWrite = 2;
    private const byte Read_ = 4;
    private const byte Write_ = 8;
    private const byte User = UserRead | UserWrite | Read_ | Write_;
    private const byte Supervisor = Read_ | Write_;

    // From problem state's numbers of the performance monitor to the privileged ones.
    private const int ToMachine = 16;

    private readonly Cpu _cpu;
    private readonly PartitionFamily _family;
    private readonly CpuState* _s;
    private readonly byte[] _access = new byte[1024];

    /// <summary>Lists the registers.</summary>
    public PartitionSprFile(Cpu cpu, PartitionFamily family, CpuState* state, bool isa300)
    {
        _cpu = cpu;
        _family = family;
        _s = state;
        Add(User, SprNumber.Xer, SprNumber.UserDscr, SprNumber.Lr, SprNumber.Ctr, SprNumber.UserAmr, SprNumber.Vrsave, SprNumber.Tar, SprNumber.Ppr, SprNumber.Ppr32);
        Add(User, SprNumber.Bescrs, SprNumber.BescrsUpper, SprNumber.Bescrr, SprNumber.BescrrUpper, SprNumber.Ebbhr, SprNumber.Ebbrr, SprNumber.Bescr);
        Add(UserRead | Read_, SprNumber.Ctrl, SprNumber.UserSprg3, SprNumber.TblRead, SprNumber.TbuRead);
        Add(
            Supervisor, SprNumber.Dscr, SprNumber.Dsisr, SprNumber.Dar, SprNumber.Dec, SprNumber.Srr0, SprNumber.Srr1, SprNumber.Cfar, SprNumber.Amr, SprNumber.Iamr,
            SprNumber.Fscr, SprNumber.Uamor, SprNumber.Pspb, SprNumber.Sprg0, SprNumber.Sprg0 + 1, SprNumber.Sprg0 + 2, SprNumber.Sprg3);
        Add(Read_, SprNumber.Pvr, SprNumber.Spurr, SprNumber.Purr, SprNumber.Tir, SprNumber.Pir, SprNumber.Vtb, SprNumber.InstructionCount);
        Add(Write_, SprNumber.CtrlWrite);
        if (isa300)
        {
            Add(Supervisor, SprNumber.Pid, SprNumber.Tidr, SprNumber.Psscr);
        }

        AddMonitor(UserRead | Read_, SprNumber.UserSier, SprNumber.UserMmcr1 - 2, SprNumber.UserMmcr1 - 1, SprNumber.UserMmcr1);
        for (int spr = SprNumber.UserMmcr2; spr <= SprNumber.UserPmc6; spr++)
        {
            AddMonitor(User, spr);
        }

        AddMonitor(User, SprNumber.UserMmcr0);
    }

    /// <inheritdoc/>
    public bool TryRead(Insn* i, int spr, out ulong value)
    {
        value = _s->Gpr[i->T];
        if (!Check(i, spr, UserRead, Read_, out bool exists))
        {
            return false;
        }

        if (exists)
        {
            value = Read(spr) & ReadMask(spr);
        }

        return true;
    }

    /// <inheritdoc/>
    public bool TryWrite(Insn* i, int spr, ulong value)
    {
        if (!Check(i, spr, UserWrite, Write_, out bool exists))
        {
            return false;
        }

        if (exists)
        {
            if ((_s->Msr & MsrBits.Pr) != 0)
            {
                // Problem state changes what UAMOR lets it, and some bits of the performance monitor's controls.
                ulong mask = spr == SprNumber.UserAmr ? _s->Spr[SprNumber.Uamor] : ReadMask(spr);
                value = mask == ulong.MaxValue ? value : (Read(spr) & ~mask) | (value & mask);
            }

            Write(spr, value);
        }

        return true;
    }

    /// <summary>A register's value, whatever the CPU's state.</summary>
    public ulong Read(int spr) => spr switch
    {
        SprNumber.Xer => _s->GetXer(),
        SprNumber.Lr => _s->Lr,
        SprNumber.Ctr => _s->Ctr,
        SprNumber.UserDscr => _s->Spr[SprNumber.Dscr],
        SprNumber.UserAmr => _s->Spr[SprNumber.Amr],
        SprNumber.UserSprg3 => _s->Spr[SprNumber.Sprg3],
        SprNumber.Dec => _cpu.TimeBase.DecrementerBits > 32 ? _cpu.TimeBase.ReadDecrementer() : (uint)_cpu.TimeBase.ReadDecrementer(),
        SprNumber.TblRead or SprNumber.Vtb or SprNumber.Purr or SprNumber.Spurr => _cpu.TimeBase.Read(),
        SprNumber.TbuRead => _cpu.TimeBase.Read() >> 32,
        SprNumber.Ppr32 => _s->Spr[SprNumber.Ppr] >> 32,
        SprNumber.Bescrs or SprNumber.Bescrr => _s->Spr[SprNumber.Bescr],
        SprNumber.BescrsUpper or SprNumber.BescrrUpper => _s->Spr[SprNumber.Bescr] >> 32,
        >= SprNumber.UserSier and <= SprNumber.UserMmcr1 => _family.Monitor.Read(spr + ToMachine),
        >= SprNumber.Sier and <= SprNumber.MachineMmcr1 => _family.Monitor.Read(spr),
        _ => _s->Spr[spr & 1023],
    };

    /// <summary>Sets a register as the hypervisor, or software that passed the checks, would.</summary>
    public void Write(int spr, ulong value)
    {
        switch (spr)
        {
            case SprNumber.Xer:
                _s->SetXer((uint)value);
                break;
            case SprNumber.Lr:
                _s->Lr = value;
                break;
            case SprNumber.Ctr:
                _s->Ctr = value;
                break;
            case SprNumber.UserDscr:
                _s->Spr[SprNumber.Dscr] = value;
                break;
            case SprNumber.Dsisr:
            case SprNumber.Vrsave:
                _s->Spr[spr] = (uint)value;
                break;
            case SprNumber.Dec:
                _cpu.TimeBase.WriteDecrementer(value);
                // The dispatcher must look: a request may be due now, or at another instruction than before.
                _cpu.LookUp();
                break;
            case SprNumber.Ctrl:
            case SprNumber.CtrlWrite:
                // RUN, and the state of thread 0 that follows it.
                _s->Spr[SprNumber.Ctrl] = (value & 1) | ((value & 1) << 15);
                _family.Monitor.StateChanged();
                break;
            case SprNumber.UserAmr:
            case SprNumber.Amr:
                WriteKeys(SprNumber.Amr, value);
                break;
            case SprNumber.Iamr:
                WriteKeys(SprNumber.Iamr, value);
                break;
            case SprNumber.Pid:
                _s->Spr[SprNumber.Pid] = (uint)value;
                _family.Reload();
                _cpu.ContextChanged();
                break;
            case SprNumber.Ciabr:
            case SprNumber.Dawr0:
            case SprNumber.Dawrx0:
                _s->Spr[spr] = value;
                _family.SetBreakpoints();
                break;
            case SprNumber.Ppr32:
                _s->Spr[SprNumber.Ppr] = value << 32;
                break;
            case >= SprNumber.Bescrs and <= SprNumber.BescrrUpper:
            case SprNumber.Bescr:
                WriteEvents(spr, value);
                break;
            case >= SprNumber.UserSier and <= SprNumber.UserMmcr1:
                _family.Monitor.Write(spr + ToMachine, value);
                break;
            case >= SprNumber.Sier and <= SprNumber.MachineMmcr1:
                _family.Monitor.Write(spr, value);
                break;
            case SprNumber.Pvr:
            case SprNumber.TblRead:
            case SprNumber.TbuRead:
                break;
            default:
                _s->Spr[spr & 1023] = value;
                break;
        }
    }

    private ulong ReadMask(int spr) =>
        (_s->Msr & MsrBits.Pr) != 0 && IsMonitor(spr) ? PerformanceMonitor.ProblemMask(spr + ToMachine) : ulong.MaxValue;

    private static bool IsMonitor(int spr) => spr is >= SprNumber.UserSier and <= SprNumber.UserMmcr1;

    /// <summary>BESCR itself, and its aliases that set and reset bits, of the whole or of the upper half.</summary>
    private void WriteEvents(int spr, ulong value)
    {
        ref ulong status = ref _s->Spr[SprNumber.Bescr];
        status = spr switch
        {
            SprNumber.Bescrs => status | value,
            SprNumber.BescrsUpper => status | (value << 32),
            SprNumber.Bescrr => status & ~value,
            SprNumber.BescrrUpper => status & ~(value << 32),
            _ => value,
        };
        _cpu.LookUp();
    }

    /// <summary>A register of the performance monitor: problem state's number, and the privileged one.</summary>
    private void AddMonitor(byte access, params ReadOnlySpan<int> sprs)
    {
        foreach (int spr in sprs)
        {
            _access[spr] = access;
            _access[spr + ToMachine] = Supervisor;
        }
    }

    private void Add(byte access, params ReadOnlySpan<int> sprs)
    {
        foreach (int spr in sprs)
        {
            _access[spr] = access;
        }
    }

    /// <summary>A radix address space's context carries the keys; a hashed page's permissions are in the TLB entries themselves.</summary>
    private void WriteKeys(int spr, ulong value)
    {
        if (_s->Spr[spr] == value)
        {
            return;
        }

        _s->Spr[spr] = value;
        _family.Reload();
        if (!_cpu.Translation.IsRadix)
        {
            _cpu.Mmu.Flush();
        }

        _cpu.ContextChanged();
    }

    private bool Check(Insn* i, int spr, byte user, byte supervisor, out bool exists)
    {
        bool isUser = (_s->Msr & MsrBits.Pr) != 0;
        exists = (_access[spr] & (isUser ? user : supervisor)) != 0;
        if (isUser && (spr & 0x10) != 0 && !exists)
        {
            Interrupts.Program(_s, i, ProgramReason.Privileged);
            return false;
        }

        if (spr is >= SprNumber.Tfhar and <= SprNumber.TexasrUpper)
        {
            const int TransactionalMemory = 5;
            _family.FacilityUnavailable(i, TransactionalMemory);
            return false;
        }

        if (exists && isUser && IsMonitor(spr))
        {
            if (!_family.Monitor.AllowsProblemState(spr + ToMachine))
            {
                _family.FacilityUnavailable(i, PartitionFamily.FacilityMonitor);
                return false;
            }

            exists = user != UserWrite || !_family.Monitor.IsReadOnlyToProblemState;
        }

        if (exists)
        {
            return !isUser || FacilityOf(spr) is not { } facility || _family.RequireFacility(i, facility);
        }

        if (spr is >= SprNumber.ReservedFirst and <= SprNumber.ReservedLast)
        {
            return true;
        }

        if (isUser || spr is 0 or 4 or 5 or 6)
        {
            _cpu.Tracer.GuestError("cpu", $"SPR {spr} does not exist on {_cpu.Model.Name}");
            Interrupts.Program(_s, i, ProgramReason.Illegal);
            return false;
        }

        return true;
    }

    private static int? FacilityOf(int spr) => spr switch
    {
        SprNumber.UserDscr => PartitionFamily.FacilityDscr,
        SprNumber.Tar => PartitionFamily.FacilityTar,
        >= SprNumber.Bescrs and <= SprNumber.Bescr => PartitionFamily.FacilityEbb,
        _ => null,
    };
}
