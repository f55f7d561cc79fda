namespace Firmament.Volumes.FileSystems.Ext;

/// <summary>Contents mapped by an extent tree ("Extent Tree").</summary>
internal sealed class ExtExtentMap(VolumeReader reader, ExtSuperblock superblock, ExtInode inode) : FileContent(reader, inode.Length)
{
    private const int Magic = 0xf30a;
    private const int MostDepth = 5;
    private const int EntryLength = 12;

    /// <summary>A longer extent is allocated, but not written: it reads as zeros.</summary>
    private const int MostWritten = 32_768;

    private const long MostBlocks = 1L << 32;

    private readonly byte[] _root = inode.Blocks.ToArray();
    private byte[]? _node;

    protected override Run Map(long offset, long wanted)
    {
        long block = offset / superblock.BlockSize;
        long within = offset % superblock.BlockSize;
        long limit = MostBlocks;
        Fields node = _root;
        for (int depth = node.Le16(6); node.Le16(0) == Magic && depth <= MostDepth && depth == node.Le16(6) && block < limit; depth--)
        {
            int at = LastAtOrBefore(node, block, ref limit);
            if (depth == 0)
            {
                return at < 0 ? Run.Hole(((limit - block) * superblock.BlockSize) - within) : MapExtent(node.Slice(at, EntryLength), block, within, limit);
            }

            if (at < 0)
            {
                return Run.Hole(((limit - block) * superblock.BlockSize) - within);
            }

            long child = node.Le32(at + 4) | ((long)node.Le16(at + 8) << 32);
            _node ??= new byte[superblock.BlockSize];
            if (child >= superblock.BlockCount || !Reader.TryReadStructure(child * superblock.BlockSize, _node))
            {
                break;
            }

            node = _node;
        }

        return Run.None;
    }

    private Run MapExtent(Fields extent, long block, long within, long limit)
    {
        long first = extent.Le32(0);
        int length = extent.Le16(4);
        bool isWritten = length <= MostWritten;
        length = isWritten ? length : length - MostWritten;
        if (block >= first + length)
        {
            return Run.Hole(((limit - block) * superblock.BlockSize) - within);
        }

        long bytes = ((first + length - block) * superblock.BlockSize) - within;
        long start = (extent.Le32(8) | ((long)extent.Le16(6) << 32)) + block - first;
        return !isWritten ? Run.Hole(bytes) : start < superblock.BlockCount ? new Run((start * superblock.BlockSize) + within, bytes) : Run.None;
    }

    /// <summary>Byte offset of the last entry at or before a block, −1 for none; narrows <paramref name="limit"/> to the entry after it.</summary>
    private static int LastAtOrBefore(Fields node, long block, ref long limit)
    {
        int count = Math.Min(node.Le16(2), (node.Length / EntryLength) - 1);
        int low = 0;
        int high = count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = node.Le32((middle + 1) * EntryLength) <= block ? (middle + 1, high) : (low, middle);
        }

        limit = low < count ? Math.Min(limit, node.Le32((low + 1) * EntryLength)) : limit;
        return low == 0 ? -1 : low * EntryLength;
    }
}
