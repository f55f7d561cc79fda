namespace Firmament.Volumes.FileSystems.Hfs;

/// <summary>A fork's contents: its first extents, then those that the extents overflow file has for it.</summary>
internal sealed class HfsContent<TFormat>(VolumeReader reader, HfsGeometry geometry, HfsFork fork, uint file, HfsTree<TFormat>? overflow)
    : ChainedContent(reader, fork.Length)
    where TFormat : IHfsFormat
{
    private const int DataFork = 0;

    private HfsExtent[] _extents = fork.Extents;
    private int _next;

    protected override bool FindNext(long end)
    {
        if ((_next == _extents.Length || _extents[_next].Count == 0) && !LoadMore())
        {
            return false;
        }

        HfsExtent extent = _extents[_next++];
        return extent.Start < geometry.BlockCount && extent.Count <= geometry.BlockCount - extent.Start
            && Add(new Run(geometry.FirstBlock + (extent.Start * geometry.BlockSize), extent.Count * geometry.BlockSize));
    }

    /// <summary>Finds the record whose key has the first block that is not known yet.</summary>
    private bool LoadMore()
    {
        long block = Known / geometry.BlockSize;
        HfsExtent[]? more = null;
        overflow?.Scan(
            record => TFormat.ExtentsKey(record).CompareTo((file, DataFork, (uint)block)) <= 0,
            record =>
            {
                int order = TFormat.ExtentsKey(record).CompareTo((file, DataFork, (uint)block));
                more = order == 0 ? TFormat.Extents(record, TFormat.DataOffset(record)) : null;
                return order < 0;
            });
        _extents = more ?? [];
        _next = 0;
        return _extents.Length > 0 && _extents[0].Count != 0;
    }
}
