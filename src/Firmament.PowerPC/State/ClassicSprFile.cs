using Firmament.PowerPC.Exceptions;
using Firmament.PowerPC.Isa;

namespace Firmament.PowerPC.State;

/// <summary>
/// mfspr and mtspr of the registers that are more than storage. What exists, who may touch it, and what writing does.
/// Source: MPC7450 RM table 2-2 and chapter 2; MPC7400 RM for that family. Not modelled: the performance monitor and the thermal
/// assist unit keep what is written and count nothing.
/// </summary>
internal sealed unsafe class ClassicSprFile : ISprFile
{
    private readonly Cpu _cpu;
    private readonly ClassicFamily _family;
    private readonly CpuState* _s;
    private readonly bool[] _present = new bool[1024];

    /// <summary>Lists the registers of a model.</summary>
    public ClassicSprFile(Cpu cpu, ClassicFamily family, CpuState* state, CpuModel model)
    {
        _cpu = cpu;
        _family = family;
        _s = state;
        AddRange(SprNumber.Ibat0U, SprNumber.Dbat3L);
        AddRange(SprNumber.Sprg0, SprNumber.Sprg3);
        Add(
            SprNumber.Xer, SprNumber.Lr, SprNumber.Ctr, SprNumber.Dsisr, SprNumber.Dar, SprNumber.Dec, SprNumber.Sdr1, SprNumber.Srr0, SprNumber.Srr1,
            SprNumber.Vrsave, SprNumber.TblRead, SprNumber.TbuRead, SprNumber.Ear, SprNumber.TblWrite, SprNumber.TbuWrite, SprNumber.Pvr,
            SprNumber.Hid0, SprNumber.Hid1, SprNumber.Iabr, SprNumber.Dabr, SprNumber.L2Cr, SprNumber.Ictc, SprNumber.Msscr0, SprNumber.Pir,
            SprNumber.Msssr0, SprNumber.Ldstcr);
        AddPerformance(SprNumber.Mmcr2, SprNumber.Bamr, SprNumber.Mmcr0, SprNumber.Pmc1, SprNumber.Pmc2, SprNumber.Siar, SprNumber.Mmcr1, SprNumber.Pmc3, SprNumber.Pmc4);
        if (model.Is745X)
        {
            AddPerformance(SprNumber.Pmc5, SprNumber.Pmc6);
            AddRange(SprNumber.Tlbmiss, SprNumber.L3Itcr0);
            Add(SprNumber.Ictrl, SprNumber.Ldstdb, SprNumber.L3Cr);
        }
        else
        {
            AddPerformance(SprNumber.Sdar);
            AddRange(SprNumber.Thrm1, SprNumber.Thrm3);
        }

        if ((model.Features & CpuFeatures.HighBats) != 0)
        {
            // The 7455 and its successors brought these along with the high BATs.
            AddRange(SprNumber.Sprg4, SprNumber.Sprg7);
        }

        if ((model.Features & CpuFeatures.HighBats) != 0)
        {
            AddRange(SprNumber.Ibat4U, SprNumber.Dbat7L);
        }
    }

    /// <inheritdoc/>
    public bool TryRead(Insn* i, int spr, out ulong value)
    {
        value = 0;
        if (!Check(i, spr))
        {
            return false;
        }

        value = spr switch
        {
            SprNumber.Xer => _s->GetXer(),
            SprNumber.Lr => (uint)_s->Lr,
            SprNumber.Ctr => (uint)_s->Ctr,
            SprNumber.Dec => (uint)_cpu.TimeBase.ReadDecrementer(),
            SprNumber.TblRead => (uint)_cpu.TimeBase.Read(),
            SprNumber.TbuRead => (uint)(_cpu.TimeBase.Read() >> 32),
            SprNumber.TblWrite => (uint)_cpu.TimeBase.Read(),
            SprNumber.TbuWrite => (uint)(_cpu.TimeBase.Read() >> 32),
            // The user-level performance registers mirror the supervisor ones 16 above them.
            >= SprNumber.UserPerformanceFirst and <= SprNumber.UserPerformanceLast => (uint)_s->Spr[spr + 16],
            _ => (uint)_s->Spr[spr],
        };
        return true;
    }

    /// <inheritdoc/>
    public bool TryWrite(Insn* i, int spr, ulong written)
    {
        uint value = (uint)written;
        if (!Check(i, spr))
        {
            return false;
        }

        switch (spr)
        {
            case SprNumber.Xer:
                _s->SetXer(value);
                break;
            case SprNumber.Lr:
                _s->Lr = value;
                break;
            case SprNumber.Ctr:
                _s->Ctr = value;
                break;
            case SprNumber.Dec:
                _cpu.TimeBase.WriteDecrementer(value);
                // The dispatcher must look: a request may be due now, or at another instruction than before.
                _s->Exit |= CpuState.ExitResynchronize;
                break;
            case SprNumber.TblWrite:
            case SprNumber.TbuWrite:
                _cpu.TimeBase.Write(spr == SprNumber.TbuWrite, value);
                break;
            case SprNumber.Pvr:
            case SprNumber.TblRead:
            case SprNumber.TbuRead:
                // Read-only: a write does nothing on these chips.
                break;
            case SprNumber.L2Cr:
            case SprNumber.L3Cr:
            case SprNumber.Msscr0:
                WriteCacheControl(spr, value);
                break;
            case SprNumber.Iabr:
                _s->Spr[spr] = value;
                _s->Exit |= CpuState.ExitResynchronize;
                break;
            case SprNumber.Hid0:
                WriteHid0(value);
                break;
            case SprNumber.Dabr:
                _s->Spr[spr] = value;
                _cpu.Mmu.FlushAll();
                break;
            case SprNumber.Sdr1:
            case >= SprNumber.Ibat0U and <= SprNumber.Dbat3L:
            case >= SprNumber.Ibat4U and <= SprNumber.Dbat7L:
                if (_s->Spr[spr] != value)
                {
                    _s->Spr[spr] = value;
                    _family.ReloadTranslation();
                }

                break;
            case >= SprNumber.UserPerformanceFirst and <= SprNumber.UserPerformanceLast:
                break;
            default:
                _s->Spr[spr] = value;
                break;
        }

        return true;
    }

    private void Add(params ReadOnlySpan<int> sprs)
    {
        foreach (int spr in sprs)
        {
            _present[spr] = true;
        }
    }

    /// <summary>Supervisor registers with the user-level copies 16 below them.</summary>
    private void AddPerformance(params ReadOnlySpan<int> sprs)
    {
        foreach (int spr in sprs)
        {
            _present[spr] = true;
            _present[spr - 16] = true;
        }
    }

    private void AddRange(int first, int last)
    {
        for (int spr = first; spr <= last; spr++)
        {
            _present[spr] = true;
        }
    }

    /// <summary>Bit 4 of the SPR number marks supervisor registers: in user mode that is a privileged instruction, else illegal.</summary>
    private bool Check(Insn* i, int spr)
    {
        bool user = (_s->Msr & MsrBits.Pr) != 0;
        if (user && (spr & 0x10) != 0)
        {
            Interrupts.Program(_s, i, ProgramReason.Privileged);
            return false;
        }

        if (!_present[spr])
        {
            _cpu.Tracer.GuestError("cpu", $"SPR {spr} does not exist on {_cpu.Model.Name}");
            Interrupts.Program(_s, i, ProgramReason.Illegal);
            return false;
        }

        return true;
    }

    /// <summary>
    /// Invalidating and flushing complete at once, so their request and busy bits read back clear: guests poll them
    /// (MPC7450 RM 2.1.5.4, MPC7400 RM 2.1.5.3).
    /// </summary>
    private void WriteCacheControl(int spr, uint value)
    {
        const uint L2Invalidate = 0x0020_0000;
        const uint HardwareFlush = 0x0000_0800;
        const uint InProgress7400 = 1;
        const uint L3Invalidate = 0x0000_0400;
        const uint L1HardwareFlush7400 = 0x0080_0000;
        _s->Spr[spr] = value & ~(spr switch
        {
            SprNumber.L2Cr => L2Invalidate | HardwareFlush | InProgress7400,
            SprNumber.L3Cr => L3Invalidate | HardwareFlush,
            _ => _cpu.Model.Is745X ? 0 : L1HardwareFlush7400,
        });
    }

    /// <summary>HID0: cache flash invalidate bits clear themselves; HIGH_BAT_EN changes the number of BATs.</summary>
    private void WriteHid0(uint value)
    {
        const uint FlashInvalidate = 0x0000_0c00;
        const uint SoftwareTableSearch = 0x0800_0000;
        const uint ExtendedAddressing = 0x0002_0000;
        if ((value & SoftwareTableSearch) != 0 && _cpu.Model.Is745X)
        {
            _cpu.Tracer.GuestError("cpu", "HID0[STEN]: software table search is not modelled; the hardware walk stays on");
        }

        if ((value & ExtendedAddressing) != 0 && _cpu.Model.Is745X)
        {
            _cpu.Tracer.GuestError("cpu", "HID0[XAEN]: 36-bit addresses are not modelled; they stay 32 bits wide");
        }

        _s->Spr[SprNumber.Hid0] = value & ~FlashInvalidate;
        _family.ReloadTranslation();
    }
}
