using System.Globalization;

namespace Firmament.Benchmarks.Compare;

/// <summary>Runs guests on both emulators, alternating, so that whatever else the machine does meets both. Keeps what they printed.</summary>
/// <param name="emulators">Which.</param>
/// <param name="runs">How often each.</param>
/// <param name="consoles">Folder for what the guests print.</param>
internal sealed class Runner(Emulators emulators, int runs, string consoles)
{
    /// <param name="workload">The guest.</param>
    /// <param name="ours">Options that only Firmament gets.</param>
    /// <returns>Null when a run did not come to its end; that was said.</returns>
    public Pair? Run(Workload workload, params string[] ours)
    {
        if (workload.Missing is { } missing)
        {
            Console.Error.WriteLine($"{workload.Name}: {missing}.");
            return null;
        }

        string qemu = workload.Is64Bit ? emulators.Qemu64 : emulators.Qemu;
        List<ProcessRun> firmament = [];
        List<ProcessRun> theirs = [];
        for (int run = 1; run <= runs; run++)
        {
            firmament.Add(Once(workload, emulators.Firmament, [.. workload.Arguments, .. ours], $"firmament-{run}"));
            theirs.Add(Once(workload, qemu, workload.Arguments, $"qemu-{run}"));
        }

        return firmament.Concat(theirs).All(static run => run.Reached) ? new Pair(firmament, theirs) : null;
    }

    private ProcessRun Once(Workload workload, string program, string[] arguments, string name)
    {
        ProcessRun run = ProcessRun.Start(program, arguments, workload.Marker, workload.Longest);
        string file = Path.Combine(consoles, $"{workload.Name.Replace('/', '-').Replace(' ', '-')}-{name}.txt");
        File.WriteAllText(file, run.CommandLine + "\n" + run.Console);
        Console.Error.WriteLine(run.Reached
            ? string.Create(CultureInfo.InvariantCulture, $"{workload.Name} {name}: {run.Wall:f3} s")
            : $"{workload.Name} {name}: '{workload.Marker}' was not printed in {workload.Longest.TotalMinutes} minutes; see {file}.");
        return run;
    }
}
