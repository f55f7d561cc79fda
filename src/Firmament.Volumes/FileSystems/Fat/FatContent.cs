namespace Firmament.Volumes.FileSystems.Fat;

/// <summary>A chain of clusters. One that is longer than its volume has clusters goes in a circle, and ends.</summary>
internal sealed class FatContent(VolumeReader reader, FatTable table, uint firstCluster, long length) : ChainedContent(reader, length)
{
    private uint _next = firstCluster;
    private long _clusters;

    protected override bool FindNext(long end)
    {
        FatGeometry geometry = table.Geometry;
        uint first = _next;
        if (!geometry.IsCluster(first))
        {
            return false;
        }

        long count = 0;
        do
        {
            count++;
            _next = table.Next(_next);
        }
        while (_next == first + count && Known + (count * geometry.ClusterBytes) < end);

        _clusters += count;
        return _clusters <= geometry.ClusterCount && Add(new Run(geometry.OffsetOf(first), count * geometry.ClusterBytes));
    }
}
