using System.Globalization;
using System.Text;

namespace Firmament.Machines.Tests.Conformance;

/// <summary>The document that compares firmwares.</summary>
/// <param name="columns">What each gave, by its name.</param>
/// <param name="versions">Of the programs.</param>
internal sealed class ConformanceTable(IReadOnlyList<(string Name, SortedDictionary<int, ConformanceOutcome> Outcomes)> columns, string versions)
{
    private readonly StringBuilder _text = new();

    /// <summary>The document.</summary>
    public string Write()
    {
        Line("# How firmwares answer the client interface");
        Line("");
        Line($"Written by `eng/conformance.sh`; do not edit. {versions}");
        Line("");
        Line("One client program makes each call on each firmware, with 512 MiB of RAM, a disk of 4 MiB and a network card. An answer is r3, then the result cells, then what a buffer");
        Line("begins with: `~` is a NUL, `.` what is not printable; the buffer was full of `U`. `h` is a handle or an address, `·` a cell that nothing was stored in. \"ends the guest\" is a");
        Line("crash or a hang. Expected: a number is itself, `h` is neither 0 nor −1, `+` positive, `!0` not 0, `*` anything, `|` or. **Bold** answers are not what is expected.");
        Line("Where the source is \"not in 1275\" the standard leaves the answer open, and what is expected is what Firmament promises.");
        Line("");
        WriteSummary();
        foreach (ConformanceGroup group in ConformanceCatalog.Groups)
        {
            WriteGroup(group);
        }

        return _text.ToString();
    }

    private void WriteSummary()
    {
        Line("| group | cases |" + string.Concat(columns.Select(static column => $" {column.Name} |")));
        Line("|---|---|" + string.Concat(columns.Select(static _ => "---|")));
        foreach (ConformanceGroup group in ConformanceCatalog.Groups)
        {
            int first = ConformanceCatalog.FirstOf(group);
            Line($"| {group.Title} | {group.Cases.Length} |" + string.Concat(columns.Select(column => $" {Met(group, first, column.Outcomes)} |")));
        }

        Line("");
    }

    private static int Met(ConformanceGroup group, int first, SortedDictionary<int, ConformanceOutcome> outcomes) =>
        group.Cases.Where((test, i) => outcomes.TryGetValue(first + i, out ConformanceOutcome? outcome) && ConformanceExpectation.IsMet(test, outcome)).Count();

    private void WriteGroup(ConformanceGroup group)
    {
        Line($"## {group.Title}");
        Line("");
        Line("| case | service |" + string.Concat(columns.Select(static column => $" {column.Name} |")) + " expected | source |");
        Line("|---|---|" + string.Concat(columns.Select(static _ => "---|")) + "---|---|");
        int index = ConformanceCatalog.FirstOf(group);
        foreach (ConformanceCase test in group.Cases)
        {
            string expected = test.Expect.Insert(test.Expect.IndexOf(' ', StringComparison.Ordinal) is var end && end < 0 ? test.Expect.Length : end, test.Results > 0 ? ":" : "");
            expected += test.Data == null ? "" : $" \"{test.Data}\"";
            Line($"| {test.Name} | {Escape(test.Service)} |" + string.Concat(columns.Select(column => $" {Answer(test, index, column.Outcomes)} |"))
                + $" {Escape(expected)} | {test.Source} |");
            index++;
        }

        Line("");
    }

    private static string Answer(ConformanceCase test, int index, SortedDictionary<int, ConformanceOutcome> outcomes)
    {
        if (!outcomes.TryGetValue(index, out ConformanceOutcome? outcome))
        {
            return "not run";
        }

        string text = Escape(outcome.ToString());
        return ConformanceExpectation.IsMet(test, outcome) ? text : $"**{text}**";
    }

    private static string Escape(string text) => text.Length == 0 ? "" : $"`{text.Replace("|", "\\|", StringComparison.Ordinal)}`";

    private void Line(string text) => _text.Append(CultureInfo.InvariantCulture, $"{text}\n");
}
