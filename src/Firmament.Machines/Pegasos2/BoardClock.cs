using Firmament.Devices.Timers;
using Firmament.Firmware;

namespace Firmament.Machines.Pegasos2;

/// <summary>The VT8231's clock for RTAS; the same that the guest reaches at port 0x70.</summary>
internal sealed class BoardClock(Ds1385Rtc rtc) : IRealTimeClock
{
    /// <inheritdoc/>
    public DateTime Read() => rtc.GetTime();

    /// <inheritdoc/>
    public bool TrySet(DateTime time)
    {
        rtc.SetTime(time);
        return true;
    }
}
