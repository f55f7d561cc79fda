using System.Globalization;

namespace Firmament.Benchmarks;

/// <summary>The same guests on both emulators, alternating, so that whatever else the machine does meets both.</summary>
internal static class SideBySide
{
    private const string KernelMarker = "GUEST-READY";

    public static int Run(string root, string[] rows, int runs)
    {
        if (ProcessRun.FindProgram("qemu-system-ppc") is not { } qemu)
        {
            Console.Error.WriteLine("qemu-system-ppc is missing; run: apt-get install qemu-system-ppc");
            return 1;
        }

        Console.WriteLine($"{ProcessRun.FirstLine(qemu, "--version")}; median of {runs}; ratio = QEMU / Firmament, above 1 Firmament is better");
        Console.WriteLine($"{"guest",-14} {"wall s",16} {"ratio",6} {"CPU s",16} {"ratio",6} {"peak MiB",14} {"ratio",6}");
        bool ok = true;
        foreach (Workload workload in Workloads(root, rows))
        {
            List<ProcessRun> ours = [];
            List<ProcessRun> theirs = [];
            for (int run = 0; run < runs; run++)
            {
                ours.Add(ProcessRun.Start(Path.Combine(root, "firmament"), workload.Firmament, workload.Marker));
                theirs.Add(ProcessRun.Start(qemu, workload.Qemu, workload.Marker));
            }

            ok &= Report(workload, ours, theirs);
        }

        return ok ? 0 : 1;
    }

    private static bool Report(Workload workload, List<ProcessRun> ours, List<ProcessRun> theirs)
    {
        if (ours.Concat(theirs).FirstOrDefault(static run => !run.Reached) is { } failed)
        {
            Console.WriteLine($"{workload.Name,-14} '{workload.Marker}' was not printed by: {failed.CommandLine}");
            return false;
        }

        Console.WriteLine(
            $"{workload.Name,-14} {Column(ours, theirs, static run => run.Wall, "f2")} {Column(ours, theirs, static run => run.Cpu, "f2")} " +
            Column(ours, theirs, static run => run.PeakBytes / 1048576.0, "f0"));
        return true;
    }

    private static string Column(List<ProcessRun> ours, List<ProcessRun> theirs, Func<ProcessRun, double> value, string format)
    {
        (double mine, double other) = (Median(ours.Select(value)), Median(theirs.Select(value)));
        string pair = $"{mine.ToString(format, CultureInfo.InvariantCulture)} / {other.ToString(format, CultureInfo.InvariantCulture)}";
        return string.Create(CultureInfo.InvariantCulture, $"{pair,16} {other / mine,6:f2}");
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    private static IEnumerable<Workload> Workloads(string root, string[] rows)
    {
        string[] machine = ["-M", "pegasos2", "-m", "512M", "-display", "none", "-vga", "none", "-nic", "none", "-monitor", "none", "-serial", "stdio", "-kernel"];
        foreach (string path in BareGuests.Find(root, []))
        {
            if (rows.Length == 0 || rows.Contains(BareGuests.Row(path)))
            {
                yield return new Workload(BareGuests.Row(path), [.. machine, path], [.. machine, path], BareGuests.Marker);
            }
        }

        string kernel = Path.Combine(Guests(root), "ppc32", "vmlinux-builtin-16m");
        if (File.Exists(kernel) && (rows.Length == 0 || rows.Contains("boot")))
        {
            yield return new Workload("boot", [.. machine, kernel], [.. machine, kernel], KernelMarker);
        }
    }

    /// <summary>Where the tests look too; see eng/guests/README.md.</summary>
    private static string Guests(string root)
    {
        string shared = Path.Combine(root, "..", "shared", "guests");
        return Environment.GetEnvironmentVariable("FIRMAMENT_GUESTS")
            ?? (Directory.Exists(shared) ? shared : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "firmament", "guests"));
    }

    private sealed record Workload(string Name, string[] Firmament, string[] Qemu, string Marker);
}
