using Firmament.Volumes.FileSystems;

namespace Firmament.Volumes.Tests;

/// <summary>Volumes that mkfs.fat makes and mcopy fills.</summary>
public sealed class RealFatTests
{
    [Theory]
    [InlineData("fat12", 2, "-F 12 -s 2")]
    [InlineData("fat12", 4, "-F 12 -S 2048 -s 1")]
    [InlineData("fat16", 4, "-F 16 -s 1")]
    [InlineData("fat16", 10, "-F 16 -s 2 -f 1")]
    [InlineData("fat32", 34, "-F 32 -s 1")]
    public void Files_of_a_volume_by_mkfs_fat_are_read(string kind, int mebibytes, string options)
    {
        Tool.Require("mkfs.fat", "mcopy");
        using Scratch scratch = new();
        string tree = Sample.Write(Path.Combine(scratch.Folder, "tree"), Sample.Files, Sample.Many);
        File.WriteAllText(Path.Combine(tree, "Grüße an alle.txt"), "hello");
        scratch.Allocate((long)mebibytes << 20);
        scratch.Run("mkfs.fat", [.. options.Split(' '), "-n", "BOOT", scratch.Image]);
        scratch.Run("mcopy", ["-i", scratch.Image, "-s", .. Directory.EnumerateFileSystemEntries(tree).Order(StringComparer.Ordinal), "::/"]);
        IFileSystem? volume = FileSystem.Open(new MemorySource(scratch.Bytes()));
        Sample.Check(volume, Sample.Files, Sample.Many);
        Assert.Equal(kind, volume!.Kind);
        Assert.Equal("BOOT", volume.Label);
        Assert.Equal(300, volume.OpenFile(@"\PPC\BOOTINFO.TXT")?.Length);
        Assert.Equal("hello", Sample.ReadText(volume.OpenFile("GRÜSSE AN ALLE.TXT") ?? volume.OpenFile("grüße an alle.txt")));
        Assert.Equal(Sample.Contents("boot/vmlinux", 700_001), Sample.ReadAll(volume.OpenFile("boot/grub/../../Boot/./VMLINUX")));
    }

    [Fact]
    public void A_large_file_is_read_in_long_runs()
    {
        Tool.Require("mkfs.fat", "mcopy");
        using Scratch scratch = new();
        Sample.Write(scratch.Folder, [("large", 8 << 20)]);
        scratch.Allocate(12 << 20);
        scratch.Run("mkfs.fat", "-F", "16", "-s", "1", scratch.Image);
        scratch.Run("mcopy", "-i", scratch.Image, "large", "::/");
        MemorySource source = new(scratch.Bytes());
        IVolumeFile? file = FileSystem.Open(source)?.OpenFile("large");
        source.Reads = 0;
        Sample.ReadAll(file);
        Assert.InRange(source.Reads, 1, 50);
    }

    [Fact]
    public void A_file_in_pieces_is_read()
    {
        Tool.Require("mkfs.fat", "mcopy");
        using Scratch scratch = new();
        scratch.Allocate(8 << 20);
        scratch.Run("mkfs.fat", "-F", "16", "-s", "1", scratch.Image);
        Sample.Write(scratch.Folder, Enumerable.Range(0, 60).Select(static i => ($"small{i}", 512)), [("large", 200_000)]);
        scratch.Run("mcopy", ["-i", scratch.Image, .. Enumerable.Range(0, 60).Select(static i => $"small{i}"), "::/"]);
        scratch.Run("mdel", ["-i", scratch.Image, .. Enumerable.Range(0, 30).Select(static i => $"::/small{i * 2}")]);
        scratch.Run("mcopy", "-i", scratch.Image, "large", "::/");
        Sample.Check(
            FileSystem.Open(new MemorySource(scratch.Bytes())), [("large", 200_000)], Enumerable.Range(0, 30).Select(static i => ($"small{(i * 2) + 1}", 512)));
    }
}
