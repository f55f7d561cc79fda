using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Firmament.Benchmarks.Compare;

/// <summary>What is printed as it is measured, and may be put into a file at the end.</summary>
internal sealed class Report
{
    private readonly StringBuilder _text = new();

    public void Say(string text)
    {
        Console.WriteLine(text);
        _text.Append(text).Append('\n');
    }

    /// <summary>When, on what, with what: without these no figure says anything.</summary>
    public void Head(Emulators emulators, int runs, string command)
    {
        string date = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        string versions = string.Join("; ", new[] { emulators.Firmament, emulators.Qemu, emulators.Qemu64 }
            .Select(static program => ProcessRun.FirstLine(program, "--version")).Distinct());
        Say($"""
            `{command}`

            {date}; {Processor()}, {Environment.ProcessorCount} CPUs, load {Load()} at the start; {RuntimeInformation.OSDescription};
            {RuntimeInformation.FrameworkDescription}; {versions}.

            Median of {runs}, alternating. A ratio is QEMU / Firmament of what is better when less, Firmament / QEMU of what is better when more:
            above 1 Firmament is better.

            """);
    }

    /// <summary>All that was said.</summary>
    public override string ToString() => _text.ToString();

    private static string Processor() => File.ReadLines("/proc/cpuinfo").FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal))
        ?.Split(':', 2)[1].Trim() ?? "unknown processor";

    private static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[0];
}
