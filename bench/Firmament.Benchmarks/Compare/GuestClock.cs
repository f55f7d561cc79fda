using System.Globalization;
using System.Text.RegularExpressions;

namespace Firmament.Benchmarks.Compare;

/// <summary>
/// How fast a guest's clock goes beside the host's while a row runs. It should go as fast, and a figure by the guest's clock would be one by the host's;
/// but a guest whose clock counts instructions measures those, and not the emulator. So the guest writes a mark before each row into its kernel's log,
/// which stamps it with the guest's time (in microseconds), and the host notes when the mark comes out of the console.
/// </summary>
internal static partial class GuestClock
{
    /// <summary>Where the guest writes "@row".</summary>
    public const string Log = "/dev/kmsg";

    /// <summary>Lets a program write to the log as often as it likes (Linux, admin-guide/kernel-parameters).</summary>
    public const string KernelOption = "printk.devkmsg=on";

    /// <summary>The lines of a run by the host's clock. One without its marks is left out.</summary>
    public static IEnumerable<BenchLine> Correct(ProcessRun run)
    {
        Match[] marks = Mark().Matches(run.Console).ToArray();
        foreach (BenchLine line in BenchLine.Find(run.Console))
        {
            int mark = Array.FindIndex(marks, match => match.Groups["row"].Value == line.Name);
            if (mark >= 0 && mark + 1 < marks.Length)
            {
                double clock = (Time(marks[mark + 1]) - Time(marks[mark])) / (run.Arrival(marks[mark + 1].Index) - run.Arrival(marks[mark].Index));
                // What sleep measures is how well a timer keeps the guest's time.
                yield return line.Name == "sleep" ? line.ByGuest(clock) : line.ByHost(clock);
            }
        }
    }

    private static double Time(Match mark) => double.Parse(mark.Groups["time"].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\[ *(?<time>[0-9.]+)\] @(?<row>\S*)\r?$", RegexOptions.Multiline)]
    private static partial Regex Mark();
}
