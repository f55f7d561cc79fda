namespace Firmament.Volumes.FileSystems;

/// <summary>
/// Contents whose runs are found one after another from the start. They are found as far as they are needed and kept, so that reading on costs
/// no second walk. A file in more than 65,536 pieces cannot be read beyond them.
/// </summary>
internal abstract class ChainedContent(VolumeReader reader, long length) : FileContent(reader, length)
{
    private const int MostRuns = 65_536;

    private readonly List<(long Start, Run Run)> _runs = [];

    /// <summary>Bytes of the file whose runs are known.</summary>
    protected long Known { get; private set; }

    /// <summary>Finds the next run, and says so with <see cref="Add"/>; need not look beyond <paramref name="end"/>. False when there is none.</summary>
    protected abstract bool FindNext(long end);

    protected bool Add(Run run)
    {
        if (run.Length <= 0 || run.Length > long.MaxValue - Known || _runs.Count == MostRuns)
        {
            return false;
        }

        if (_runs.Count > 0 && _runs[^1] is var (start, last) && last.Position + last.Length == run.Position)
        {
            _runs[^1] = (start, last with { Length = last.Length + run.Length });
        }
        else
        {
            _runs.Add((Known, run));
        }

        Known += run.Length;
        return true;
    }

    protected sealed override Run Map(long offset, long wanted)
    {
        long end = offset + Math.Min(wanted, Length - offset);
        while (Known < end && FindNext(end))
        {
        }

        if (offset >= Known)
        {
            return Run.None;
        }

        (long start, Run run) = _runs[IndexOf(offset)];
        return new Run(run.Position + (offset - start), start + run.Length - offset);
    }

    /// <summary>The last run that starts at or before an offset.</summary>
    private int IndexOf(long offset)
    {
        int low = 0;
        int high = _runs.Count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            (low, high) = _runs[middle].Start <= offset ? (middle, high) : (low, middle - 1);
        }

        return low;
    }
}
