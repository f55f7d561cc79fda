namespace Firmament.Volumes.Labels;

/// <summary>Collects partitions that are on the disk.</summary>
internal sealed class PartitionList(long diskLength)
{
    /// <summary>Partitions a label has at most.</summary>
    public const int Most = 256;

    public List<Partition> Partitions { get; } = [];

    public bool IsFull => Partitions.Count >= Most;

    /// <summary>Adds a partition, cut off at the disk's end; leaves out what is empty or starts beyond it.</summary>
    public void Add(Partition partition)
    {
        long length = Math.Min(partition.Length, diskLength - partition.Offset);
        if (partition.Offset >= 0 && length > 0 && !IsFull)
        {
            Partitions.Add(partition with { Length = length });
        }
    }
}
