namespace Firmament.Volumes.Tests;

/// <summary>A FAT12 volume of 43 sectors: FILE.TXT of 1500 bytes in clusters 2, 3 and 5, and DIR with INNER.BIN.</summary>
internal static class TinyFat
{
    public const int Table = 512;
    public const int Root = 1024;
    public const int FirstCluster = 1536;
    public const int FileEntry = Root + 32;
    public const int DirectoryEntry = Root + 64;

    public static ImageBuilder Image()
    {
        ImageBuilder image = new(43 * 512);
        image.Put(0, 0xeb, 0x3c, 0x90).Text(3, "TESTING ").Le16(11, 512).Put(13, 1).Le16(14, 1).Put(16, 1).Le16(17, 16).Le16(19, 43).Put(21, 0xf8).Le16(22, 1)
            .Put(38, 0x29).Text(43, "NO NAME    ").Le16(510, 0xaa55);
        image.Text(Root, "MY LABEL   ").Put(Root + 11, 8);
        Entry(image, FileEntry, "FILE    TXT", 0x20, 2, 1500);
        Entry(image, DirectoryEntry, "DIR        ", 0x10, 6, 0);
        Entry(image, Cluster(6), ".          ", 0x10, 6, 0);
        Entry(image, Cluster(6) + 32, "..         ", 0x10, 0, 0);
        Entry(image, Cluster(6) + 64, "INNER   BIN", 0x20, 7, 10);
        Link(image, 0, 0xff8);
        Link(image, 1, 0xfff);
        Link(image, 2, 3);
        Link(image, 3, 5);
        Link(image, 5, 0xfff);
        Link(image, 6, 0xfff);
        Link(image, 7, 0xfff);
        image.Put(Cluster(2), Contents(0, 1024)).Put(Cluster(5), Contents(1024, 476)).Text(Cluster(7), "0123456789");
        return image;
    }

    public static byte[] Contents(int start, int length) => Sample.Contents("FILE.TXT", 1500)[start..(start + length)];

    public static int Cluster(int number) => FirstCluster + ((number - 2) * 512);

    public static void Entry(ImageBuilder image, int at, string name, int attributes, int cluster, long length) =>
        image.Text(at, name).Put(at + 11, (byte)attributes).Le16(at + 26, cluster).Le32(at + 28, length);

    public static void Link(ImageBuilder image, int cluster, int next)
    {
        int at = Table + (cluster * 3 / 2);
        int old = new Fields(image.Bytes).Le16(at);
        image.Le16(at, cluster % 2 == 0 ? (old & 0xf000) | next : (old & 0x000f) | (next << 4));
    }
}
