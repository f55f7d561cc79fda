using Firmament.Core.Time;
using Firmament.Machines.Configuration;

namespace Firmament.Machines;

/// <summary>
/// Ties the virtual clock to the host's: the machine never runs ahead of it, a busy machine is moved on to it between slices, and an idle machine sleeps
/// until its next deadline or until input arrives.
/// </summary>
internal sealed class HostPacer(IHostClock clock)
{
    private const long LeadWorthWaiting = 1_000_000;
    private const long MostLag = 10_000_000_000;

    private long _hostAtZero;

    /// <summary>Starts pacing at virtual time <paramref name="now"/>; also after a pause.</summary>
    public void Start(VirtualTime now) => _hostAtZero = clock.MonotonicNanoseconds - now.Nanoseconds;

    /// <summary>The time a busy machine's clock is to go on to: the host's. Waits while the virtual clock leads, unless input or a stop request arrives.</summary>
    public VirtualTime Pace(VirtualTime now)
    {
        long reached = clock.MonotonicNanoseconds - _hostAtZero;
        long lead = now.Nanoseconds - reached;
        if (lead > LeadWorthWaiting)
        {
            clock.Wait(lead);
        }
        else if (lead < -MostLag)
        {
            // The process was stopped, or its host slept: the guest need not know.
            Start(now);
            return now;
        }

        return new VirtualTime(Math.Max(now.Nanoseconds, reached));
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
