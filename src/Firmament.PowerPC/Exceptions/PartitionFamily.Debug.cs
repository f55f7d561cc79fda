using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Mmu;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Exceptions;

/// <summary>
/// Breakpoints: CIABR and the watchpoint, which the hypervisor sets for the guest (H_SET_MODE), and trace interrupts. Source: Power ISA
/// 2.07B Book III-S 10.2, 10.4 and 6.5.15.
/// </summary>
internal sealed unsafe partial class PartitionFamily
{
    private const ulong NoPage = ulong.MaxValue;

    private Watchpoint _watchpoint;
    private ulong _breakpointPage = NoPage;

    /// <summary>CIABR, DAWR0 or DAWRX0 has changed.</summary>
    public void SetBreakpoints()
    {
        const ulong Privilege = 3;
        ulong ciabr = _s->Spr[SprNumber.Ciabr];
        ulong page = (ciabr & Privilege) is 1 or 2 ? ciabr & ~0xffful : NoPage;
        if (page != _breakpointPage)
        {
            _breakpointPage = page;
            _mmu.StepPage(page);
            _cpu.LookUp();
        }

        Watchpoint before = _watchpoint;
        _watchpoint = new Watchpoint(_s->Spr[SprNumber.Dawr0], _s->Spr[SprNumber.Dawrx0]);
        if (before.IsEnabled || _watchpoint.IsEnabled)
        {
            (ulong first, ulong last) = _watchpoint.IsEnabled ? (_watchpoint.First, _watchpoint.Last) : (1, 0);
            _mmu.WatchData(first, last);
        }
    }

    /// <summary>These CPUs look at an instruction when it has completed.</summary>
    public override bool BreaksAt(ulong pc) => false;

    /// <inheritdoc/>
    public override bool Watches(Insn* i, ulong ea, int size, bool write)
    {
        if (!_watchpoint.Matches(ea, size, write, _s->Msr, out ulong at))
        {
            return false;
        }

        DataFault(i, at, new StorageFault(StorageFaultKind.Storage, Interrupts.Breakpoint | (write ? Interrupts.IsStore : 0)));
        return true;
    }

    /// <summary>SRR1[43] says that CIABR matched. A CPU that waits (H_CEDE is an instruction too) is not woken by a trace.</summary>
    public override void Completed(ulong address, ulong msr, bool traced)
    {
        const ulong IsTrace = 0x4000_0000;
        const ulong IsBreakpoint = 0x0010_0000;
        ulong wanted = (address & ~3ul) | ((msr & MsrBits.Pr) != 0 ? 1ul : 2ul);
        bool matches = _s->Spr[SprNumber.Ciabr] == wanted;
        if ((traced || matches) && !_cpu.IsIdle)
        {
            _s->Spr[SprNumber.MachineSiar] = address;
            Take(Vector.Trace, _s->Pc, IsTrace | (matches ? IsBreakpoint : 0));
        }
    }
}
