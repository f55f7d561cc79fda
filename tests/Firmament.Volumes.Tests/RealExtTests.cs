using Firmament.Volumes.FileSystems;

namespace Firmament.Volumes.Tests;

/// <summary>Volumes that mke2fs makes from a folder.</summary>
public sealed class RealExtTests
{
    public static TheoryData<string, string> Variants => new()
    {
        { "ext2", "-t ext2 -b 1024" },
        { "ext2", "-t ext2 -b 4096 -r 0" },
        { "ext2", "-t ext2 -b 2048 -I 128 -O ^sparse_super,^resize_inode" },
        { "ext3", "-t ext3 -b 1024" },
        { "ext4", "-t ext4 -b 1024" },
        { "ext4", "-t ext4 -b 4096" },
        { "ext4", "-t ext4 -b 4096 -O inline_data" },
        { "ext4", "-t ext4 -b 1024 -I 512 -O ^64bit,^flex_bg,^metadata_csum" },
        { "ext4", "-t ext4 -b 1024 -g 1024 -O meta_bg,^resize_inode" },
        { "ext4", "-t ext4 -b 1024 -g 512 -O ^extents,^64bit,meta_bg,^resize_inode" },
        { "ext4", "-t ext4 -b 4096 -O bigalloc,sparse_super2 -C 16384" },
        { "ext4", "-t ext4 -b 65536" },
        { "ext4", "-t ext4 -b 4096 -O casefold,large_dir,mmp" },
    };

    [Theory]
    [MemberData(nameof(Variants))]
    public void Files_of_a_volume_by_mke2fs_are_read(string kind, string options)
    {
        Tool.Require("mke2fs");
        using Scratch scratch = new();
        string tree = Sample.Write(Path.Combine(scratch.Folder, "tree"), Sample.Files, Sample.Many);
        WriteLinks(tree);
        scratch.Allocate(options.Contains("65536", StringComparison.Ordinal) ? 16 << 20 : 6 << 20);
        scratch.Run("mke2fs", [.. options.Split(' '), "-q", "-F", "-L", "guest root", "-d", tree, scratch.Image]);
        MemorySource source = new(scratch.Bytes());
        IFileSystem? volume = FileSystem.Open(source);
        Sample.Check(volume, Sample.Files, Sample.Many);
        Assert.Equal(kind, volume!.Kind);
        Assert.Equal("guest root", volume.Label);
        CheckLinks(volume);
    }

    [Fact]
    public void Holes_read_as_zeros()
    {
        Tool.Require("mke2fs");
        foreach (string type in (string[])["ext2", "ext4"])
        {
            using Scratch scratch = new();
            string tree = Directory.CreateDirectory(Path.Combine(scratch.Folder, "tree")).FullName;
            using (FileStream file = File.Create(Path.Combine(tree, "sparse")))
            {
                file.SetLength(100 << 20);
                file.Position = 77 << 20;
                file.Write(Sample.Contents("middle", 5000));
            }

            scratch.Allocate(4 << 20);
            scratch.Run("mke2fs", "-t", type, "-b", "1024", "-q", "-F", "-d", tree, scratch.Image);
            byte[] contents = Sample.ReadAll(FileSystem.Open(new MemorySource(scratch.Bytes()))?.OpenFile("sparse"));
            Assert.Equal(100 << 20, contents.Length);
            Assert.True(contents.AsSpan(77 << 20, 5000).SequenceEqual(Sample.Contents("middle", 5000)));
            Assert.False(contents.AsSpan(0, 77 << 20).ContainsAnyExcept((byte)0));
            Assert.False(contents.AsSpan((77 << 20) + 5000).ContainsAnyExcept((byte)0));
        }
    }

    [Fact]
    public void A_large_file_is_read_in_long_runs()
    {
        Tool.Require("mke2fs");
        foreach (string type in (string[])["ext2", "ext4"])
        {
            using Scratch scratch = new();
            string tree = Sample.Write(Path.Combine(scratch.Folder, "tree"), [("large", 8 << 20)]);
            scratch.Allocate(16 << 20);
            scratch.Run("mke2fs", "-t", type, "-b", "1024", "-q", "-F", "-d", tree, scratch.Image);
            MemorySource source = new(scratch.Bytes());
            IVolumeFile? file = FileSystem.Open(source)?.OpenFile("large");
            source.Reads = 0;
            source.BytesRead = 0;
            Sample.ReadAll(file);
            Assert.InRange(source.Reads, 1, 200);
            Assert.InRange(source.BytesRead, 8 << 20, 9 << 20);
        }
    }

    [Fact]
    public void A_hashed_directory_and_a_journal_in_need_of_recovery_do_not_matter()
    {
        Tool.Require("mke2fs", "debugfs");
        using Scratch scratch = new();
        string tree = Sample.Write(Path.Combine(scratch.Folder, "tree"), Sample.Many);
        scratch.Allocate(16 << 20);
        scratch.Run("mke2fs", "-t", "ext4", "-b", "1024", "-q", "-F", "-d", tree, scratch.Image);

        // e2fsck -D makes hash trees; its status 1 says that it changed the volume.
        Tool.Run(scratch.Folder, "", "e2fsck", ["-fyD", scratch.Image], mostStatus: 1);
        scratch.Run("debugfs", "-w", "-R", "feature needs_recovery", scratch.Image);
        Sample.Check(FileSystem.Open(new MemorySource(scratch.Bytes())), Sample.Many);
    }

    internal static void WriteLinks(string tree)
    {
        File.CreateSymbolicLink(Path.Combine(tree, "vmlinux"), "boot/vmlinux");
        File.CreateSymbolicLink(Path.Combine(tree, "absolute"), "/etc/conf.d/../4k");
        File.CreateSymbolicLink(Path.Combine(tree, "outside"), "../../../../one.txt");
        File.CreateSymbolicLink(Path.Combine(tree, "long"), string.Concat(Enumerable.Repeat("./boot/../", 12)) + "README.TXT");
        File.CreateSymbolicLink(Path.Combine(tree, "folder"), "etc");
        File.CreateSymbolicLink(Path.Combine(tree, "self"), "self");
        File.CreateSymbolicLink(Path.Combine(tree, "nothing"), "no/such/file");
        File.CreateSymbolicLink(Path.Combine(tree, "etc", "up"), "../one.txt");
    }

    internal static void CheckLinks(IFileSystem volume)
    {
        Assert.Equal(Sample.Contents("boot/vmlinux", 700_001), Sample.ReadAll(volume.OpenFile("/vmlinux")));
        Assert.Equal(Sample.Contents("etc/4k", 4096), Sample.ReadAll(volume.OpenFile("absolute")));
        Assert.Equal(Sample.Contents("one.txt", 1), Sample.ReadAll(volume.OpenFile("outside")));
        Assert.Equal(Sample.Contents("README.TXT", 511), Sample.ReadAll(volume.OpenFile("long")));
        Assert.Equal(Sample.Contents("etc/conf.d/net", 2049), Sample.ReadAll(volume.OpenFile(@"folder\conf.d\net")));
        Assert.Equal(Sample.Contents("one.txt", 1), Sample.ReadAll(volume.OpenFile("folder/up")));
        Assert.Null(volume.OpenFile("self"));
        Assert.Null(volume.OpenFile("nothing"));
        Assert.Contains(volume.List("/")!, static entry => entry is { Name: "self", Kind: EntryKind.Link });
        Assert.Contains(volume.List("folder")!, static entry => entry is { Name: "conf.d", Kind: EntryKind.Directory, Length: 0 });
        Assert.Equal(Sample.Contents("README.TXT", 511), Sample.ReadAll(volume.OpenFile("readme.txt")));
    }
}
