namespace Firmament.Volumes.FileSystems.Fat;

/// <summary>FAT12, FAT16 and FAT32 with long names. Only the first table is read. Not modelled: exFAT.</summary>
internal sealed class FatFileSystem : TreeFileSystem
{
    private const int EntryLength = 32;
    private const int LabelAttribute = 0x08;
    private const int DirectoryAttribute = 0x10;
    private const int LongNameAttributes = 0x0f;
    private const int Deleted = 0xe5;

    /// <summary>A directory has at most 65,536 entries (ibid., "FAT Directory Structure").</summary>
    private const int MostTableBytes = 65_536 * EntryLength;

    private readonly FatTable _table;

    private FatFileSystem(VolumeReader reader, FatTable table, string label)
        : base(reader)
    {
        _table = table;
        Label = FindLabel() ?? label;
    }

    public override string Kind => $"fat{_table.Geometry.Bits}";

    public override string Label { get; }

    protected override Node Root { get; } = new FatNode { Name = "", Kind = EntryKind.Directory, IsRoot = true };

    /// <summary>Null when the boot sector is not that of a FAT volume.</summary>
    public static FatFileSystem? Open(VolumeReader reader)
    {
        byte[] sector = new byte[FatGeometry.BootSectorLength];
        if (!reader.TryReadStructure(0, sector) || FatGeometry.Read(sector) is not { } geometry
            || geometry.TableOffset + geometry.TableLength > reader.Length)
        {
            return null;
        }

        // The extended boot signature says that a label follows.
        Fields boot = sector;
        int extended = geometry.Bits == 32 ? 66 : 38;
        string label = boot.U8(extended) == 0x29 ? FatNames.Text(boot.Slice(extended + 5, 11)) : "";
        return new FatFileSystem(reader, new FatTable(reader, geometry), label == "NO NAME" ? "" : label);
    }

    protected override void Scan(Node directory, Func<Node, bool> visit)
    {
        FatNames names = new();
        Read((FatNode)directory, entry =>
        {
            int attributes = entry[11];
            if (attributes == LongNameAttributes)
            {
                names.AddPart(entry);
                return true;
            }

            if ((attributes & LabelAttribute) != 0 || entry[0] is Deleted or (byte)'.')
            {
                names.Clear();
                return true;
            }

            return visit(NodeOf(entry, names));
        });
    }

    protected override FileContent? ContentOf(Node file) => new FatContent(Reader, _table, ((FatNode)file).FirstCluster, file.Length);

    private FatNode NodeOf(Fields entry, FatNames names)
    {
        string shortName = FatNames.Short(entry);
        bool isDirectory = (entry.U8(11) & DirectoryAttribute) != 0;
        uint high = _table.Geometry.Bits == 32 ? (uint)entry.Le16(20) << 16 : 0;
        return new FatNode
        {
            Name = names.TakeLong(entry) ?? shortName,
            Alias = shortName,
            Kind = isDirectory ? EntryKind.Directory : EntryKind.File,
            Length = isDirectory ? 0 : entry.Le32(28),
            FirstCluster = high | entry.Le16(26),
        };
    }

    private string? FindLabel()
    {
        string? label = null;
        Read((FatNode)Root, entry =>
        {
            bool isLabel = (entry[11] & (LabelAttribute | DirectoryAttribute)) == LabelAttribute && entry[11] != LongNameAttributes && entry[0] != Deleted;
            label = isLabel ? FatNames.Text(entry.AsSpan(0, 11)) : null;
            return label == null;
        });
        return label;
    }

    /// <summary>Shows the entries of a directory as they are, up to its end mark.</summary>
    private void Read(FatNode directory, Func<byte[], bool> visit)
    {
        FileContent content = ContentOf(directory);
        byte[] entry = new byte[EntryLength];
        for (long offset = 0; offset + EntryLength <= content.Length; offset += EntryLength)
        {
            if (!content.TryReadStructure(offset, entry) || entry[0] == 0 || !visit(entry))
            {
                return;
            }
        }
    }

    private FileContent ContentOf(FatNode directory)
    {
        FatGeometry geometry = _table.Geometry;
        return directory.IsRoot && geometry.Bits != 32
            ? new FatFixedContent(Reader, geometry.RootOffset, geometry.RootLength)
            : new FatContent(Reader, _table, directory.IsRoot ? geometry.RootCluster : directory.FirstCluster, MostTableBytes);
    }
}
