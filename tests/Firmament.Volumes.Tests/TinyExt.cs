namespace Firmament.Volumes.Tests;

/// <summary>
/// An ext2 volume of 64 blocks of 1 KiB: "file" of 1500 bytes in blocks 11 and 12, "dir" with "inner", "link" to dir/inner, "mapped" by an extent tree.
/// </summary>
internal static class TinyExt
{
    public const int Superblock = 1024;
    public const int InodeTable = 5 * 1024;
    public const int RootBlock = 10 * 1024;
    public const int FileInode = 12;
    public const int DirectoryInode = 13;
    public const int LinkInode = 14;
    public const int MappedInode = 15;
    public const int InnerInode = 16;

    public static ImageBuilder Image()
    {
        ImageBuilder image = new(64 * 1024);
        image.Le32(Superblock, 32).Le32(Superblock + 4, 64).Le32(Superblock + 20, 1).Le32(Superblock + 32, 8192).Le32(Superblock + 40, 32)
            .Le16(Superblock + 56, 0xef53).Le32(Superblock + 76, 1).Le16(Superblock + 88, 128).Le32(Superblock + 96, 2 | 0x40).Text(Superblock + 120, "tiny");
        image.Le32(2048 + 8, 5);
        Inode(image, 2, 0x41ed, 1024, 10);
        Inode(image, FileInode, 0x81a4, 1500, 11, 12);
        Inode(image, DirectoryInode, 0x41ed, 1024, 13);
        Inode(image, LinkInode, 0xa1ff, 9);
        image.Text(InodeAt(LinkInode) + 40, "dir/inner");
        Inode(image, InnerInode, 0x81a4, 10, 14);
        Mapped(image);
        Entries(image, RootBlock, (2, "."), (2, ".."), (FileInode, "file"), (DirectoryInode, "dir"), (LinkInode, "link"), (MappedInode, "mapped"));
        Entries(image, 13 * 1024, (DirectoryInode, "."), (2, ".."), (InnerInode, "inner"));
        image.Put(11 * 1024, Sample.Contents("file", 1500)).Text(14 * 1024, "0123456789");
        return image;
    }

    public static int InodeAt(int number) => InodeTable + ((number - 1) * 128);

    public static void Inode(ImageBuilder image, int number, int mode, int length, params int[] blocks)
    {
        image.Le16(InodeAt(number), mode).Le32(InodeAt(number) + 4, length);
        for (int i = 0; i < blocks.Length; i++)
        {
            image.Le32(InodeAt(number) + 40 + (i * 4), blocks[i]);
        }
    }

    public static void Entries(ImageBuilder image, int at, params (int Inode, string Name)[] entries)
    {
        int end = at + 1024;
        for (int i = 0; i < entries.Length; i++)
        {
            int length = i == entries.Length - 1 ? end - at : (8 + entries[i].Name.Length + 3) & ~3;
            image.Le32(at, entries[i].Inode).Le16(at + 4, length).Put(at + 6, (byte)entries[i].Name.Length).Text(at + 8, entries[i].Name);
            at += length;
        }
    }

    /// <summary>6 KiB: a tree of depth 1 in block 20, with blocks 21 and 22, a hole of two blocks, block 23, and an unwritten block.</summary>
    private static void Mapped(ImageBuilder image)
    {
        Inode(image, MappedInode, 0x81a4, 6144);
        int inode = InodeAt(MappedInode);
        image.Le32(inode + 32, 0x80000);
        image.Le16(inode + 40, 0xf30a).Le16(inode + 42, 1).Le16(inode + 44, 4).Le16(inode + 46, 1).Le32(inode + 52, 0).Le32(inode + 56, 20);
        const int node = 20 * 1024;
        image.Le16(node, 0xf30a).Le16(node + 2, 3).Le16(node + 4, 84).Le16(node + 6, 0);
        Extent(image, node + 12, 0, 2, 21);
        Extent(image, node + 24, 4, 1, 23);
        Extent(image, node + 36, 5, 32_769, 24);
        image.Put(21 * 1024, Sample.Contents("mapped", 2048)).Put(23 * 1024, Sample.Contents("tail", 1024)).Put(24 * 1024, Sample.Contents("unwritten", 1024));
    }

    private static void Extent(ImageBuilder image, int at, int block, int length, int start) =>
        image.Le32(at, block).Le16(at + 4, length).Le32(at + 8, start);
}
