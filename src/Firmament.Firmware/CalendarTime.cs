namespace Firmament.Firmware;

/// <summary>Turns a guest's date and time into a <see cref="DateTime"/>, or refuses it.</summary>
internal static class CalendarTime
{
    private const uint NanosecondsPerSecond = 1_000_000_000;
    private const uint NanosecondsPerTick = 100;

    /// <summary>False for a date that does not exist.</summary>
    public static bool TryCreate(
        uint year, uint month, uint day, uint hour, uint minute, uint second, uint nanosecond, out DateTime time)
    {
        time = default;
        if (year is < 1 or > 9999 || month is < 1 or > 12 || day < 1 || day > (uint)DateTime.DaysInMonth((int)year, (int)month)
            || hour > 23 || minute > 59 || second > 59 || nanosecond >= NanosecondsPerSecond)
        {
            return false;
        }

        time = new DateTime((int)year, (int)month, (int)day, (int)hour, (int)minute, (int)second, DateTimeKind.Utc)
            .AddTicks(nanosecond / NanosecondsPerTick);
        return true;
    }

    /// <summary>The nanoseconds after the full second.</summary>
    public static uint Nanoseconds(DateTime time) => (uint)(time.Ticks % TimeSpan.TicksPerSecond) * NanosecondsPerTick;
}
