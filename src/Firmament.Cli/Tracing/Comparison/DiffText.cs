using System.Globalization;
using System.Text;

namespace Firmament.Cli.Tracing.Comparison;

/// <summary>The end of a comparison: what it comes to, and which services only one run asked for.</summary>
internal static class DiffText
{
    private const int MostServices = 30;

    public static string Write(TraceSide left, TraceSide right, DiffOutcome outcome, DiffSettings settings)
    {
        StringBuilder text = new();
        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

        if (outcome.IsEqual)
        {
            Line($"The traces are equal: {outcome.Common:N0} events{(settings.Exact ? "" : ", times, addresses and handles aside")}.");
            return text.ToString();
        }

        if (outcome.Hunks > settings.MostHunks)
        {
            Line($"… and {outcome.Hunks - settings.MostHunks:N0} more places; --hunks N prints more.");
        }

        Line($"\nThe traces differ in {outcome.Hunks:N0} {(outcome.Hunks == 1 ? "place" : "places")}: {outcome.Common:N0} events alike, {outcome.OnlyLeft:N0} only in the first, {outcome.OnlyRight:N0} only in the second.");
        if (outcome.Renamed > 0)
        {
            Line($"{outcome.Renamed:N0} of those alike use an address or a handle that stood for another one before.");
        }

        Only(text, "first", left, right);
        Only(text, "second", right, left);
        (string Name, long Left, long Right)[] counts =
        [
            .. left.Services.Select(entry => (entry.Key, entry.Value, right.Services.GetValueOrDefault(entry.Key)))
                .Where(static entry => entry.Item3 != 0 && entry.Item3 != entry.Value).OrderByDescending(static entry => Math.Abs(entry.Value - entry.Item3)),
        ];
        if (counts.Length != 0)
        {
            Line($"\nServices called more often in one:\n   first   second  service");
            foreach ((string name, long a, long b) in counts.Take(MostServices))
            {
                Line($"{a,8:N0} {b,8:N0}  {TraceLines.Visible(name)}");
            }
        }

        return text.ToString();
    }

    private static void Only(StringBuilder text, string which, TraceSide of, TraceSide other)
    {
        KeyValuePair<string, long>[] own = [.. of.Services.Where(entry => !other.Services.ContainsKey(entry.Key)).OrderByDescending(static entry => entry.Value)];
        if (own.Length == 0)
        {
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"\nServices that only the {which} asks for ({of.Name}):\n");
        foreach ((string name, long count) in own.Take(MostServices))
        {
            text.Append(CultureInfo.InvariantCulture, $"{count,8:N0}  {TraceLines.Visible(name)}\n");
        }
    }
}
