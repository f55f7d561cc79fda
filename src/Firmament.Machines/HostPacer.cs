using Firmament.Core.Time;
using Firmament.Machines.Configuration;

namespace Firmament.Machines;

/// <summary>
/// Ties the virtual clock to the host's: the machine never runs ahead of it, and an idle machine sleeps until its next deadline
/// or until input arrives. A machine that fell behind catches up over its idle time, up to a limit.
/// </summary>
internal sealed class HostPacer(IHostClock clock)
{
    private const long LeadWorthWaiting = 1_000_000;
    private const long MostLag = 10_000_000_000;

    private long _hostAtZero;

    /// <summary>Starts pacing at virtual time <paramref name="now"/>; also after a pause.</summary>
    public void Start(VirtualTime now) => _hostAtZero = clock.MonotonicNanoseconds - now.Nanoseconds;

    /// <summary>Waits while the virtual clock leads. Returns early when input or a stop request arrives.</summary>
    public void Pace(VirtualTime now)
    {
        long lead = now.Nanoseconds - (clock.MonotonicNanoseconds - _hostAtZero);
        if (lead > LeadWorthWaiting)
        {
            clock.Wait(lead);
        }
        else if (lead < -MostLag)
        {
            Start(now);
        }
    }

    /// <summary>Waits for an idle machine.</summary>
    /// <param name="now">Virtual time now.</param>
    /// <param name="deadline">When it must go on; <see cref="VirtualTime.Never"/> waits for input alone.</param>
    /// <returns>The virtual time reached: the deadline, or less when something arrived before.</returns>
    public VirtualTime WaitIdle(VirtualTime now, VirtualTime deadline)
    {
        long reached = clock.MonotonicNanoseconds - _hostAtZero;
        if (deadline == VirtualTime.Never)
        {
            clock.Wait(-1);
        }
        else if (deadline.Nanoseconds > reached)
        {
            clock.Wait(deadline.Nanoseconds - reached);
        }

        reached = clock.MonotonicNanoseconds - _hostAtZero;
        return new VirtualTime(Math.Clamp(reached, now.Nanoseconds, deadline.Nanoseconds));
    }
}
