namespace Firmament.Volumes.Tests;

/// <summary>An ISO 9660 volume with Rock Ridge: "file name" in two extents, "dir" with "inner", "link" to dir/inner, "deep" moved to sector 24.</summary>
internal static class TinyIso
{
    public const int Sector = 2048;
    public const int Root = 18 * Sector;
    public const int Directory = 20 * Sector;
    public const int Moved = 24 * Sector;
    public const int Continuation = 25 * Sector;

    public static ImageBuilder Image()
    {
        ImageBuilder image = new(30 * Sector);
        image.Put(16 * Sector, 1).Text((16 * Sector) + 1, "CD001").Text((16 * Sector) + 40, "TINY".PadRight(32)).Le16((16 * Sector) + 128, Sector);
        image.Put(17 * Sector, 255).Text((17 * Sector) + 1, "CD001");
        Record((16 * Sector) + 156, image, 2, 18, Sector, "\0", "");
        int at = Record(Root, image, 2, 18, Sector, "\0", "SP\u0007\u0001\u00be\u00ef\0");
        at = Record(at, image, 2, 18, Sector, "\u0001", "");
        at = Record(at, image, 0x80, 19, Sector, "FILE_NAM.;1", Name("file name"));
        at = Record(at, image, 0, 21, 1000, "FILE_NAM.;1", Name("file name"));
        at = Record(at, image, 2, 20, Sector, "DIR", Name("dir"));
        at = Record(at, image, 0, 0, 0, "LINK.;1", Name("link") + "PX\u0024\u0001\u00ff\u00a1" + new string('\0', 30) + "SL\u0011\u0001\0\0\u0003dir\0\u0005inner");
        at = Record(at, image, 0, 23, 1, "DEEP.;1", Name("deep") + "CL\u000c\u0001\u0018\0\0\0\0\0\0\u0018");
        Record(at, image, 0, 23, 10, "CONTINUE.;1", "CE\u001c\u0001\u0019\0\0\0\0\0\0\u0019\0\0\0\0\0\0\0\0\u0013\0\0\0\0\0\0\u0013");
        image.Text(Continuation, Name("continued name"));
        at = Record(Directory, image, 2, 20, Sector, "\0", "");
        at = Record(at, image, 2, 18, Sector, "\u0001", "");
        Record(at, image, 0, 23, 10, "INNER.;1", Name("inner"));
        at = Record(Moved, image, 2, 24, Sector, "\0", "");
        at = Record(at, image, 2, 18, Sector, "\u0001", "");
        Record(at, image, 0, 23, 10, "BELOW.;1", Name("below"));
        byte[] contents = Sample.Contents("file name", 3048);
        image.Put(19 * Sector, contents.AsSpan(0, Sector)).Put(21 * Sector, contents.AsSpan(Sector)).Text(23 * Sector, "0123456789");
        return image;
    }

    public static string Name(string name) => $"NM{(char)(5 + name.Length)}\u0001\0{name}";

    public static int Record(int at, ImageBuilder image, int flags, int sector, int length, string identifier, string systemUse)
    {
        int start = (33 + identifier.Length + 1) & ~1;
        int total = (start + systemUse.Length + 1) & ~1;
        image.Put(at, (byte)total).Le32(at + 2, sector).Be32(at + 6, sector).Le32(at + 10, length).Be32(at + 14, length).Put(at + 25, (byte)flags)
            .Put(at + 32, (byte)identifier.Length).Text(at + 33, identifier).Text(at + start, systemUse);
        return at + total;
    }
}
