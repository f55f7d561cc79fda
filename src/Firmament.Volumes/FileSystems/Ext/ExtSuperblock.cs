using System.Text;

namespace Firmament.Volumes.FileSystems.Ext;

/// <summary>
/// The superblock (Linux, Documentation/filesystems/ext4, "Super Block"). Features that change where things are and that are not known here make a
/// volume unreadable; a journal that was not replayed does not: what it holds is missing from the view.
/// </summary>
internal sealed class ExtSuperblock
{
    public const int Offset = 1024;
    public const int Size = 1024;
    public const int MostBlockBytes = 65_536;

    private const int Magic = 0xef53;
    private const uint HasJournal = 0x4;
    private const uint SparseSuperTwo = 0x200;
    private const uint MetaBlockGroups = 0x10;
    private const uint Extents = 0x40;
    private const uint SixtyFourBit = 0x80;
    private const uint FlexibleGroups = 0x200;
    private const uint SparseSuper = 0x1;

    // filetype, needs_recovery, meta_bg, extents, 64bit, mmp, flex_bg, ea_inode, dirdata, csum_seed, largedir, inline_data, encrypt, casefold.
    private const uint KnownIncompatible = 0x2 | 0x4 | 0x10 | 0x40 | 0x80 | 0x100 | 0x200 | 0x400 | 0x1000 | 0x2000 | 0x4000 | 0x8000 | 0x1_0000 | 0x2_0000;

    private readonly uint _compatible;
    private readonly uint _incompatible;
    private readonly uint _readOnly;
    private readonly uint _firstMetaGroup;
    private readonly uint _firstDataBlock;
    private readonly uint _blocksPerGroup;
    private readonly uint _backupGroup0;
    private readonly uint _backupGroup1;

    private ExtSuperblock(Fields fields)
    {
        _compatible = fields.Le32(92);
        _incompatible = fields.Le32(96);
        _readOnly = fields.Le32(100);
        _firstMetaGroup = fields.Le32(260);
        _firstDataBlock = fields.Le32(20);
        _blocksPerGroup = fields.Le32(32);
        _backupGroup0 = fields.Le32(588);
        _backupGroup1 = fields.Le32(592);
        bool isWide = (_incompatible & SixtyFourBit) != 0;
        BlockSize = 1024 << (int)Math.Min(fields.Le32(24), 7);
        InodeCount = fields.Le32(0);
        BlockCount = fields.Le32(4) | (isWide ? (long)fields.Le32(336) << 32 : 0);
        InodesPerGroup = fields.Le32(40);
        InodeSize = fields.Le32(76) == 0 ? 128 : fields.Le16(88);
        DescriptorSize = isWide ? fields.Le16(254) : 32;
        Label = Encoding.UTF8.GetString(fields.Text(120, 16));
    }

    public int BlockSize { get; }

    public uint InodeCount { get; }

    public long BlockCount { get; }

    public uint InodesPerGroup { get; }

    public int InodeSize { get; }

    public int DescriptorSize { get; }

    public string Label { get; }

    /// <summary>What mke2fs would call it.</summary>
    public string Kind =>
        (_incompatible & (Extents | SixtyFourBit | FlexibleGroups | MetaBlockGroups)) != 0 ? "ext4"
        : (_compatible & HasJournal) != 0 ? "ext3" : "ext2";

    private bool IsSound =>
        (_incompatible & ~KnownIncompatible) == 0 && BlockSize <= MostBlockBytes && InodesPerGroup != 0 && _blocksPerGroup != 0
        && InodeSize >= 128 && InodeSize <= BlockSize && int.IsPow2(InodeSize)
        && DescriptorSize >= 32 && DescriptorSize <= BlockSize && int.IsPow2(DescriptorSize) && BlockCount > _firstDataBlock && BlockCount <= long.MaxValue / MostBlockBytes;

    public static ExtSuperblock? Read(VolumeReader reader)
    {
        byte[] bytes = new byte[Size];
        if (!reader.TryReadStructure(Offset, bytes) || new Fields(bytes).Le16(56) != Magic)
        {
            return null;
        }

        ExtSuperblock superblock = new(bytes);
        return superblock.IsSound ? superblock : null;
    }

    /// <summary>Byte offset of a block group's descriptor ("Block Group Descriptors", "Meta Block Groups").</summary>
    public long DescriptorOffset(uint group)
    {
        uint perBlock = (uint)(BlockSize / DescriptorSize);
        uint meta = group / perBlock;
        long block;
        if ((_incompatible & MetaBlockGroups) == 0 || meta < _firstMetaGroup)
        {
            block = _firstDataBlock + 1L + meta;
        }
        else
        {
            uint first = meta * perBlock;
            block = _firstDataBlock + ((long)first * _blocksPerGroup) + (HasSuperblock(first) ? 1 : 0);
        }

        return (block * BlockSize) + ((long)(group % perBlock) * DescriptorSize);
    }

    private bool HasSuperblock(uint group)
    {
        if ((_compatible & SparseSuperTwo) != 0)
        {
            return group == 0 || group == _backupGroup0 || group == _backupGroup1;
        }

        return (_readOnly & SparseSuper) == 0 || group <= 1 || IsPower(group, 3) || IsPower(group, 5) || IsPower(group, 7);
    }

    private static bool IsPower(uint value, uint root)
    {
        while (value > 1 && value % root == 0)
        {
            value /= root;
        }

        return value == 1;
    }
}
