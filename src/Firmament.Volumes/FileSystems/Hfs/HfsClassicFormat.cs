namespace Firmament.Volumes.FileSystems.Hfs;

/// <summary>Records of HFS ("Inside Macintosh: Files", 2-65 to 2-75, "Data Organization on Volumes").</summary>
internal sealed class HfsClassicFormat : IHfsFormat
{
    private const int Folder = 1;
    private const int File = 2;
    private const int ExtentsEach = 3;

    private HfsClassicFormat()
    {
    }

    public static int DataOffset(Fields record) => (record.U8(0) + 2) & ~1;

    public static (uint File, int Fork, uint Block) ExtentsKey(Fields record) => (record.Be32(2), record.U8(1), record.Be16(6));

    public static HfsExtent[] Extents(Fields record, int at)
    {
        HfsExtent[] extents = new HfsExtent[ExtentsEach];
        for (int i = 0; i < ExtentsEach; i++)
        {
            extents[i] = new HfsExtent(record.Be16(at + (i * 4)), record.Be16(at + (i * 4) + 2));
        }

        return extents;
    }

    public static HfsNode? Node(Fields record)
    {
        Fields data = record.Slice(DataOffset(record));
        string name = MacRoman.Name(record.Slice(7, record.U8(6)));
        return data.U8(0) switch
        {
            Folder => new HfsNode { Name = name, Kind = EntryKind.Directory, Id = data.Be32(6) },
            File => new HfsNode
            {
                Name = name,
                Kind = EntryKind.File,
                Id = data.Be32(20),
                Length = data.Be32(26),
                FileType = MacRoman.Text(data.Slice(4, 4)),
                Data = new HfsFork(data.Be32(26), Extents(data, 74)),
            },
            _ => null,
        };
    }
}
