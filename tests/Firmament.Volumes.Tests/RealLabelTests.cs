using Firmament.Volumes.Labels;

namespace Firmament.Volumes.Tests;

/// <summary>Labels that sfdisk, sgdisk and parted write.</summary>
public sealed class RealLabelTests
{
    private const long Mebibyte = 1 << 20;

    [Fact]
    public void An_MBR_by_sfdisk_has_its_primary_and_logical_partitions()
    {
        Tool.Require("sfdisk");
        using Scratch scratch = new();
        scratch.Allocate(64 * Mebibyte);
        scratch.RunWith(
            "label: dos\nstart=2048,size=8192,type=41,bootable\nstart=10240,size=20480,type=83\nstart=30720,size=81920,type=5\n"
            + "start=32768,size=8192,type=83\nstart=43008,size=8192,type=82\nstart=53248,size=4096,type=b\n",
            "sfdisk", "-q", "--no-reread", scratch.Image);
        DiskLabel label = DiskLabel.Read(new MemorySource(scratch.Bytes()));
        Assert.Equal(DiskLabelKind.Mbr, label.Kind);
        Assert.Equal([1, 2, 3, 5, 6, 7], label.Partitions.Select(static partition => partition.Number));
        Assert.Equal(new Partition(1, "PReP boot", Mebibyte, 4 * Mebibyte) { TypeByte = 0x41, IsBootable = true }, label.PrepBoot);
        Assert.Equal(new Partition(5, "Linux", 16 * Mebibyte, 4 * Mebibyte) { TypeByte = 0x83 }, label.Find("5"));
        Assert.Equal(new Partition(6, "Linux swap", 21 * Mebibyte, 4 * Mebibyte) { TypeByte = 0x82 }, label.Find("f"));
        Assert.Equal(new Partition(7, "FAT32", 26 * Mebibyte, 2 * Mebibyte) { TypeByte = 0x0b }, label.Find("7"));
        Assert.Equal(64 * Mebibyte, label.Find("0")?.Length);
        Assert.Null(label.Find("4"));
        Assert.Null(label.Find("99999999999999999999"));
    }

    [Fact]
    public void A_GPT_by_sgdisk_is_read_from_either_end()
    {
        Tool.Require("sgdisk");
        using Scratch scratch = new();
        scratch.Allocate(32 * Mebibyte);
        scratch.Run(
            "sgdisk", "-n", "1:2048:+8M", "-t", "1:9e1a2d38-c612-4316-aa26-8b49521e5a8b", "-c", "1:PowerPC PReP", "-n", "3:0:+16M", "-t", "3:8300", "-A", "3:set:2",
            "-c", "3:Wurzel äöü", "-n", "128:0:0", "-t", "128:8200", scratch.Image);
        byte[] disk = scratch.Bytes();
        CheckGpt(disk);

        byte[] lostHeader = (byte[])disk.Clone();
        lostHeader.AsSpan(512, 512).Clear();
        CheckGpt(lostHeader);

        byte[] lostArray = (byte[])disk.Clone();
        lostArray[1024 + 60] ^= 1;
        CheckGpt(lostArray);

        byte[] lostBoth = (byte[])lostHeader.Clone();
        lostBoth[^500] ^= 1;
        Assert.Equal(DiskLabelKind.None, DiskLabel.Read(new MemorySource(lostBoth)).Kind);
    }

    [Fact]
    public void An_Apple_map_by_parted_is_read()
    {
        Tool.Require("parted");
        using Scratch scratch = new();
        scratch.Allocate(64 * Mebibyte);
        scratch.Run("parted", "-s", scratch.Image, "mklabel mac mkpart untitled hfs 1MiB 17MiB name 2 boot mkpart untitled ext2 17MiB 33MiB name 3 root set 2 boot on");
        DiskLabel label = DiskLabel.Read(new MemorySource(scratch.Bytes()));
        Assert.Equal(DiskLabelKind.Apple, label.Kind);
        Assert.Equal("Apple_partition_map", label.Find("1")?.TypeName);
        Assert.Equal((Mebibyte, 16 * Mebibyte), (label.Find("boot")!.Offset, label.Find("boot")!.Length));
        Assert.Equal((17 * Mebibyte, 16 * Mebibyte), (label.Find("c")!.Offset, label.Find("ROOT")!.Length));
        Assert.Equal("Apple_Bootstrap", label.Find("2")!.TypeName);
    }

    [Fact]
    public void An_Amiga_disk_by_parted_is_read()
    {
        Tool.Require("parted");
        using Scratch scratch = new();
        scratch.Allocate(64 * Mebibyte);
        scratch.Run("parted", "-s", scratch.Image, "mklabel amiga mkpart affs1 8MiB 24MiB name 1 DH0 set 1 boot on mkpart ext2 24MiB 48MiB name 2 DH1");
        DiskLabel label = DiskLabel.Read(new MemorySource(scratch.Bytes()));
        Assert.Equal(DiskLabelKind.AmigaRdb, label.Kind);
        Partition? first = label.Find("dh0");

        // parted writes Linux's type whatever it is told.
        Assert.Equal((1, @"LNX\0", true), (first?.Number, first?.TypeName, first?.IsBootable));
        Assert.InRange(first!.Offset, 7 * Mebibyte, 9 * Mebibyte);
        Assert.InRange(first.Length, 15 * Mebibyte, 17 * Mebibyte);
        Assert.Equal((2, false), (label.Find("DH1")?.Number, label.Find("DH1")!.IsBootable));
    }

    private static void CheckGpt(byte[] disk)
    {
        DiskLabel label = DiskLabel.Read(new MemorySource(disk));
        Assert.Equal(DiskLabelKind.Gpt, label.Kind);
        Assert.Equal([1, 3, 128], label.Partitions.Select(static partition => partition.Number));
        Assert.Equal(label.Find("1"), label.PrepBoot);
        Assert.Equal((Mebibyte, 8 * Mebibyte, "PowerPC PReP", "PReP boot"), (label.PrepBoot!.Offset, label.PrepBoot.Length, label.PrepBoot.Name, label.PrepBoot.TypeName));
        Assert.Equal((9 * Mebibyte, 16 * Mebibyte, true), (label.Find("wurzel äöü")!.Offset, label.Find("3")!.Length, label.Find("3")!.IsBootable));
    }
}
