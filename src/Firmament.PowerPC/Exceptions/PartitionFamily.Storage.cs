using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Mmu;
using Firmament.PowerPC.Mmu.Book3S;
using Firmament.PowerPC.Semantics;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Exceptions;

/// <summary>SLB and TLB management, doorbells. Source: Power ISA 3.0B Book III 5.9, 10.</summary>
internal sealed unsafe partial class PartitionFamily
{
    /// <summary>The instructions on the SLB.</summary>
    public void SegmentLookaside(Insn* i, SlbOperation operation, int register, ulong rb)
    {
        Slb slb = _mmu.Slb;
        switch (operation)
        {
            case SlbOperation.MoveTo:
                if (!slb.TryWrite(_s->Gpr[register], rb))
                {
                    Interrupts.Program(_s, i, ProgramReason.Illegal);
                }

                break;
            case SlbOperation.Invalidate:
                InvalidateSegment(rb);
                break;
            case SlbOperation.InvalidateGlobal:
                foreach (Cpu cpu in _cpu.Siblings)
                {
                    (cpu.Family as PartitionFamily)?.InvalidateSegment(rb);
                }

                break;
            case SlbOperation.InvalidateAll:
                slb.InvalidateAll((int)rb, _isa300);
                _mmu.Flush();
                break;
            case SlbOperation.ReadEsid:
                _s->Gpr[register] = slb.ReadEsid(rb);
                break;
            case SlbOperation.ReadVsid:
                _s->Gpr[register] = slb.ReadSegment(rb);
                break;
            default:
                bool found = slb.TryFind(rb, out ulong segment);
                _s->Gpr[register] = found ? segment : 0;
                _s->Cr[0] = (byte)((found ? 2 : 0) | _s->XerSo);
                break;
        }
    }

    /// <summary>
    /// tlbie and tlbiel. A guest may use tlbie only where the hypervisor gave it the right (LPCR[GTSE]); else it is the hypervisor's.
    /// RB: the page in 0:51, IS in 52:53, AP in 56:58; RS[0:31] the process.
    /// </summary>
    public void InvalidateTranslation(Insn* i, ulong rb, ulong rs, int ric, bool isLocal)
    {
        const int PageWalkCache = 1;
        if (!isLocal && !_cpu.Translation.GuestInvalidates && (_lpcr & GuestTlbie) == 0)
        {
            Interrupts.Program(_s, i, ProgramReason.Privileged);
            return;
        }

        if (ric == PageWalkCache)
        {
            // No page walk cache is kept.
            return;
        }

        if (isLocal)
        {
            Invalidate(rb, rs);
            return;
        }

        foreach (Cpu cpu in _cpu.Siblings)
        {
            (cpu.Family as PartitionFamily)?.Invalidate(rb, rs);
        }
    }

    /// <summary>msgsndp, msgclrp: message type 5 to the thread of this core whose number is in the low 7 bits; one that does not exist hears nothing.</summary>
    public void Doorbell(ulong message, bool send)
    {
        const ulong ToThread = 5;
        ulong thread = message & 0x7f;
        if (((message >> 27) & 31) != ToThread || thread >= (ulong)_cpu.ThreadsPerCore)
        {
            return;
        }

        int target = _cpu.Index - _cpu.Thread + (int)thread;
        foreach (Cpu cpu in _cpu.Siblings)
        {
            if (cpu.Index == target && cpu.Family is PartitionFamily family)
            {
                family._doorbell = send;
                cpu.LookUp();
            }
        }
    }

    private void InvalidateSegment(ulong rb)
    {
        const ulong SizeField = 0x0600_0000;
        bool terabyte = (rb & SizeField) != 0;
        _mmu.Slb.Invalidate(rb);
        _mmu.InvalidateRange(rb, terabyte ? ulong.MaxValue << 40 : ulong.MaxValue << 28);
    }

    private void Invalidate(ulong rb, ulong rs)
    {
        if (!_cpu.Translation.IsRadix)
        {
            _mmu.Flush();
            return;
        }

        switch ((rb >> 10) & 3)
        {
            case 0:
                int shift = ((rb >> 5) & 7) switch { 0 => 12, 5 => 16, 1 => 21, 2 => 30, _ => 63 };
                _mmu.InvalidateRange(rb, ulong.MaxValue << shift);
                break;
            case 1:
                _mmu.FlushProcess(rs >> 32);
                break;
            default:
                _mmu.Flush();
                break;
        }
    }
}
