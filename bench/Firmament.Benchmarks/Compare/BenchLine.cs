using System.Globalization;
using System.Text.RegularExpressions;

namespace Firmament.Benchmarks.Compare;

/// <summary>What a row printed: "BENCH name value unit sum=XXXXXXXX ok|BAD|-".</summary>
/// <param name="Name">The row.</param>
/// <param name="Value">In its unit.</param>
/// <param name="Unit">What was counted, and per what.</param>
/// <param name="IsBad">True when its self check failed: the emulation is wrong.</param>
internal sealed partial record BenchLine(string Name, double Value, string Unit, bool IsBad)
{
    /// <summary>A time per something (ns/load, ms/10ms): less is better. Everything else is something per time.</summary>
    public bool LessIsBetter => Unit.StartsWith("ns/", StringComparison.Ordinal) || Unit.StartsWith("us/", StringComparison.Ordinal) || Unit.StartsWith("ms/", StringComparison.Ordinal);

    /// <summary>The same by a clock of which the guest's is <paramref name="speed"/> times as fast.</summary>
    public BenchLine By(double speed) => this with { Value = LessIsBetter ? Value / speed : Value * speed };

    public static IEnumerable<BenchLine> Find(string console) => Pattern().Matches(console).Select(static match => new BenchLine(
        match.Groups["name"].Value,
        double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture),
        match.Groups["unit"].Value,
        match.Groups["check"].Value == "BAD"));

    [GeneratedRegex(@"^BENCH (?<name>\S+) (?<value>\S+) (?<unit>\S+) sum=\S* (?<check>ok|BAD|-)\r?$", RegexOptions.Multiline)]
    private static partial Regex Pattern();
}
