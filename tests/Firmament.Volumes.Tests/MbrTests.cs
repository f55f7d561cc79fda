using Firmament.Volumes.FileSystems;
using Firmament.Volumes.Labels;

namespace Firmament.Volumes.Tests;

public sealed class MbrTests
{
    private const int Sectors = 2000;

    [Fact]
    public void An_empty_disk_and_one_without_a_sector_have_no_label()
    {
        foreach (int length in (int[])[0, 1, 511, 512, 4096, 100_000])
        {
            MemorySource source = new(new byte[length]);
            DiskLabel label = DiskLabel.Read(source);
            Assert.Equal(DiskLabelKind.None, label.Kind);
            Assert.Empty(label.Partitions);
            Assert.Null(label.PrepBoot);
            Assert.Equal(new Partition(0, "whole disk", 0, length), label.Find(""));
            Assert.Null(FileSystem.Open(source));
        }
    }

    [Fact]
    public void A_partition_is_cut_off_at_the_end_of_the_disk_and_left_out_beyond_it()
    {
        DiskLabel label = DiskLabel.Read(Disk((0, 0, 0x41, 10, 20), (0, 1, 0x83, 1900, 5000), (0, 2, 0x83, 2000, 1), (0, 3, 0x83, 4_000_000_000, 4_000_000_000)));
        Assert.Equal([1, 2], label.Partitions.Select(static partition => partition.Number));
        Assert.Equal(100 * 512, label.Find("2")!.Length);
    }

    [Theory]
    [InlineData(0x7f)]
    [InlineData(0x81)]
    [InlineData(0x01)]
    public void A_boot_sector_with_code_where_entries_would_be_is_no_MBR(int status)
    {
        MemorySource disk = Disk((0, 0, 0x83, 10, 20));
        disk.Bytes[446 + 48] = (byte)status;
        Assert.Equal(DiskLabelKind.None, DiskLabel.Read(disk).Kind);
    }

    [Fact]
    public void A_protective_MBR_alone_is_no_label() => Assert.Equal(DiskLabelKind.None, DiskLabel.Read(Disk((0, 0, 0xee, 1, 1999))).Kind);

    [Fact]
    public void Logical_partitions_of_a_chain_count_from_5()
    {
        DiskLabel label = DiskLabel.Read(Disk(
            (0, 1, 0x0f, 100, 1000), (100, 0, 0x83, 1, 50), (100, 1, 0x05, 200, 100), (300, 0, 0x41, 2, 60), (300, 1, 0x05, 400, 100), (500, 0, 0x82, 3, 70)));
        Assert.Equal([(2, 100), (5, 101), (6, 302), (7, 503)], label.Partitions.Select(static partition => (partition.Number, (int)(partition.Offset / 512))));
        Assert.Equal(6, label.PrepBoot?.Number);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(200, 2)]
    [InlineData(4_000_000_000, 2)]
    public void A_chain_that_comes_back_or_leads_nowhere_ends(long second, int logical)
    {
        // The record at 300 links to the first record, to itself, or beyond the disk.
        MemorySource disk = Disk((0, 0, 0x05, 100, 1000), (100, 0, 0x83, 1, 50), (100, 1, 0x05, second, 100), (300, 0, 0x83, 1, 50), (300, 1, 0x05, second, 100));
        disk.Reads = 0;
        DiskLabel label = DiskLabel.Read(disk);
        Assert.Equal(second == 200 ? logical : 1, label.Partitions.Count(static partition => partition.Number >= 5));
        Assert.InRange(disk.Reads, 1, 100);
    }

    [Fact]
    public void A_chain_longer_than_any_disk_needs_ends()
    {
        ImageBuilder image = new(3000 * 512);
        Entry(image, 0, 0, 0x05, 1, 2999);
        for (int record = 1; record < 2999; record++)
        {
            Entry(image, record, 0, 0x83, 1, 1);
            Entry(image, record, 1, 0x05, record, 1);
        }

        MemorySource disk = image.Source;
        Assert.InRange(DiskLabel.Read(disk).Partitions.Count, 100, 256);
        Assert.InRange(disk.Reads, 1, 600);
    }

    [Fact]
    public void A_disk_that_does_not_know_its_length_is_read()
    {
        MemorySource known = Disk((0, 0, 0x41, 10, 20));
        MemorySource disk = new(known.Bytes) { Length = long.MaxValue };
        DiskLabel label = DiskLabel.Read(disk);
        Assert.Equal(20 * 512, label.PrepBoot?.Length);
        Assert.True(label.PrepBoot!.Open(disk).TryRead(0, new byte[512]));
        Assert.False(label.WholeDisk.Open(disk).TryRead(known.Length, new byte[1]));
        Assert.Null(FileSystem.Open(disk));
    }

    [Fact]
    public void A_window_gives_no_byte_beyond_its_end()
    {
        MemorySource disk = new(new byte[1000]);
        PartitionSource window = new(disk, 100, 50);
        Assert.True(window.TryRead(0, new byte[50]));
        Assert.True(window.TryRead(50, []));
        Assert.False(window.TryRead(0, new byte[51]));
        Assert.False(window.TryRead(50, new byte[1]));
        Assert.False(window.TryRead(-1, new byte[1]));
        Assert.False(window.TryRead(long.MaxValue, new byte[1]));
        Assert.Equal(0, new PartitionSource(disk, 2000, 50).Length);
        Assert.Equal(0, new PartitionSource(disk, 0, -1).Length);
        Assert.Equal(1000, new PartitionSource(disk, -5, long.MaxValue).Length);
    }

    internal static MemorySource Disk(params (int Record, int Index, int Type, long First, long Count)[] entries)
    {
        ImageBuilder image = new(Sectors * 512);
        foreach ((int record, int index, int type, long first, long count) in entries)
        {
            Entry(image, record, index, type, first, count);
        }

        return image.Source;
    }

    private static void Entry(ImageBuilder image, int record, int index, int type, long first, long count)
    {
        int at = (record * 512) + 446 + (index * 16);
        image.Put(at + 4, (byte)type).Le32(at + 8, first).Le32(at + 12, count).Le16((record * 512) + 510, 0xaa55);
    }
}
