using System.Text;

namespace Firmament.Volumes.FileSystems.Ext;

/// <summary>
/// ext2, ext3 and ext4 (Linux, Documentation/filesystems/ext4). Checksums are not verified and a journal is not replayed. Not modelled: encrypted
/// contents, contents kept in other inodes' attributes.
/// </summary>
internal sealed class ExtFileSystem : TreeFileSystem
{
    private const uint RootInode = 2;
    private const int EntryHeader = 8;
    private const int InlineParent = 4;

    private readonly ExtSuperblock _superblock;

    private ExtFileSystem(VolumeReader reader, ExtSuperblock superblock)
        : base(reader)
    {
        _superblock = superblock;
        Root = Complete(new ExtNode { Name = "", Number = RootInode }) ?? new ExtNode { Name = "", Kind = EntryKind.Other };
    }

    public override string Kind => _superblock.Kind;

    public override string Label => _superblock.Label;

    protected override Node Root { get; }

    /// <summary>Null when the volume has no readable superblock or no root directory.</summary>
    public static ExtFileSystem? Open(VolumeReader reader) =>
        ExtSuperblock.Read(reader) is { } superblock && new ExtFileSystem(reader, superblock) is { Root.Kind: EntryKind.Directory } volume ? volume : null;

    protected override Node? Complete(Node found)
    {
        uint number = ((ExtNode)found).Number;
        return ReadInode(number) is { } inode
            ? new ExtNode { Name = found.Name, Number = number, Inode = inode, Kind = inode.Kind, Length = Math.Max(inode.Length, 0) }
            : null;
    }

    protected override FileContent? ContentOf(Node file)
    {
        ExtInode inode = ((ExtNode)file).Inode!;
        if (inode.IsEncrypted || inode.Length < 0)
        {
            return null;
        }

        return inode switch
        {
            { IsInline: true } => new MemoryContent(Reader, inode.InlineContent()),
            { HasExtents: true } => new ExtExtentMap(Reader, _superblock, inode),
            _ => new ExtBlockMap(Reader, _superblock, inode),
        };
    }

    protected override string? TargetOf(Node link)
    {
        ExtInode inode = ((ExtNode)link).Inode!;
        if (inode.IsFastLink)
        {
            return Encoding.UTF8.GetString(inode.Blocks[..(int)inode.Length]);
        }

        if (inode.Length is <= 0 or > VolumePath.MostCharacters || ContentOf(link) is not { } content)
        {
            return null;
        }

        byte[] target = new byte[(int)content.Length];
        return content.TryReadStructure(0, target) ? Encoding.UTF8.GetString(target) : null;
    }

    protected override void Scan(Node directory, Func<Node, bool> visit)
    {
        ExtNode node = (ExtNode)directory;
        if (ContentOf(node) is not { } content)
        {
            return;
        }

        // Inline directories start with their parent's inode ("Inline Directories"); their two parts are entry lists of their own.
        if (node.Inode!.IsInline)
        {
            _ = Scan(content, InlineParent, ExtInode.BlockAreaLength - InlineParent, visit)
                && Scan(content, ExtInode.BlockAreaLength, content.Length - ExtInode.BlockAreaLength, visit);
            return;
        }

        long end = Math.Min(content.Length, MostDirectoryBytes);
        for (long offset = 0; offset < end && Scan(content, offset, _superblock.BlockSize, visit); offset += _superblock.BlockSize)
        {
        }
    }

    /// <summary>
    /// Shows the entries of one block ("Linear (Classic) Directories"); those of a hash tree's nodes look empty. False to end the scan.
    /// </summary>
    private bool Scan(FileContent content, long start, long length, Func<Node, bool> visit)
    {
        byte[] block = new byte[Math.Clamp(length, 0, Math.Max(content.Length - start, 0))];
        if (!content.TryReadStructure(start, block))
        {
            return false;
        }

        Fields fields = block;
        for (int at = 0; at + EntryHeader <= block.Length;)
        {
            // With blocks of 64 KiB a length that does not fit is written as 0xffff or 0.
            int stated = fields.Le16(at + 4);
            int recordLength = block.Length == ExtSuperblock.MostBlockBytes && stated is 0xffff or 0 ? block.Length - at : stated & ~3;
            if (!Reader.TrySpend())
            {
                return false;
            }

            if (recordLength < EntryHeader)
            {
                return true;
            }

            ReadOnlySpan<byte> name = fields.Slice(at + EntryHeader, Math.Min((int)fields.U8(at + 6), recordLength - EntryHeader));
            if (fields.Le32(at) != 0 && !name.IsEmpty && !name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8)
                && !visit(new ExtNode { Name = Encoding.UTF8.GetString(name), Number = fields.Le32(at) }))
            {
                return false;
            }

            at += recordLength;
        }

        return true;
    }

    private ExtInode? ReadInode(uint number)
    {
        if (number == 0 || number > _superblock.InodeCount)
        {
            return null;
        }

        (uint group, uint index) = Math.DivRem(number - 1, _superblock.InodesPerGroup);
        byte[] descriptor = new byte[_superblock.DescriptorSize];
        if (!Reader.TryReadStructure(_superblock.DescriptorOffset(group), descriptor))
        {
            return null;
        }

        Fields fields = descriptor;
        long table = fields.Le32(8) | (_superblock.DescriptorSize >= 64 ? (long)fields.Le32(40) << 32 : 0);
        byte[] inode = new byte[_superblock.InodeSize];
        long offset = (table * _superblock.BlockSize) + ((long)index * _superblock.InodeSize);
        return table < _superblock.BlockCount && Reader.TryReadStructure(offset, inode) ? new ExtInode(inode) : null;
    }
}
