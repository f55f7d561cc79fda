using Firmament.Core.State;
using Firmament.Core.Time;
using Firmament.Firmware;

namespace Firmament.Machines.Pseries;

/// <summary>The partition's time of day: the virtual clock from the date the user chose, plus what the guest has set.</summary>
/// <param name="clock">The virtual clock.</param>
/// <param name="start">UTC at virtual time 0.</param>
internal sealed class PartitionClock(Scheduler clock, DateTime start) : IRealTimeClock, IStateful
{
    private long _offsetTicks;

    private DateTime Now => start.AddTicks(clock.Now.Nanoseconds / TimeSpan.NanosecondsPerTick);

    /// <inheritdoc/>
    public DateTime Read()
    {
        long ticks = Now.Ticks + _offsetTicks;
        return new DateTime(Math.Clamp(ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks), DateTimeKind.Utc);
    }

    /// <inheritdoc/>
    public bool TrySet(DateTime time)
    {
        _offsetTicks = time.Ticks - Now.Ticks;
        return true;
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state) => state.Field("offset", ref _offsetTicks);
}
