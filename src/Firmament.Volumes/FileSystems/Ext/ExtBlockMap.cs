namespace Firmament.Volumes.FileSystems.Ext;

/// <summary>Contents mapped by direct and indirect blocks ("Direct/Indirect Block Addressing").</summary>
internal sealed class ExtBlockMap(VolumeReader reader, ExtSuperblock superblock, ExtInode inode) : FileContent(reader, inode.Length)
{
    private const int Direct = 12;
    private const int MostLevels = 3;

    private readonly byte[] _roots = inode.Blocks.ToArray();
    private readonly byte[] _pointers = new byte[superblock.BlockSize];

    /// <summary>The index block that is in <see cref="_pointers"/>.</summary>
    private uint _pointersBlock;

    private int PerBlock => superblock.BlockSize / 4;

    protected override Run Map(long offset, long wanted)
    {
        long block = offset / superblock.BlockSize;
        long within = offset % superblock.BlockSize;
        if (!TryFind(block, out Fields pointers, out int at, out long hole))
        {
            return Run.None;
        }

        if (hole > 0)
        {
            return Run.Hole((hole * superblock.BlockSize) - within);
        }

        uint first = pointers.Le32(at * 4);
        long most = Math.Min((pointers.Length / 4) - at, (wanted + within + superblock.BlockSize - 1) / superblock.BlockSize);
        int count = 1;
        while (count < most && pointers.Le32((at + count) * 4) == (first == 0 ? 0 : first + count))
        {
            count++;
        }

        long length = ((long)count * superblock.BlockSize) - within;
        return first == 0 ? Run.Hole(length) : first < superblock.BlockCount ? new Run(((long)first * superblock.BlockSize) + within, length) : Run.None;
    }

    /// <summary>Finds the pointer to a block; <paramref name="hole"/> is how many blocks have none because an index block is missing.</summary>
    private bool TryFind(long block, out Fields pointers, out int at, out long hole)
    {
        hole = 0;
        pointers = _roots.AsSpan(0, Direct * 4);
        at = (int)Math.Min(block, Direct);
        if (block < Direct)
        {
            return true;
        }

        block -= Direct;
        long covered = PerBlock;
        int levels = 1;
        while (block >= covered)
        {
            if (++levels > MostLevels)
            {
                return false;
            }

            block -= covered;
            covered *= PerBlock;
        }

        uint index = new Fields(_roots).Le32((Direct + levels - 1) * 4);
        for (; levels > 0; levels--)
        {
            if (index == 0)
            {
                hole = covered - block;
                return true;
            }

            if (!TryLoad(index))
            {
                return false;
            }

            covered /= PerBlock;
            at = (int)(block / covered);
            block %= covered;
            pointers = _pointers;
            index = pointers.Le32(at * 4);
        }

        return true;
    }

    private bool TryLoad(uint index)
    {
        if (index == _pointersBlock)
        {
            return Reader.TrySpend();
        }

        _pointersBlock = 0;
        if (index >= superblock.BlockCount || !Reader.TryReadStructure((long)index * superblock.BlockSize, _pointers))
        {
            return false;
        }

        _pointersBlock = index;
        return true;
    }
}
