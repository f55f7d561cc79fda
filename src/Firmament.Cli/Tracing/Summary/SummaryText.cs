using System.Globalization;
using System.Text;
using Firmament.Core.Time;
using Firmament.Core.Tracing;

namespace Firmament.Cli.Tracing.Summary;

/// <summary>A summary as text: errors first, then who called what.</summary>
internal sealed class SummaryText
{
    private const int MostErrors = 40;
    private const int MostCallers = 15;
    private const int MostOther = 40;
    private const int LongestExample = 110;
    private readonly StringBuilder _text = new();
    private readonly TraceSummary _summary;
    private readonly Func<string, string?> _nameOf;

    private SummaryText(TraceSummary summary, Func<string, string?> nameOf)
    {
        _summary = summary;
        _nameOf = nameOf;
    }

    /// <summary>Writes it.</summary>
    /// <param name="name">The trace's.</param>
    /// <param name="summary">What was counted.</param>
    /// <param name="skipped">Lines that were no events.</param>
    /// <param name="nameOf">The function an address (0x…) is in, or null.</param>
    public static string Write(string name, TraceSummary summary, long skipped, Func<string, string?> nameOf)
    {
        SummaryText text = new(summary, nameOf);
        text.Line($"{name}: {summary.Events:N0} events, {Seconds(summary.First)} to {Seconds(summary.Last)} s");
        if (skipped != 0)
        {
            text.Line($"{skipped:N0} lines are no events and were passed over.");
        }

        text.Errors();
        text.Sources();
        text.Methods();
        text.Callers();
        text.Other();
        return text._text.ToString();
    }

    private void Errors()
    {
        if (_summary.GuestErrors.Count + _summary.Refused.Count + _summary.Failed.Count == 0)
        {
            Line($"\nNo guest errors, no call failed.");
            return;
        }

        Section("Guest errors (each sentence is traced once; those alike but for numbers are counted together)", _summary.GuestErrors,
            static (key, tally) => $"{key.Source}: {tally.Example.Name}");
        Section("Refused calls", _summary.Refused, static (key, tally) => $"{key.Source} {key.Service}: {key.Reason}");
        Section("Failed calls (with the first of each)", _summary.Failed, static (key, tally) => $"{key.Source} {key.Service} {key.Result}: {Arguments(tally.Example, key.Result)}");
    }

    private void Section<TKey>(string title, TallyTable<TKey> table, Func<TKey, Tally, string> describe)
        where TKey : notnull
    {
        if (table.Count == 0)
        {
            return;
        }

        Line($"\n{title}\n   count        first s  what");
        foreach ((TKey key, Tally tally) in table.Ordered.Take(MostErrors))
        {
            Line($"{tally.Count,8:N0} {Seconds(tally.First),14}  {Shorten(describe(key, tally))}");
        }

        More(table.Count - MostErrors, table.Others);
    }

    private void Sources()
    {
        foreach ((string source, Tally total) in _summary.Sources.Ordered)
        {
            Line($"\n{source}: {total.Count:N0} calls, {total.Failed:N0} failed\n   calls   failed        first s         last s  service");
            foreach (((string Source, string Service) key, Tally tally) in _summary.Services.Ordered.Where(entry => entry.Key.Source == source))
            {
                Line($"{tally.Count,8:N0} {Failures(tally),8} {Seconds(tally.First),14} {Seconds(tally.Last),14}  {key.Service}");
            }
        }

        More(0, _summary.Services.Others);
    }

    private void Methods()
    {
        if (_summary.Methods.Count == 0)
        {
            return;
        }

        Line($"\nMethods called (call-method)\n   calls   failed        first s  node                             method");
        foreach (((string Node, string Method) key, Tally tally) in _summary.Methods.Ordered)
        {
            Line($"{tally.Count,8:N0} {Failures(tally),8} {Seconds(tally.First),14}  {key.Node,-32} {key.Method}");
        }
    }

    private void Callers()
    {
        if (_summary.Callers.Count == 0)
        {
            return;
        }

        Line($"\nCallers (where calls return to)\n   calls   failed  source    address");
        foreach (((string Source, string Address) key, Tally tally) in _summary.Callers.Ordered.Take(MostCallers))
        {
            Line($"{tally.Count,8:N0} {Failures(tally),8}  {key.Source,-8}  {key.Address}{(_nameOf(key.Address) is { } function ? " " + function : "")}");
        }

        More(_summary.Callers.Count - MostCallers, _summary.Callers.Others);
    }

    private void Other()
    {
        if (_summary.Other.Count == 0)
        {
            return;
        }

        Line($"\nOther events\n   count        first s         last s  what");
        foreach (((string Category, string Source, string Name) key, Tally tally) in _summary.Other.Ordered.Take(MostOther))
        {
            Line($"{tally.Count,8:N0} {Seconds(tally.First),14} {Seconds(tally.Last),14}  {Shorten($"{key.Category} {key.Source} {key.Name}")}");
        }

        More(_summary.Other.Count - MostOther, _summary.Other.Others);
    }

    private void More(int rows, long events)
    {
        if (rows > 0)
        {
            Line($"         and {rows:N0} more kinds");
        }

        if (events > 0)
        {
            Line($"         and {events:N0} events of more kinds than are counted apart");
        }
    }

    private static string Failures(Tally tally) => tally.Failed == 0 ? "" : tally.Failed.ToString("N0", CultureInfo.InvariantCulture);

    private static string Arguments(in TraceEvent call, string result) => string.Join(' ', call.Fields
        .Select(static field => $"{field.Key}={field.Value}").TakeWhile(text => text != result));

    private static string Seconds(VirtualTime time) => string.Create(CultureInfo.InvariantCulture, $"{time.Nanoseconds / 1_000_000_000}.{time.Nanoseconds % 1_000_000_000:d9}");

    private static string Shorten(string text) => TraceLines.Visible(text.Length <= LongestExample ? text : text[..LongestExample] + "…");

    private void Line(FormattableString text)
    {
        // Names of services and sources are a guest's too.
        foreach (string line in text.ToString(CultureInfo.InvariantCulture).Split('\n'))
        {
            _text.Append(TraceLines.Visible(line)).Append('\n');
        }
    }
}
