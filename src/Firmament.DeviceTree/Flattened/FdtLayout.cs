namespace Firmament.DeviceTree.Flattened;

/// <summary>
/// What a blob says beyond its contents, so that an unchanged tree is written to the same bytes: places of the blocks, free space,
/// order and sharing of the strings, NOP tokens, and the padding bytes that real writers leave uncleared. It follows nodes and
/// properties of the tree it was read with; what was added since gets the usual layout.
/// </summary>
public sealed class FdtLayout
{
    internal FdtLayout(uint version, uint lastCompatible, int totalSize, IReadOnlyList<FdtBlock> blocks, byte[] strings, ReadOnlySpan<byte> original)
    {
        Version = version;
        LastCompatible = lastCompatible;
        TotalSize = totalSize;
        Blocks = blocks;
        Strings = strings;
        Gaps = FindGaps(blocks, original);
    }

    /// <summary>The version the blob stated, 17 or later.</summary>
    public uint Version { get; }

    /// <summary>The oldest version the blob said it is compatible with.</summary>
    public uint LastCompatible { get; }

    /// <summary>Bytes of the whole blob, free space included.</summary>
    public int TotalSize { get; }

    /// <summary>The three blocks in order of their offsets.</summary>
    internal IReadOnlyList<FdtBlock> Blocks { get; }

    /// <summary>Free space: before the first block, between the blocks, after the last.</summary>
    internal IReadOnlyList<FdtGap> Gaps { get; }

    internal byte[] Strings { get; }

    /// <summary>The offset each name was first used with.</summary>
    internal Dictionary<string, int> NameOffsets { get; } = new(StringComparer.Ordinal);

    /// <summary>Only nodes that differ from the usual layout.</summary>
    internal Dictionary<DeviceNode, FdtNodeLayout> Nodes { get; } = [];

    /// <summary>Only properties that differ from the usual layout.</summary>
    internal Dictionary<DeviceProperty, FdtPropertyLayout> Properties { get; } = [];

    internal int NopsBeforeEnd { get; set; }

    private static List<FdtGap> FindGaps(IReadOnlyList<FdtBlock> blocks, ReadOnlySpan<byte> original)
    {
        List<FdtGap> gaps = [];
        int start = FdtHeader.Size;
        foreach (FdtBlock block in blocks)
        {
            gaps.Add(FdtGap.Of(original, start, block.Offset));
            start = block.End;
        }

        gaps.Add(FdtGap.Of(original, start, original.Length));
        return gaps;
    }
}
