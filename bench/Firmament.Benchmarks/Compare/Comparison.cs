namespace Firmament.Benchmarks.Compare;

/// <summary>One comparison from selection to report.</summary>
/// <param name="root">The checkout.</param>
/// <param name="selectors">What to compare; none for everything.</param>
internal sealed class Comparison(string root, string[] selectors)
{
    private readonly Workloads _workloads = new(new GuestFiles(root));
    private readonly Selection _selection = new(selectors);
    private readonly Report _report = new();
    private readonly TargetList _targets = new();

    private (string Title, Workload[] Workloads)[] Processes =>
    [
        ("Start: to the first guest instruction", _workloads.Start),
        ("Bare metal", _workloads.Bare),
        ("Boot, to GUEST-READY", _workloads.Boot),
        ("Installer, to its language screen", _workloads.Installer),
    ];

    private string[] Names =>
    [
        .. Processes.SelectMany(static group => group.Workloads).Select(static workload => workload.Name),
        .. _workloads.Bench.SelectMany(static guest => BenchRow.All.Select(row => $"{guest.Name}/{row.Name}")),
    ];

    public int List()
    {
        _selection.Check(Names);
        Console.WriteLine(string.Join('\n', Names.Where(_selection.Wants)));
        return 0;
    }

    /// <param name="emulators">With what.</param>
    /// <param name="runs">How often each.</param>
    /// <param name="command">What the user typed.</param>
    /// <param name="output">The file for the results, or null.</param>
    /// <returns>The exit status: 0 when everything ran and no result was wrong, whatever the ratios.</returns>
    public int Run(Emulators emulators, int runs, string command, string? output)
    {
        _selection.Check(Names);
        string consoles = Path.Combine(root, "artifacts", "bench", "consoles");
        Directory.CreateDirectory(consoles);
        Runner runner = new(emulators, runs, consoles);
        _report.Head(emulators, runs, command);
        bool ok = true;
        foreach ((string title, Workload[] workloads) in Processes)
        {
            ok &= Measure(runner, title, [.. workloads.Where(workload => _selection.Wants(workload.Name))]);
        }

        foreach (Workload guest in _workloads.Bench)
        {
            ok &= Measure(runner, guest, [.. BenchRow.All.Where(row => _selection.Wants($"{guest.Name}/{row.Name}"))]);
        }

        _report.Say(_targets.Text);
        if (output != null)
        {
            ResultsFile.Write(output, "compare", _report.ToString());
        }

        return ok ? 0 : 1;
    }

    private bool Measure(Runner runner, string title, Workload[] workloads)
    {
        ProcessTable table = new(runner, _targets);
        bool ok = true;
        foreach (Workload workload in workloads)
        {
            ok &= table.Add(workload);
        }

        if (!table.IsEmpty)
        {
            _report.Say($"## {title}\n\n{table}");
        }

        return ok;
    }

    private bool Measure(Runner runner, Workload guest, BenchRow[] rows)
    {
        if (rows.Length == 0)
        {
            return true;
        }

        BenchTable table = new(runner, _targets);
        bool ok = table.Add(guest, rows);
        _report.Say($"## Inside the guest: {guest.Name}\n\n{table}");
        return ok;
    }
}
