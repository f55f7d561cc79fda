namespace Firmament.Volumes.FileSystems.Ext;

/// <summary>An inode ("Index Nodes").</summary>
internal sealed class ExtInode(byte[] bytes)
{
    public const int BlockArea = 40;
    public const int BlockAreaLength = 60;

    private const uint EncryptedFlag = 0x800;
    private const uint ExtentsFlag = 0x8_0000;
    private const uint InlineDataFlag = 0x1000_0000;
    private const int TypeMask = 0xf000;
    private const uint AttributesMagic = 0xea02_0000;
    private const int SystemAttributes = 7;

    public EntryKind Kind => (Fields.Le16(0) & TypeMask) switch
    {
        0x8000 => EntryKind.File,
        0x4000 => EntryKind.Directory,
        0xa000 => EntryKind.Link,
        _ => EntryKind.Other,
    };

    public long Length => (long)(Fields.Le32(4) | ((ulong)Fields.Le32(108) << 32));

    public bool IsEncrypted => (Fields.Le32(32) & EncryptedFlag) != 0;

    public bool HasExtents => (Fields.Le32(32) & ExtentsFlag) != 0;

    public bool IsInline => (Fields.Le32(32) & InlineDataFlag) != 0;

    /// <summary>A link's text stands where block numbers would: it is shorter than their room.</summary>
    public bool IsFastLink => Kind == EntryKind.Link && !HasExtents && !IsInline && Length is > 0 and < BlockAreaLength;

    /// <summary>Block numbers, the root of an extent tree, or contents.</summary>
    public ReadOnlySpan<byte> Blocks => bytes.AsSpan(BlockArea, BlockAreaLength);

    private Fields Fields => bytes;

    /// <summary>Contents that lie in the inode: up to 60 bytes, then those of its attribute "system.data" ("Inline Data").</summary>
    public byte[] InlineContent()
    {
        ReadOnlySpan<byte> rest = SystemData();
        long length = Math.Clamp(Length, 0, BlockAreaLength + rest.Length);
        byte[] content = new byte[length];
        Blocks[..Math.Min(content.Length, BlockAreaLength)].CopyTo(content);
        if (content.Length > BlockAreaLength)
        {
            rest[..(content.Length - BlockAreaLength)].CopyTo(content.AsSpan(BlockAreaLength));
        }

        return content;
    }

    /// <summary>Looks through the attributes after the inode's fields ("Extended Attributes").</summary>
    private ReadOnlySpan<byte> SystemData()
    {
        int area = 128 + Fields.Le16(128);
        if (bytes.Length <= 128 || Fields.Le32(area) != AttributesMagic)
        {
            return default;
        }

        Fields entries = Fields.Slice(area + 4);
        for (int at = 0; entries.Le32(at) != 0; at += (16 + entries.U8(at) + 3) & ~3)
        {
            Fields entry = entries.Slice(at);
            if (entry.U8(1) == SystemAttributes && entry.U8(0) == 4 && entry.Has(16, "data"u8) && entry.Le32(4) == 0)
            {
                return entries.Slice(entry.Le16(2), (int)Math.Min(entry.Le32(8), ExtSuperblock.MostBlockBytes));
            }
        }

        return default;
    }
}
