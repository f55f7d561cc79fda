using Firmament.Volumes.FileSystems;
using Firmament.Volumes.Labels;

namespace Firmament.Volumes.Tests;

/// <summary>CD images that genisoimage and xorriso make.</summary>
public sealed class RealIsoTests
{
    private static readonly (string Path, int Length)[] Deep = [("d1/d2/d3/d4/d5/d6/d7/d8/d9/d10/file", 100), ("d1/d2/d3/d4/d5/d6/d7/d8/other", 3000)];

    [Theory]
    [InlineData("genisoimage", "-quiet -R")]
    [InlineData("genisoimage", "-quiet -R -J -joliet-long")]
    [InlineData("genisoimage", "-quiet -J -joliet-long")]
    [InlineData("xorriso", "-as mkisofs -quiet -R")]
    [InlineData("xorriso", "-as mkisofs -quiet -R -J -joliet-long -iso-level 4")]
    public void Files_of_a_CD_have_their_long_names(string tool, string options)
    {
        Tool.Require(tool);
        using Scratch scratch = new();
        bool rockRidge = options.Contains("-R", StringComparison.Ordinal);
        string tree = Sample.Write(Path.Combine(scratch.Folder, "tree"), Sample.Files, Sample.Many, rockRidge ? Deep : []);
        if (rockRidge)
        {
            RealExtTests.WriteLinks(tree);
        }

        scratch.Run(tool, [.. options.Split(' '), "-V", "GUEST CD", "-o", scratch.Image, tree]);
        IFileSystem? volume = FileSystem.Open(new MemorySource(scratch.Bytes(), 2048));
        Sample.Check(volume, Sample.Files, Sample.Many, rockRidge ? Deep : []);
        Assert.Equal("iso9660", volume!.Kind);
        Assert.Equal("GUEST CD", volume.Label);
        Assert.Equal(300, volume.OpenFile(@"\PPC\BOOTINFO.TXT;1")?.Length);
        if (rockRidge)
        {
            RealExtTests.CheckLinks(volume);
            Assert.Empty(volume.List("rr_moved") ?? []);
        }
    }

    [Fact]
    public void A_plain_CD_answers_to_any_case_and_version()
    {
        Tool.Require("genisoimage");
        using Scratch scratch = new();
        string tree = Sample.Write(Path.Combine(scratch.Folder, "tree"), Sample.Files);
        scratch.Run("genisoimage", "-quiet", "-o", scratch.Image, tree);
        IFileSystem? volume = FileSystem.Open(new MemorySource(scratch.Bytes(), 2048));
        Assert.NotNull(volume);
        Assert.Equal(Sample.Contents("boot/vmlinux", 700_001), Sample.ReadAll(volume.OpenFile(@"\boot\vmlinux")));
        Assert.Equal(Sample.Contents("boot/vmlinux", 700_001), Sample.ReadAll(volume.OpenFile(@"\BOOT\VMLINUX.;1")));
        Assert.Equal(Sample.Contents("one.txt", 1), Sample.ReadAll(volume.OpenFile("One.Txt;1")));
        Assert.Contains(new DirectoryEntry("ONE.TXT", EntryKind.File, 1), volume.List("")!);
        Assert.Contains(new DirectoryEntry("BLOCK", EntryKind.File, 512), volume.List("")!);
    }

    [Fact]
    public void A_CD_with_HFS_plus_and_an_Apple_map_as_GRUB_makes_it_is_read_both_ways()
    {
        Tool.Require("xorriso");
        using Scratch scratch = new();
        string tree = Sample.Write(Path.Combine(scratch.Folder, "tree"), Sample.Files, Sample.Many);
        Directory.CreateDirectory(Path.Combine(tree, "System", "Library", "CoreServices"));
        File.WriteAllText(Path.Combine(tree, "System", "Library", "CoreServices", "BootX"), "<CHRP-BOOT>\n");
        File.CreateSymbolicLink(Path.Combine(tree, "vmlinux"), "boot/vmlinux");
        scratch.Run(
            "xorriso", "-as", "mkisofs", "-quiet", "-R", "-hfsplus", "-apm-block-size", "2048", "-hfsplus-file-creator-type", "chrp", "tbxi",
            "/System/Library/CoreServices/BootX", "-hfs-bless-by", "p", "/System/Library/CoreServices", "-chrp-boot-part", "-V", "GRUB", "-o", scratch.Image, tree);
        MemorySource source = new(scratch.Bytes(), 2048);

        Sample.Check(FileSystem.Open(source), Sample.Files, Sample.Many);
        DiskLabel label = DiskLabel.Read(source);
        Assert.True(label.HasIso9660);
        Assert.Equal(DiskLabelKind.Mbr, label.Kind);
        Assert.Contains(label.Partitions, static partition => partition.TypeByte == 0x96);

        DiskLabel? apple = DiskLabel.Read(source, DiskLabelKind.Apple);
        Partition hfs = Assert.Single(apple!.Partitions, static partition => partition.TypeName == "Apple_HFS");
        IFileSystem? volume = FileSystem.Open(hfs.Open(source));
        Sample.Check(volume, Sample.Files, Sample.Many);
        Assert.Equal("hfs+", volume!.Kind);
        Assert.Equal("<CHRP-BOOT>\n", Sample.ReadText(volume.OpenFile(@"\\:tbxi")));
        Assert.Equal("<CHRP-BOOT>\n", Sample.ReadText(volume.OpenFile(@"\\bootx")));
        Assert.Equal("<CHRP-BOOT>\n", Sample.ReadText(volume.OpenFile(@"\System\Library\CoreServices\:tbxi")));
        Assert.Null(volume.OpenFile(@"\:tbxi"));
        Assert.Equal(Sample.Contents("boot/vmlinux", 700_001), Sample.ReadAll(volume.OpenFile("vmlinux")));
    }

    [Fact]
    public void A_PReP_partition_of_a_CD_is_found()
    {
        Tool.Require("xorriso");
        using Scratch scratch = new();
        string tree = Sample.Write(Path.Combine(scratch.Folder, "tree"), Sample.Files);
        scratch.Run("xorriso", "-as", "mkisofs", "-quiet", "-R", "-prep-boot-part", Path.Combine(tree, "etc", "4k"), "-o", scratch.Image, tree);
        MemorySource source = new(scratch.Bytes(), 2048);
        DiskLabel label = DiskLabel.Read(source);
        Assert.NotNull(label.PrepBoot);
        byte[] program = new byte[4096];
        Assert.True(label.PrepBoot.Open(source).TryRead(0, program));
        Assert.Equal(Sample.Contents("etc/4k", 4096), program);
        Sample.Check(FileSystem.Open(source), Sample.Files);
    }
}
