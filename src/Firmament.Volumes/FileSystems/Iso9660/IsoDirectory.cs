namespace Firmament.Volumes.FileSystems.Iso9660;

/// <summary>Reads directory records (ECMA-119 9.1).</summary>
internal sealed class IsoDirectory(VolumeReader reader, IsoVolume volume, RockRidge rockRidge)
{
    private const int FixedLength = 33;
    private const int DirectoryFlag = 0x02;
    private const int AssociatedFlag = 0x04;
    private const int MoreExtentsFlag = 0x80;
    private const int MostExtents = 1024;
    private const int TypeMask = 0xf000;

    /// <summary>The volume's root; null when its record is no directory's.</summary>
    public IsoNode? Root()
    {
        Fields record = volume.RootRecord;
        return (record.U8(25) & DirectoryFlag) == 0 || record.Le32(10) == 0 ? null : new IsoNode { Name = "", Kind = EntryKind.Directory, Extents = [ExtentOf(record)] };
    }

    /// <summary>The system use area of the directory's own record, its first.</summary>
    public byte[]? OwnSystemUse(IsoNode directory)
    {
        byte[] record = new byte[255];
        return reader.TryReadStructure(directory.Extents[0].Position, record) ? SystemUse(new Fields(record).Slice(0, record[0])).ToArray() : null;
    }

    /// <summary>The directory whose own record is at <paramref name="block"/> (RRIP 4.1.5.1).</summary>
    public IsoNode? At(uint block, string name)
    {
        byte[] record = new byte[FixedLength];
        return reader.TryReadStructure(block * (long)volume.BlockSize, record) && (record[25] & DirectoryFlag) != 0
            ? new IsoNode { Name = name, Kind = EntryKind.Directory, Extents = [ExtentOf(record)] }
            : null;
    }

    /// <summary>Shows the entries in the first <paramref name="most"/> bytes of a directory.</summary>
    public void Scan(IsoNode directory, long most, Func<Node, bool> visit)
    {
        IsoContent content = new(reader, directory.Extents);
        byte[] sector = new byte[IsoVolume.SectorSize];
        List<Run> earlier = [];
        long end = Math.Min(content.Length, most);
        for (long offset = 0; offset < end; offset += sector.Length)
        {
            // A record never crosses a sector's end, and zeros fill the rest (ECMA-119 6.8.1.1).
            int length = (int)Math.Min(sector.Length, end - offset);
            if (!content.TryReadStructure(offset, sector.AsSpan(0, length)))
            {
                return;
            }

            Fields fields = sector.AsSpan(0, length);
            for (int at = 0; fields.U8(at) > FixedLength; at += fields.U8(at))
            {
                if (!reader.TrySpend() || !Show(fields.Slice(at, fields.U8(at)), earlier, visit))
                {
                    return;
                }
            }
        }
    }

    /// <summary>Collects a file's extents, and shows it with the last of them.</summary>
    private bool Show(Fields record, List<Run> earlier, Func<Node, bool> visit)
    {
        int flags = record.U8(25);
        ReadOnlySpan<byte> identifier = record.Slice(FixedLength, record.U8(32));
        bool isSelfOrParent = identifier is [0] or [1];
        if (isSelfOrParent || identifier.IsEmpty || (flags & AssociatedFlag) != 0)
        {
            return true;
        }

        earlier.Add(ExtentOf(record));
        if ((flags & MoreExtentsFlag) != 0)
        {
            return earlier.Count < MostExtents;
        }

        Run[] extents = [.. earlier];
        earlier.Clear();
        rockRidge.Read(SystemUse(record));
        return rockRidge.IsRelocated || visit(NodeOf(IsoNames.WithoutVersion(IsoNames.Text(identifier, volume.IsJoliet)), flags, extents));
    }

    private IsoNode NodeOf(string isoName, int flags, Run[] extents) => new()
    {
        Name = rockRidge.Name ?? isoName,
        Alias = rockRidge.Name == null ? null : isoName,
        Kind = KindOf(flags),
        Length = extents.Sum(static extent => extent.Length),
        Extents = extents,
        Target = rockRidge.Target,
        ChildBlock = rockRidge.ChildBlock,
    };

    private EntryKind KindOf(int flags) => (rockRidge.Mode & TypeMask) switch
    {
        _ when rockRidge.ChildBlock != 0 || (flags & DirectoryFlag) != 0 => EntryKind.Directory,
        0xa000 => EntryKind.Link,
        0x1000 or 0x2000 or 0x6000 or 0xc000 => EntryKind.Other,
        _ => EntryKind.File,
    };

    private Run ExtentOf(Fields record) =>
        new((record.Le32(2) + (long)record.U8(1)) * volume.BlockSize, record.Le32(10));

    /// <summary>What follows the identifier, which is padded to an even length with its 33 bytes before it.</summary>
    private static ReadOnlySpan<byte> SystemUse(Fields record) => record.Slice((FixedLength + record.U8(32) + 1) & ~1);
}
