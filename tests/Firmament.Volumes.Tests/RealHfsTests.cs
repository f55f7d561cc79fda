using Firmament.Volumes.FileSystems;
using Firmament.Volumes.Labels;

namespace Firmament.Volumes.Tests;

/// <summary>HFS volumes that hfsutils and genisoimage make.</summary>
public sealed class RealHfsTests
{
    [Fact]
    public void Files_of_a_volume_by_hformat_are_read()
    {
        Tool.Require("hformat");
        using Scratch scratch = new();
        (string Path, int Length)[] files = [("one.txt", 1), ("vmlinux", 700_001), ("empty", 0), .. Enumerable.Range(0, 200).Select(static i => ($"entry number {i}", i * 7))];
        Sample.Write(scratch.Folder, files);
        scratch.Allocate(8 << 20);
        scratch.Run("hformat", "-l", "Guest Root", scratch.Image);
        scratch.Run("hmkdir", ":folder");
        scratch.Run("hcopy", ["-r", .. files.Select(static file => file.Path), ":"]);
        scratch.Run("hcopy", "-r", "vmlinux", ":folder:");
        scratch.Run("hattrib", "-t", "tbxi", "-c", "chrp", ":folder:vmlinux");
        scratch.Run("hattrib", "-b", ":folder");
        scratch.Run("humount");
        IFileSystem? volume = FileSystem.Open(new MemorySource(scratch.Bytes()));
        Sample.Check(volume, files);
        Assert.Equal("hfs", volume!.Kind);
        Assert.Equal("Guest Root", volume.Label);
        Assert.Equal(700_001, volume.OpenFile(@"\\:tbxi")?.Length);
        Assert.Equal(700_001, volume.OpenFile(@"\\VMLINUX")?.Length);
        Assert.Equal(700_001, volume.OpenFile(@"\FOLDER\:tbxi")?.Length);
        Assert.Null(volume.OpenFile(@"\\one.txt"));
    }

    [Fact]
    public void A_file_in_many_pieces_uses_the_extents_overflow_file()
    {
        Tool.Require("hformat");
        using Scratch scratch = new();
        (string Path, int Length)[] small = [.. Enumerable.Range(0, 80).Select(static i => ($"small{i}", 3000))];
        Sample.Write(scratch.Folder, small, [("large", 900_000)]);
        scratch.Allocate(1 << 20);
        scratch.Run("hformat", "-l", "Pieces", scratch.Image);
        scratch.Run("hcopy", ["-r", .. small.Select(static file => file.Path), ":"]);
        for (int i = 0; i < small.Length; i += 2)
        {
            scratch.Run("hdel", $":small{i}");
        }

        File.WriteAllBytes(Path.Combine(scratch.Folder, "large"), Sample.Contents("large", 820_000));
        scratch.Run("hcopy", "-r", "large", ":");
        scratch.Run("humount");
        Sample.Check(FileSystem.Open(new MemorySource(scratch.Bytes())), [("large", 820_000)], small.Where(static (_, i) => i % 2 == 1));
    }

    [Fact]
    public void An_HFS_hybrid_of_genisoimage_is_read_both_ways()
    {
        Tool.Require("genisoimage");
        using Scratch scratch = new();
        string tree = Sample.Write(Path.Combine(scratch.Folder, "tree"), [("ppc/bootinfo.txt", 300), ("boot/vmlinux", 700_001), ("boot/ofboot.b", 200)]);
        File.WriteAllText(Path.Combine(scratch.Folder, "map"), ".b Raw 'chrp' 'tbxi' \"boot\"\n* Raw '????' '????' \"other\"\n");
        scratch.Run(
            "genisoimage", "-quiet", "-R", "-hfs", "-part", "-map", "map", "-hfs-bless", Path.Combine(tree, "boot"), "-hfs-volid", "Mac Name", "-V", "ISO_NAME", "-o", scratch.Image, tree);
        MemorySource source = new(scratch.Bytes(), 2048);
        DiskLabel label = DiskLabel.Read(source);
        Assert.Equal((DiskLabelKind.Apple, true), (label.Kind, label.HasIso9660));
        Assert.Equal("ISO_NAME", FileSystem.Open(source)?.Label);
        Partition hfs = label.Partitions.First(static partition => partition.TypeName == "Apple_HFS");
        IFileSystem? volume = FileSystem.Open(hfs.Open(source));
        Assert.Equal(("hfs", "Mac Name"), (volume?.Kind, volume?.Label));
        Assert.Equal(Sample.Contents("boot/vmlinux", 700_001), Sample.ReadAll(volume!.OpenFile(@"boot\vmlinux")));
        Assert.Equal(Sample.Contents("boot/ofboot.b", 200), Sample.ReadAll(volume.OpenFile(@"\\:tbxi")));
    }
}
