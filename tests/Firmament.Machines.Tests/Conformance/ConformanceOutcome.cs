using System.Globalization;
using System.Text.RegularExpressions;

namespace Firmament.Machines.Tests.Conformance;

/// <summary>What a case gave on one firmware.</summary>
/// <param name="Status">r3.</param>
/// <param name="Results">The result cells.</param>
/// <param name="Data">The beginning of the buffer.</param>
/// <param name="Note">Why there is no outcome; else null.</param>
internal sealed partial record ConformanceOutcome(uint Status, IReadOnlyList<uint> Results, string Data, string? Note = null)
{
    /// <summary>The lines of a console, by the number of the case.</summary>
    public static SortedDictionary<int, ConformanceOutcome> Parse(string console)
    {
        SortedDictionary<int, ConformanceOutcome> outcomes = [];
        foreach (Match match in Line().Matches(console))
        {
            uint[] results = [.. match.Groups[3].Value.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Hex)];
            outcomes[int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)] = new(Hex(match.Groups[2].Value), results, match.Groups[4].Value);
        }

        return outcomes;
    }

    /// <summary>A case without a line.</summary>
    public static ConformanceOutcome Without(string note) => new(0, [], "", note);

    /// <inheritdoc/>
    public override string ToString() =>
        Note ?? $"{Show(Status)}: {string.Join(' ', Results.Select(Show))}{(Data.Length == 0 ? "" : $" \"{Data}\"")}".TrimEnd(':', ' ');

    private static string Show(uint value) => value switch
    {
        ConformanceRuntime.Untouched => "·",
        < 1_000_000 => value.ToString(CultureInfo.InvariantCulture),
        > 0xffff_0000 => ((int)value).ToString(CultureInfo.InvariantCulture),
        _ => "h",
    };

    private static uint Hex(string text) => uint.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"CASE (\d+) \S+ r3=([0-9a-f]{8}) rets=([0-9a-f,]*) data=(\S*) END")]
    private static partial Regex Line();
}
