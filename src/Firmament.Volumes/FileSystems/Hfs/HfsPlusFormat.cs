using System.Text;

namespace Firmament.Volumes.FileSystems.Hfs;

/// <summary>Records of HFS+ and HFSX (Apple TN1150, "Catalog File", "Extents Overflow File").</summary>
internal sealed class HfsPlusFormat : IHfsFormat
{
    private const int Folder = 1;
    private const int File = 2;
    private const int ExtentsEach = 8;
    private const int ForkHeader = 16;
    private const int MostNameUnits = 255;
    private const int TypeMask = 0xf000;
    private const int LinkType = 0xa000;

    private HfsPlusFormat()
    {
    }

    public static int DataOffset(Fields record) => record.Be16(0) + 2;

    public static (uint File, int Fork, uint Block) ExtentsKey(Fields record) => (record.Be32(4), record.U8(2), record.Be32(8));

    public static HfsExtent[] Extents(Fields record, int at)
    {
        HfsExtent[] extents = new HfsExtent[ExtentsEach];
        for (int i = 0; i < ExtentsEach; i++)
        {
            extents[i] = new HfsExtent(record.Be32(at + (i * 8)), record.Be32(at + (i * 8) + 4));
        }

        return extents;
    }

    /// <summary>A fork's description: size, then extents ("Fork Data Structure").</summary>
    public static HfsFork Fork(Fields fields, int at) => new((long)fields.Be64(at), Extents(fields, at + ForkHeader));

    /// <summary>Composed as far as Latin-1 goes; "/", which only the Finder's user sees, is written ":" as on Mac OS X.</summary>
    public static string Name(Fields fields, int at)
    {
        int length = Math.Min((int)fields.Be16(at), MostNameUnits) * 2;
        ReadOnlySpan<byte> units = fields.Slice(at + 2, length);
        return VolumePath.Compose(Encoding.BigEndianUnicode.GetString(units[..(units.Length & ~1)]).Replace('/', ':'));
    }

    public static HfsNode? Node(Fields record)
    {
        Fields data = record.Slice(DataOffset(record));
        string name = Name(record, 6);
        return data.Be16(0) switch
        {
            Folder => new HfsNode { Name = name, Kind = EntryKind.Directory, Id = data.Be32(8) },
            File => FileNode(name, data),
            _ => null,
        };
    }

    private static HfsNode FileNode(string name, Fields data)
    {
        HfsFork fork = Fork(data, 88);
        string type = MacRoman.Text(data.Slice(48, 4));
        bool isHardLink = type == "hlnk" && MacRoman.Text(data.Slice(52, 4)) == "hfs+";
        return new HfsNode
        {
            Name = name,
            Kind = (data.Be16(42) & TypeMask) == LinkType ? EntryKind.Link : EntryKind.File,
            Id = data.Be32(8),
            Length = Math.Max(fork.Length, 0),
            FileType = type,
            Data = fork,
            LinkedFile = isHardLink ? data.Be32(44) : 0,
        };
    }
}
