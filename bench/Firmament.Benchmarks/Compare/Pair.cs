namespace Firmament.Benchmarks.Compare;

/// <summary>All runs of one guest on both emulators.</summary>
internal sealed record Pair(IReadOnlyList<ProcessRun> Firmament, IReadOnlyList<ProcessRun> Qemu)
{
    /// <summary>The medians of a figure that is better when it is less, and QEMU / Firmament.</summary>
    public (double Firmament, double Qemu, double Ratio) Cost(Func<ProcessRun, double> figure)
    {
        (double ours, double theirs) = (Figures.Median(Firmament.Select(figure)), Figures.Median(Qemu.Select(figure)));
        return (ours, theirs, theirs / ours);
    }
}
