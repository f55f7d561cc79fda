namespace Firmament.Benchmarks.Compare;

/// <summary>Guests measured from outside: wall time, CPU time, peak memory.</summary>
internal sealed class ProcessTable(Runner runner, TargetList targets)
{
    private readonly MarkdownTable _table = new(
        "guest", "wall s", "QEMU", "ratio", "CPU s", "QEMU", "ratio", "peak MiB", "QEMU", "ratio", "targets");

    public bool IsEmpty => _table.IsEmpty;

    public override string ToString() => _table.ToString();

    /// <summary>Measures one; false when it did not run.</summary>
    public bool Add(Workload workload)
    {
        if (runner.Run(workload) is not { } pair)
        {
            return false;
        }

        (double Firmament, double Qemu, double Ratio) wall = pair.Cost(static run => run.Wall);
        (double Firmament, double Qemu, double Ratio) cpu = pair.Cost(static run => run.Cpu);
        (double Firmament, double Qemu, double Ratio) memory = pair.Cost(static run => run.PeakBytes);
        string[] results =
        [
            .. Check(workload, "wall", workload.Requirement.Wall, wall.Ratio),
            .. Check(workload, "CPU", workload.Requirement.Cpu, cpu.Ratio),
            .. Check(workload, "memory", workload.Requirement.Memory, memory.Ratio),
        ];
        _table.Add(
            workload.Name,
            Figures.ThreeDecimals(wall.Firmament), Figures.ThreeDecimals(wall.Qemu), Figures.TwoDecimals(wall.Ratio),
            Figures.TwoDecimals(cpu.Firmament), Figures.TwoDecimals(cpu.Qemu), Figures.TwoDecimals(cpu.Ratio),
            Figures.Mebibytes(memory.Firmament), Figures.Mebibytes(memory.Qemu), Figures.TwoDecimals(memory.Ratio),
            results.Length == 0 ? "" : string.Join(", ", results));
        return true;
    }

    private string[] Check(Workload workload, string what, double least, double ratio) =>
        least > 0 ? [$"{what} {targets.Add($"{workload.Name}, {what}", least, ratio)}"] : [];
}
