using Firmament.Volumes.FileSystems;

namespace Firmament.Volumes.Tests;

/// <summary>Volumes whose links go in circles and whose sizes have no end: every operation ends, with few reads.</summary>
public sealed class HostileVolumeTests
{
    private const int FewReads = 50;

    [Fact]
    public void A_chain_of_clusters_that_comes_back_ends()
    {
        ImageBuilder image = TinyFat.Image();
        TinyFat.Link(image, 5, 2);
        TinyFat.Link(image, 6, 6);
        image.Le32(TinyFat.FileEntry + 28, 4_000_000_000);
        MemorySource source = image.Source;
        IFileSystem volume = FileSystem.Open(source)!;
        IVolumeFile file = volume.OpenFile("file.txt")!;
        Assert.True(file.TryRead(0, new byte[1500]));
        Assert.False(file.TryRead(3_999_999_000, new byte[1000]));
        Assert.False(file.TryRead(0, new byte[40 * 512]));
        Assert.InRange(volume.List("dir")!.Count, 1, 40);
        Assert.InRange(source.Reads, 1, FewReads);
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(2, 1)]
    [InlineData(2, 45)]
    [InlineData(2, 0xff7)]
    [InlineData(5, 0xabc)]
    public void A_broken_chain_gives_what_comes_before_the_break(int cluster, int next)
    {
        ImageBuilder image = TinyFat.Image();
        TinyFat.Link(image, cluster, next);
        IVolumeFile file = FileSystem.Open(image.Source)!.OpenFile("file.txt")!;
        Assert.True(file.TryRead(0, new byte[512]));
        Assert.Equal(cluster == 5, file.TryRead(0, new byte[1500]));
    }

    [Theory]
    [InlineData(11, 0x01)]
    [InlineData(12, 0x20)]
    [InlineData(13, 0)]
    [InlineData(13, 3)]
    [InlineData(14, 0)]
    [InlineData(16, 0)]
    [InlineData(16, 9)]
    [InlineData(19, 3)]
    [InlineData(21, 0x33)]
    [InlineData(22, 0)]
    public void A_boot_sector_with_impossible_numbers_is_no_FAT(int at, int value)
    {
        ImageBuilder image = TinyFat.Image();
        image.Bytes[at] = (byte)value;
        Assert.Null(FileSystem.Open(image.Source));
    }

    [Fact]
    public void A_long_name_that_belongs_to_another_entry_is_not_used()
    {
        ImageBuilder image = TinyFat.Image();

        // A last part, number 1, with a wrong sum; then one whose parts are out of order.
        image.Put(TinyFat.DirectoryEntry + 32, 0x41, (byte)'x').Put(TinyFat.DirectoryEntry + 32 + 11, 0x0f, 0, 0x55);
        TinyFat.Entry(image, TinyFat.DirectoryEntry + 64, "OTHER   TXT", 0x20, 7, 10);
        image.Put(TinyFat.DirectoryEntry + 96, 0x43, (byte)'x').Put(TinyFat.DirectoryEntry + 96 + 11, 0x0f, 0, 0x55);
        image.Put(TinyFat.DirectoryEntry + 128, 0x01, (byte)'x').Put(TinyFat.DirectoryEntry + 128 + 11, 0x0f, 0, 0x55);
        TinyFat.Entry(image, TinyFat.DirectoryEntry + 160, "THIRD      ", 0x20, 7, 10);
        Assert.Equal(["FILE.TXT", "DIR", "OTHER.TXT", "THIRD"], FileSystem.Open(image.Source)!.List("")!.Select(static entry => entry.Name));
    }

    [Fact]
    public void An_extent_tree_that_contains_itself_or_is_too_deep_ends()
    {
        foreach (int depth in (int[])[1, 2, 5, 6, 65_535])
        {
            ImageBuilder image = TinyExt.Image();
            image.Le16(TinyExt.InodeAt(TinyExt.MappedInode) + 46, depth);
            image.Le16(20 * 1024 + 2, 1).Le16((20 * 1024) + 6, depth == 1 ? 1 : depth - 1).Le32((20 * 1024) + 16, 20).Le32((20 * 1024) + 20, 0);
            MemorySource source = image.Source;
            IVolumeFile file = FileSystem.Open(source)!.OpenFile("mapped")!;
            Assert.False(file.TryRead(0, new byte[6144]));
            Assert.InRange(source.Reads, 1, FewReads);
        }
    }

    [Fact]
    public void A_file_larger_than_any_volume_reads_as_zeros_where_it_has_no_blocks()
    {
        ImageBuilder image = TinyExt.Image();
        image.Le32(TinyExt.InodeAt(TinyExt.MappedInode) + 108, 0x7fffffff);
        MemorySource source = image.Source;
        IVolumeFile file = FileSystem.Open(source)!.OpenFile("mapped")!;
        Assert.InRange(file.Length, 1L << 60, long.MaxValue);
        Assert.True(file.TryRead(1L << 41, new byte[100_000]));
        Assert.False(file.TryRead(1L << 43, new byte[100_000]));
        Assert.False(file.TryRead(file.Length - 10, new byte[11]));
        Assert.False(file.TryRead(-1, new byte[1]));
        Assert.False(file.TryRead(long.MaxValue, new byte[1]));
        Assert.InRange(source.Reads, 1, FewReads);

        image.Le32(TinyExt.InodeAt(TinyExt.FileInode) + 108, 0x80000000);
        Assert.Null(FileSystem.Open(image.Source)!.OpenFile("file"));
    }

    [Fact]
    public void A_directory_without_end_is_listed_to_the_limit()
    {
        // An extent of 32,768 blocks that all have the same two entries: the disk repeats.
        ImageBuilder image = TinyExt.Image();
        int inode = TinyExt.InodeAt(TinyExt.DirectoryInode);
        image.Le32(inode + 32, 0x80000).Le32(inode + 108, 0x1000).Le32(TinyExt.Superblock + 4, 0xffffffff);
        image.Le16(inode + 40, 0xf30a).Le16(inode + 42, 1).Le16(inode + 44, 4).Le16(inode + 46, 0).Le32(inode + 52, 0).Le16(inode + 56, 32_768).Le32(inode + 60, 0);
        for (int block = 30; block < 64; block++)
        {
            TinyExt.Entries(image, block * 1024, [.. Enumerable.Range(0, 40).Select(static i => (TinyExt.InnerInode, $"name{i}"))]);
        }

        MemorySource source = new(image.Bytes) { Length = long.MaxValue, Repeats = true };
        IFileSystem volume = FileSystem.Open(source)!;
        source.Reads = 0;
        Assert.InRange(volume.List("dir")!.Count, 1, 65_536);
        Assert.InRange(source.Reads, 1, VolumeReader.OperationBudget / VolumeReader.MissCost);
        source.Reads = 0;
        Assert.Null(volume.OpenFile("dir/not there"));
        Assert.InRange(source.Reads, 1, VolumeReader.OperationBudget / VolumeReader.MissCost);
    }

    [Fact]
    public void A_directory_of_holes_ends()
    {
        ImageBuilder image = TinyExt.Image();
        int inode = TinyExt.InodeAt(TinyExt.DirectoryInode);
        image.Le32(inode + 108, 0x7fffffff).Le32(inode + 40, 0);
        MemorySource source = image.Source;
        Assert.Empty(FileSystem.Open(source)!.List("dir")!);
        Assert.InRange(source.Reads, 1, FewReads);
    }

    [Fact]
    public void Links_that_lead_to_themselves_or_out_end_or_stay()
    {
        ImageBuilder image = TinyExt.Image();
        image.Text(TinyExt.InodeAt(TinyExt.LinkInode) + 40, "link/link");
        Assert.Null(FileSystem.Open(image.Source)!.OpenFile("link"));
        image.Text(TinyExt.InodeAt(TinyExt.LinkInode) + 40, "../..////").Le32(TinyExt.InodeAt(TinyExt.LinkInode) + 4, 9);
        Assert.NotNull(FileSystem.Open(image.Source)!.OpenFile("link/file"));
        image.Text(TinyExt.InodeAt(TinyExt.LinkInode) + 40, "\0\0\0\0\0\0\0\0\0");
        Assert.Null(FileSystem.Open(image.Source)!.OpenFile("link"));
        image.Le32(TinyExt.InodeAt(TinyExt.LinkInode) + 4, 4_000_000_000);
        Assert.Null(FileSystem.Open(image.Source)!.OpenFile("link"));
    }

    [Theory]
    [InlineData(24, 10)]
    [InlineData(24, 0xffffffff)]
    [InlineData(40, 0)]
    [InlineData(32, 0)]
    [InlineData(96, 0x8)]
    [InlineData(96, 0x80000000)]
    [InlineData(88, 100)]
    [InlineData(88, 8192)]
    [InlineData(4, 0)]
    [InlineData(0, 1)]
    [InlineData(56, 0xef52)]
    public void A_superblock_with_impossible_numbers_is_no_ext2(int at, long value)
    {
        ImageBuilder image = TinyExt.Image();
        image.Le32(TinyExt.Superblock + at, value);
        Assert.Null(FileSystem.Open(image.Source));
    }

    [Theory]
    [InlineData(TinyHfs.IndexNode, 1)]
    [InlineData(TinyHfs.IndexNode, 0)]
    [InlineData(TinyHfs.IndexNode, 100_000)]
    public void A_B_tree_that_contains_itself_ends(int node, int child)
    {
        ImageBuilder image = TinyHfs.Plus();
        byte[] record = [.. TinyHfs.PlusKey(2, "dir"), 0, (byte)(child >> 16), (byte)(child >> 8), (byte)child];
        TinyHfs.Node(image, node, 0, 0, record);
        MemorySource source = image.Source;
        IFileSystem volume = FileSystem.Open(source)!;
        Assert.Empty(volume.List("")!);
        Assert.Null(volume.OpenFile("file"));
        Assert.InRange(source.Reads, 1, FewReads);
    }

    [Fact]
    public void Leaves_that_form_a_circle_are_shown_once()
    {
        ImageBuilder image = TinyHfs.Plus();
        byte[][] files = [TinyHfs.PlusFile(2, "a", 30, "????", "????", 0x81a4, 0)];
        TinyHfs.Node(image, TinyHfs.FirstLeaf, 0xff, 3, files);
        TinyHfs.Node(image, TinyHfs.SecondLeaf, 0xff, 2, files);
        MemorySource source = image.Source;
        Assert.Equal(2, FileSystem.Open(source)!.List("")!.Count);
        Assert.InRange(source.Reads, 1, FewReads);
    }

    [Fact]
    public void Extents_beyond_the_volume_and_missing_ones_are_not_read()
    {
        foreach ((int start, int count) in ((int, int)[])[(60, 10), (1000, 1), (30, 0), (30, -1)])
        {
            ImageBuilder image = TinyHfs.Plus();
            TinyHfs.Node(image, TinyHfs.SecondLeaf, 0xff, 0, TinyHfs.PlusFile(TinyHfs.FolderId, "boot", 22, "tbxi", "chrp", 0x81a4, 2000, (start, count)));
            Assert.False(FileSystem.Open(image.Source)!.OpenFile("dir/boot")!.TryRead(0, new byte[2000]));
        }
    }

    [Fact]
    public void Symbolic_and_hard_links_of_HFS_plus_are_followed()
    {
        ImageBuilder image = TinyHfs.Plus();
        byte[] hardLink = TinyHfs.PlusFile(TinyHfs.FolderId, "hard", 23, "hlnk", "hfs+", 0x81a4, 0);
        hardLink[TinyHfs.PlusKey(TinyHfs.FolderId, "hard").Length + 47] = 99;
        TinyHfs.Node(image, TinyHfs.SecondLeaf, 0xff, 0, hardLink);
        Assert.Null(FileSystem.Open(image.Source)!.OpenFile("dir/hard"));

        TinyHfs.Node(image, TinyHfs.SecondLeaf, 0xff, 0, TinyHfs.PlusFile(TinyHfs.FolderId, "link", 24, "slnk", "rhap", 0xa1ff, 7, (50, 1)));
        image.Text(50 * TinyHfs.Block, "../file");
        Assert.Equal(TinyHfs.Contents, Sample.ReadAll(FileSystem.Open(image.Source)!.OpenFile("dir/link")));

        byte[] privateFolder = [.. TinyHfs.PlusKey(2, "\0\0\0\0HFS+ Private Data"), 0, 1, .. new byte[6], 0, 0, 0, 40, .. new byte[76]];
        TinyHfs.Node(image, TinyHfs.FirstLeaf, 0xff, 3, privateFolder, [.. TinyHfs.PlusKey(2, "dir"), 0, 1, .. new byte[6], 0, 0, 0, TinyHfs.FolderId, .. new byte[76]]);
        TinyHfs.Node(image, TinyHfs.SecondLeaf, 0xff, 4, hardLink);
        TinyHfs.Node(image, TinyHfs.Catalog + 4, 0xff, 5, TinyHfs.PlusFile(TinyHfs.FolderId, "zero", 26, "????", "????", 0x81a4, 0));
        image.Be32(1024 + 292, 6).Be64(1024 + 272, 6 * TinyHfs.Block);
        TinyHfs.Node(image, TinyHfs.Catalog + 5, 0xff, 0, TinyHfs.PlusFile(40, "iNode99", 25, "????", "????", 0x81a4, 10, (40, 1)));
        IFileSystem volume = FileSystem.Open(image.Source)!;
        Assert.Equal("0123456789", Sample.ReadText(volume.OpenFile("dir/hard")));
        Assert.Equal([new DirectoryEntry("hard", EntryKind.File, 10), new DirectoryEntry("zero", EntryKind.File, 0)], volume.List("dir")!);
        Assert.Equal(["dir"], volume.List("")!.Select(static entry => entry.Name));
    }

    [Theory]
    [InlineData(40, 0)]
    [InlineData(40, 100)]
    [InlineData(40, 0xffffffff)]
    [InlineData(44, 0)]
    [InlineData(272, 0xffffffff)]
    [InlineData(288, 0xffffffff)]
    public void A_volume_header_with_impossible_numbers_is_no_HFS_plus(int at, long value)
    {
        ImageBuilder image = TinyHfs.Plus();
        image.Be32(1024 + at, value);
        Assert.Null(FileSystem.Open(image.Source));
    }

    [Fact]
    public void A_continuation_area_that_continues_in_itself_ends()
    {
        ImageBuilder image = TinyIso.Image();
        image.Text(TinyIso.Continuation, "CE\u001c\u0001\u0019\0\0\0\0\0\0\u0019\0\0\0\0\0\0\0\0\u001c\0\0\0\0\0\0\u001c");
        MemorySource source = image.Source;
        IFileSystem volume = FileSystem.Open(source)!;
        Assert.NotNull(volume.OpenFile("continue"));
        Assert.InRange(source.Reads, 1, FewReads);
    }

    [Fact]
    public void A_moved_directory_that_contains_itself_ends_with_the_path()
    {
        ImageBuilder image = TinyIso.Image();
        int at = TinyIso.Record(TinyIso.Moved, image, 2, 24, TinyIso.Sector, "\0", "");
        at = TinyIso.Record(at, image, 2, 18, TinyIso.Sector, "\u0001", "");
        TinyIso.Record(at, image, 0, 23, 1, "DEEP.;1", TinyIso.Name("deep") + "CL\u000c\u0001\u0018\0\0\0\0\0\0\u0018");
        MemorySource source = image.Source;
        IFileSystem volume = FileSystem.Open(source)!;
        Assert.Single(volume.List(string.Concat(Enumerable.Repeat("deep/", 500)))!);
        Assert.Null(volume.List(string.Concat(Enumerable.Repeat("deep/", 5000))));
        Assert.InRange(source.Reads, 1, FewReads);
    }

    [Fact]
    public void A_directory_of_4_GiB_on_a_CD_ends_at_the_limit()
    {
        ImageBuilder image = TinyIso.Image();
        int at = TinyIso.Record(TinyIso.Directory, image, 2, 20, TinyIso.Sector, "\0", "");
        for (int i = 0; i < 40; i++)
        {
            at = TinyIso.Record(at, image, 0, 23, 10, $"N{i}.;1", "");
        }

        image.Le32(16 * TinyIso.Sector + 156 + 10, 0xffffffff);
        MemorySource source = new(image.Bytes) { Length = long.MaxValue, Repeats = true };
        IFileSystem volume = FileSystem.Open(source)!;
        source.Reads = 0;
        Assert.InRange(volume.List("")!.Count, 40, 65_536);
        Assert.InRange(source.Reads, 1, VolumeReader.OperationBudget / VolumeReader.MissCost);
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 'X')]
    [InlineData(129, 0)]
    [InlineData(156 + 25, 0)]
    [InlineData(156 + 4, 0xff)]
    public void A_descriptor_with_impossible_numbers_is_no_ISO_9660(int at, int value)
    {
        ImageBuilder image = TinyIso.Image();
        image.Bytes[(16 * TinyIso.Sector) + at] = (byte)value;
        Assert.Null(FileSystem.Open(image.Source));
    }
}
