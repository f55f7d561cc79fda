namespace Firmament.Firmware;

/// <summary>The machine's clock of the time of day, in UTC.</summary>
public interface IRealTimeClock
{
    /// <summary>The time now.</summary>
    DateTime Read();

    /// <summary>Sets it. False when the clock cannot hold that time.</summary>
    bool TrySet(DateTime time);
}
