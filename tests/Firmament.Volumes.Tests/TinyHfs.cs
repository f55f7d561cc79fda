namespace Firmament.Volumes.Tests;

/// <summary>
/// HFS and HFS+ volumes with nodes of 512 bytes: "file" of 5 blocks, the last two of which the extents overflow file has, "dir" (blessed) with "boot" of
/// type tbxi. The catalog has an index node and two leaves. HFS+ has "link" to dir/boot and a hard link "hard" too.
/// </summary>
internal static class TinyHfs
{
    public const int Block = 512;
    public const int Overflow = 8;
    public const int Catalog = 10;
    public const int IndexNode = Catalog + 1;
    public const int FirstLeaf = Catalog + 2;
    public const int SecondLeaf = Catalog + 3;
    public const int FileId = 20;
    public const int FolderId = 21;

    public static readonly byte[] Contents = Sample.Contents("hfs file", 2400);

    public static ImageBuilder Plus()
    {
        ImageBuilder image = new(64 * Block);
        image.Be16(1024, 0x482b).Be16(1026, 4).Be32(1024 + 40, Block).Be32(1024 + 44, 64).Be32(1024 + 80, FolderId);
        image.Be64(1024 + 192, 2 * Block).Be32(1024 + 208, Overflow).Be32(1024 + 212, 2);
        image.Be64(1024 + 272, 4 * Block).Be32(1024 + 288, Catalog).Be32(1024 + 292, 4);
        Header(image, Overflow, 1);
        Node(image, Overflow + 1, 0xff, 0, [.. U16(10), 0, 0, .. U32(FileId), .. U32(3), .. U32(36), .. U32(2), .. new byte[56]]);
        Header(image, Catalog, 1);
        Node(image, IndexNode, 0, 0, [.. PlusKey(2, "dir"), .. U32(2)], [.. PlusKey(FolderId, ""), .. U32(3)]);
        byte[] folderThread = [.. PlusKey(2, ""), .. U16(3), 0, 0, .. U32(1), .. PlusName("Tiny Plus")];
        byte[] folder = [.. PlusKey(2, "dir"), .. U16(1), .. new byte[6], .. U32(FolderId), .. new byte[76]];
        Node(image, FirstLeaf, 0xff, 3, folderThread, folder, PlusFile(2, "file", FileId, "????", "????", 0x81a4, 2400, (30, 2), (33, 1)));
        Node(image, SecondLeaf, 0xff, 0, PlusFile(FolderId, "boot", 22, "tbxi", "chrp", 0x81a4, 10, (40, 1)));
        Fill(image, 0);
        return image;
    }

    public static ImageBuilder Classic()
    {
        ImageBuilder image = new(70 * Block);
        image.Be16(1024, 0x4244).Be16(1024 + 18, 64).Be32(1024 + 20, Block).Be16(1024 + 28, 4).Put(1024 + 36, 4).Text(1024 + 37, "Tiny").Be32(1024 + 92, FolderId);
        image.Be32(1024 + 130, 2 * Block).Be16(1024 + 134, Overflow).Be16(1024 + 136, 2).Be32(1024 + 146, 4 * Block).Be16(1024 + 150, Catalog).Be16(1024 + 152, 4);
        Header(image, Overflow + 4, 1);
        Node(image, Overflow + 5, 0xff, 0, [7, 0, .. U32(FileId), .. U16(3), .. U16(36), .. U16(2), .. new byte[8]]);
        Header(image, Catalog + 4, 1);
        Node(image, IndexNode + 4, 0, 0, [.. ClassicKey(2, "dir", 0x25), .. U32(2)], [.. ClassicKey(FolderId, "", 0x25), .. U32(3)]);
        byte[] folder = [.. ClassicKey(2, "dir"), 1, 0, .. new byte[4], .. U32(FolderId), .. new byte[60]];
        Node(image, FirstLeaf + 4, 0xff, 3, folder, ClassicFile(2, "file", FileId, "????", 2400, (30, 2), (33, 1)));
        Node(image, SecondLeaf + 4, 0xff, 0, ClassicFile(FolderId, "boot", 22, "tbxi", 10, (40, 1)));
        Fill(image, 4);
        return image;
    }

    /// <summary>The HFS+ volume inside an HFS volume that has only a place for it.</summary>
    public static ImageBuilder Wrapped()
    {
        ImageBuilder image = new(80 * Block);
        image.Be16(1024, 0x4244).Be16(1024 + 18, 72).Be32(1024 + 20, Block).Be16(1024 + 28, 4).Be16(1024 + 124, 0x482b).Be16(1024 + 126, 6).Be16(1024 + 128, 64);
        image.Put(10 * Block, Plus().Bytes);
        return image;
    }

    public static byte[] PlusFile(uint parent, string name, uint id, string type, string creator, int mode, int length, params (int Start, int Count)[] extents)
    {
        ImageBuilder data = new(248);
        data.Be16(0, 2).Be32(8, id).Be16(42, mode).Text(48, type).Text(52, creator).Be64(88, length);
        for (int i = 0; i < extents.Length; i++)
        {
            data.Be32(104 + (i * 8), extents[i].Start).Be32(108 + (i * 8), extents[i].Count);
        }

        return [.. PlusKey(parent, name), .. data.Bytes];
    }

    /// <summary>Writes a node: its kind, the next one, and its records with their offsets.</summary>
    public static void Node(ImageBuilder image, int block, int kind, int next, params byte[][] records)
    {
        int start = block * Block;
        image.Bytes.AsSpan(start, Block).Clear();
        image.Be32(start, next).Put(start + 8, (byte)kind).Be16(start + 10, records.Length);
        int at = 14;
        for (int i = 0; i <= records.Length; i++)
        {
            image.Be16(start + Block - (2 * (i + 1)), at);
            if (i < records.Length)
            {
                image.Put(start + at, records[i]);
                at += records[i].Length;
            }
        }
    }

    public static byte[] PlusKey(uint parent, string name) => [.. U16(6 + (2 * name.Length)), .. U32(parent), .. PlusName(name)];

    private static byte[] ClassicKey(uint parent, string name, int length = 0)
    {
        byte[] key = [(byte)(length == 0 ? 6 + name.Length : length), 0, .. U32(parent), (byte)name.Length, .. System.Text.Encoding.Latin1.GetBytes(name)];
        return [.. key, .. new byte[(key[0] + 2 & ~1) - key.Length]];
    }

    private static byte[] ClassicFile(uint parent, string name, uint id, string type, int length, params (int Start, int Count)[] extents)
    {
        ImageBuilder data = new(102);
        data.Put(0, 2).Text(4, type).Be32(20, id).Be32(26, length);
        for (int i = 0; i < extents.Length; i++)
        {
            data.Be16(74 + (i * 4), extents[i].Start).Be16(76 + (i * 4), extents[i].Count);
        }

        return [.. ClassicKey(parent, name), .. data.Bytes];
    }

    private static void Header(ImageBuilder image, int block, int root)
    {
        int start = block * Block;
        image.Put(start + 8, 1).Be16(start + 10, 3).Be16(start + 14, 1).Be32(start + 16, root).Be16(start + 14 + 18, Block);
    }

    private static void Fill(ImageBuilder image, int firstBlock) => image
        .Put((30 + firstBlock) * Block, Contents.AsSpan(0, 2 * Block))
        .Put((33 + firstBlock) * Block, Contents.AsSpan(2 * Block, Block))
        .Put((36 + firstBlock) * Block, Contents.AsSpan(3 * Block))
        .Text((40 + firstBlock) * Block, "0123456789");

    private static byte[] PlusName(string name) => [.. U16(name.Length), .. System.Text.Encoding.BigEndianUnicode.GetBytes(name)];

    private static byte[] U16(int value) => [(byte)(value >> 8), (byte)value];

    private static byte[] U32(uint value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];
}
