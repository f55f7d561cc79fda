using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Firmament.Core;

namespace Firmament.Benchmarks.Compare;

/// <summary>What is printed as it is measured, and may be put into a file: between two comment lines, or in place of the whole file when it has none.</summary>
internal sealed class Report
{
    private const string Begin = "<!-- bench/run compare writes from here";
    private const string End = "<!-- to here -->";

    private readonly StringBuilder _text = new();

    public void Say(string text)
    {
        Console.WriteLine(text);
        _text.Append(text).Append('\n');
    }

    /// <summary>When, on what, with what: without these no figure says anything.</summary>
    public void Head(Emulators emulators, int runs, string command)
    {
        Say($"""
            `{command}`

            {DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}; {Processor()}, {Environment.ProcessorCount} CPUs, load {Load()} at the start; {RuntimeInformation.OSDescription}; {RuntimeInformation.FrameworkDescription}.
            {ProcessRun.FirstLine(emulators.Firmament, "--version")}; {ProcessRun.FirstLine(emulators.Qemu, "--version")}; {ProcessRun.FirstLine(emulators.Qemu64, "--version")}.
            Median of {runs}, alternating. A ratio is QEMU / Firmament of what is better when less, Firmament / QEMU of what is better when more: above 1 Firmament is better.

            """);
    }

    /// <exception cref="UserErrorException">The file cannot be written.</exception>
    public void WriteTo(string path)
    {
        try
        {
            string old = File.Exists(path) ? File.ReadAllText(path) : "";
            int begin = old.IndexOf(Begin, StringComparison.Ordinal);
            int end = old.IndexOf(End, StringComparison.Ordinal);
            (string before, string after) = begin >= 0 && end > begin ? (old[..begin], old[end..]) : ("", End + "\n");
            File.WriteAllText(path, $"{before}{Begin} -->\n\n{_text.ToString().TrimEnd()}\n\n{after}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"The report cannot be written to '{path}' ({error.Message.TrimEnd('.')}); give another --output.", error);
        }
    }

    private static string Processor() => File.ReadLines("/proc/cpuinfo").FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal))
        ?.Split(':', 2)[1].Trim() ?? "unknown processor";

    private static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[0];
}
