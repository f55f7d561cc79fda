namespace Firmament.Volumes.FileSystems.Hfs;

/// <summary>
/// Recognises HFS ("Inside Macintosh: Files", 2-60, "Master Directory Blocks"), HFS+ and HFSX (Apple TN1150, "Volume Header"), and HFS+ in the
/// wrapper of HFS ("HFS Wrapper").
/// </summary>
internal static class HfsVolumes
{
    private const int HeaderOffset = 1024;
    private const int HeaderLength = 512;
    private const int Classic = 0x4244;
    private const int Plus = 0x482b;
    private const int PlusCaseSensitive = 0x4858;
    private const int MostNameBytes = 27;

    /// <summary>Above what a volume of 2^32 blocks could need; keeps offsets below 2^63.</summary>
    private const long MostBlockBytes = 1 << 28;

    /// <summary>Null when it is none of them.</summary>
    public static IFileSystem? Open(IByteSource source, VolumeReader reader)
    {
        byte[] bytes = new byte[HeaderLength];
        if (!reader.TryReadStructure(HeaderOffset, bytes))
        {
            return null;
        }

        Fields header = bytes;
        return header.Be16(0) switch
        {
            Plus or PlusCaseSensitive => OpenPlus(reader, header),
            Classic => (IFileSystem?)OpenWrapped(source, header) ?? OpenClassic(reader, header),
            _ => null,
        };
    }

    private static HfsFileSystem<HfsClassicFormat>? OpenClassic(VolumeReader reader, Fields header)
    {
        HfsGeometry geometry = new(header.Be16(28) * 512L, header.Be32(20), header.Be16(18));
        HfsFork extents = new(header.Be32(130), HfsClassicFormat.Extents(header, 134));
        HfsFork catalog = new(header.Be32(146), HfsClassicFormat.Extents(header, 150));
        string label = MacRoman.Text(header.Slice(37, Math.Min((int)header.U8(36), MostNameBytes)));
        return IsSound(geometry) ? HfsFileSystem<HfsClassicFormat>.Open(reader, "hfs", label, geometry, header.Be32(92), extents, catalog) : null;
    }

    private static HfsFileSystem<HfsPlusFormat>? OpenWrapped(IByteSource source, Fields header)
    {
        long blockSize = header.Be32(20);
        if (header.Be16(124) != Plus)
        {
            return null;
        }

        PartitionSource inner = new(source, (header.Be16(28) * 512L) + (header.Be16(126) * blockSize), header.Be16(128) * blockSize);
        VolumeReader reader = new(inner);
        reader.Begin();
        byte[] bytes = new byte[HeaderLength];
        return reader.TryReadStructure(HeaderOffset, bytes) && new Fields(bytes).Be16(0) is Plus or PlusCaseSensitive ? OpenPlus(reader, bytes) : null;
    }

    private static HfsFileSystem<HfsPlusFormat>? OpenPlus(VolumeReader reader, Fields header)
    {
        HfsGeometry geometry = new(0, header.Be32(40), header.Be32(44));

        // Finder information: the blessed folder, else the one Mac OS X starts from.
        uint blessed = header.Be32(80) != 0 ? header.Be32(80) : header.Be32(100);
        string kind = header.Be16(0) == Plus ? "hfs+" : "hfsx";
        return IsSound(geometry)
            ? HfsFileSystem<HfsPlusFormat>.Open(reader, kind, "", geometry, blessed, HfsPlusFormat.Fork(header, 192), HfsPlusFormat.Fork(header, 272))
            : null;
    }

    private static bool IsSound(HfsGeometry geometry) =>
        geometry.BlockSize is >= 512 and <= MostBlockBytes && geometry.BlockSize % 512 == 0 && geometry.BlockCount != 0;
}
