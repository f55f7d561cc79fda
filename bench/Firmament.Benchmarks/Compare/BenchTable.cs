namespace Firmament.Benchmarks.Compare;

/// <summary>Rows measured inside a guest, by its own clock and how fast that went; one table for each guest.</summary>
internal sealed class BenchTable(Runner runner, TargetList targets)
{
    private readonly MarkdownTable _rows = new("row", "group", "unit", "Firmament", "QEMU", "ratio", "its clock", "at least", "result");
    private readonly Dictionary<BenchRow, double> _ratios = [];

    public override string ToString() => _rows.ToString();

    /// <summary>Measures the rows; false when one gave a wrong result or none.</summary>
    public bool Add(Workload guest, IReadOnlyCollection<BenchRow> rows)
    {
        bool ok = true;
        // A boot for each group, so that the two emulators run the same rows within a minute.
        foreach (IGrouping<string, BenchRow> group in rows.GroupBy(static row => row.Group))
        {
            ok &= AddGroup(guest with { Name = $"{guest.Name}/{group.Key}" }, [.. group]);
        }

        Summarise(guest);
        return ok;
    }

    private bool AddGroup(Workload guest, BenchRow[] rows)
    {
        Workload workload = guest with { CommandLine = $"{guest.CommandLine} {BenchCommand.For(rows)}" };
        // So that the guest's clock goes with the host's as far as it can, and its timers with it.
        if (runner.Run(workload, "--time", "host") is not { } pair)
        {
            return false;
        }

        bool ok = true;
        Dictionary<string, BenchLine[]> ours = Lines(pair.Firmament);
        Dictionary<string, BenchLine[]> theirs = Lines(pair.Qemu);
        foreach (BenchRow row in rows)
        {
            ok &= Check(guest, "Firmament", row, ours, pair.Firmament.Count) & Check(guest, "QEMU", row, theirs, pair.Qemu.Count);
            if (ours.TryGetValue(row.Name, out BenchLine[]? mine) && theirs.TryGetValue(row.Name, out BenchLine[]? other))
            {
                Compare(row, mine, other);
            }
        }

        return ok;
    }

    private static Dictionary<string, BenchLine[]> Lines(IEnumerable<ProcessRun> runs) => runs.SelectMany(GuestClock.Correct)
        .GroupBy(static line => line.Name).ToDictionary(static lines => lines.Key, static lines => lines.ToArray());

    private static bool Check(Workload guest, string emulator, BenchRow row, Dictionary<string, BenchLine[]> lines, int runs)
    {
        BenchLine[] found = lines.GetValueOrDefault(row.Name) ?? [];
        string? wrong = Array.Exists(found, static line => line.IsBad) ? "gave a wrong result (BAD)"
            : found.Length != runs ? $"was printed in {found.Length} of {runs} runs"
            : null;
        if (wrong != null)
        {
            Console.Error.WriteLine($"{guest.Name}/{row.Name} {wrong} on {emulator}; the consoles are in artifacts/bench/consoles.");
        }

        return wrong == null;
    }

    private void Compare(BenchRow row, BenchLine[] ours, BenchLine[] theirs)
    {
        (double mine, double other) = (Figures.Median(ours.Select(static line => line.Value)), Figures.Median(theirs.Select(static line => line.Value)));
        double ratio = ours[0].LessIsBetter ? other / mine : mine / other;
        bool bad = ours.Concat(theirs).Any(static line => line.IsBad);
        _ratios.Add(row, ratio);
        _rows.Add(
            row.Name, row.Group, ours[0].Unit, Figures.Significant(mine), Figures.Significant(other), Figures.TwoDecimals(ratio),
            Figures.ThreeDecimals(Figures.Median(ours.Select(static line => line.Clock))), Figures.TwoDecimals(row.Least),
            bad ? "BAD" : TargetList.Result(row.Least, ratio));
    }

    private void Summarise(Workload guest)
    {
        foreach ((string group, double least) in BenchRow.Groups)
        {
            double[] ratios = [.. _ratios.Where(entry => entry.Key.Group == group).Select(static entry => entry.Value)];
            if (ratios.Length > 0)
            {
                double mean = Figures.GeometricMean(ratios);
                string result = least > 0 ? targets.Add($"{guest.Name}, {group} rows, geometric mean", least, mean) : "";
                _rows.Add($"**{group}**", "", "geometric mean", "", "", Figures.TwoDecimals(mean), "", least > 0 ? Figures.TwoDecimals(least) : "", result);
            }
        }

        targets.AddRows($"{guest.Name}, each row its own", _ratios.Count, _ratios.Count(static entry => entry.Value >= entry.Key.Least));
    }
}
