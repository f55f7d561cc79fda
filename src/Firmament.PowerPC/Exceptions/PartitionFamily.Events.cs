using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Exceptions;

/// <summary>
/// Event-based branches: a problem-state program's own interrupts, of which the performance monitor's is the one there is. Source: Power ISA
/// 2.07B Book II chapter 7.
/// </summary>
internal sealed unsafe partial class PartitionFamily
{
    // BESCR.
    private const ulong GlobalEnable = 1ul << 63;
    private const ulong MonitorEnable = 1ul << 32;
    private const ulong MonitorOccurred = 1;

    /// <summary>The performance monitor.</summary>
    public PerformanceMonitor Monitor { get; }

    /// <inheritdoc/>
    public override long UntilEvent => Monitor.UntilAlert;

    /// <inheritdoc/>
    public override void Settle() => Monitor.Settle();

    /// <summary>rfebb: goes on where the event-based branch came from, with others allowed or not.</summary>
    private void ReturnFromEvent(Insn* i, bool enable)
    {
        if (!RequireFacility(i, FacilityEbb))
        {
            return;
        }

        _s->Spr[SprNumber.Bescr] = (_s->Spr[SprNumber.Bescr] & ~GlobalEnable) | (enable ? GlobalEnable : 0);
        ulong to = _s->Spr[SprNumber.Ebbrr] & ~3ul;
        _s->Pc = (_s->Msr & MsrBits.Sf) != 0 ? to : (uint)to;
        _s->Exit |= CpuState.ExitPcSet | CpuState.ExitResynchronize;
    }

    /// <summary>Lets an alert occur that is due, and a program that listens branch to its handler.</summary>
    private void PollMonitor()
    {
        ulong status = _s->Spr[SprNumber.Bescr];
        if (Monitor.Poll() && (status & MonitorEnable) != 0)
        {
            _s->Spr[SprNumber.Bescr] = status |= MonitorOccurred;
        }

        const ulong Wanted = GlobalEnable | MonitorEnable | MonitorOccurred;
        if ((status & Wanted) == Wanted && (_s->Msr & MsrBits.Pr) != 0 && (_s->Spr[SprNumber.Fscr] >> FacilityEbb & 1) != 0)
        {
            _s->Spr[SprNumber.Bescr] = status & ~GlobalEnable;
            _s->Spr[SprNumber.Ebbrr] = _s->Pc;
            ulong handler = _s->Spr[SprNumber.Ebbhr] & ~3ul;
            _s->Pc = (_s->Msr & MsrBits.Sf) != 0 ? handler : (uint)handler;
        }
    }
}
