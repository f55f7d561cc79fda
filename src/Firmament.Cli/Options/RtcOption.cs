using System.Globalization;
using Firmament.Core;

namespace Firmament.Cli.Options;

/// <summary>What the real-time clock starts at: "utc" or "now" (the host's), "localtime", or a date.</summary>
internal static class RtcOption
{
    /// <summary>-rtc base=…,clock=…,driftfix=….</summary>
    public static string? ParseQemu(string text)
    {
        OptionList list = OptionList.Parse("rtc", text, "base");
        string? start = list.Take("base");
        list.Ignore("clock", "driftfix");
        list.RefuseRest();
        return start;
    }

    /// <summary>The time, given the host's.</summary>
    /// <exception cref="UserErrorException">Not a time, or before 1970 or after 2105.</exception>
    public static DateTimeOffset Resolve(string text, DateTimeOffset now)
    {
        switch (text)
        {
            case "utc" or "now":
                return new(now.UtcDateTime, TimeSpan.Zero);
            case "localtime":
                // The clock holds local wall time, as DOS kept it.
                return new(now.LocalDateTime.Ticks, TimeSpan.Zero);
        }

        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time)
            || time.Year is < 1970 or > 2105)
        {
            throw new UserErrorException($"'{text}' is not a time between 1970 and 2105; give for example --rtc-base 2026-01-31T12:00:00, or now.");
        }

        return time;
    }
}
