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
    private static readonly string[] Times = ["ns/", "us/", "ms/"];

    /// <summary>Seconds of the clock it was measured by in one of the host's.</summary>
    public double Clock { get; private init; } = 1;

    /// <summary>A time per something (ns/load, ms/10ms): less is better. Everything else is something per time.</summary>
    public bool LessIsBetter => Array.Exists(Times, time => Unit.StartsWith(time, StringComparison.Ordinal));

    /// <summary>The same by the host's clock, of which the guest's was <paramref name="clock"/> times as fast.</summary>
    public BenchLine ByHost(double clock) => this with { Clock = clock, Value = LessIsBetter ? Value / clock : Value * clock };

    /// <summary>The same, by the clock it was measured by.</summary>
    public BenchLine ByGuest(double clock) => this with { Clock = clock };

    public static IEnumerable<BenchLine> Find(string console) => Pattern().Matches(console).Select(static match => new BenchLine(
        match.Groups["name"].Value,
        double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture),
        match.Groups["unit"].Value,
        match.Groups["check"].Value == "BAD"));

    [GeneratedRegex(@"^BENCH (?<name>\S+) (?<value>\S+) (?<unit>\S+) sum=\S* (?<check>ok|BAD|-)\r?$", RegexOptions.Multiline)]
    private static partial Regex Pattern();
}
