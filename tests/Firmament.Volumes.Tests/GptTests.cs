using System.IO.Hashing;
using Firmament.Volumes.Labels;

namespace Firmament.Volumes.Tests;

public sealed class GptTests
{
    private const int Blocks = 200;

    private static readonly Guid GptPrep = new("9e1a2d38-c612-4316-aa26-8b49521e5a8b");

    [Theory]
    [InlineData(512, 512)]
    [InlineData(4096, 4096)]
    [InlineData(512, 2048)]
    [InlineData(2048, 512)]
    public void A_table_is_found_in_the_blocks_it_was_made_for(int tableBlock, int mediumBlock)
    {
        DiskLabel label = DiskLabel.Read(new MemorySource(Disk(tableBlock).Bytes, mediumBlock));
        Assert.Equal(DiskLabelKind.Gpt, label.Kind);
        Assert.Equal((40L * tableBlock, 11L * tableBlock), (label.PrepBoot!.Offset, label.PrepBoot.Length));
        Assert.Equal(GptPrep, label.PrepBoot.TypeGuid);
    }

    [Theory]
    [InlineData(12, 91)]
    [InlineData(12, 513)]
    [InlineData(12, -1)]
    [InlineData(24, 2)]
    [InlineData(72, -1)]
    [InlineData(72, 1000)]
    [InlineData(80, -1)]
    [InlineData(80, 100_000)]
    [InlineData(84, 0)]
    [InlineData(84, 64)]
    [InlineData(84, -1)]
    [InlineData(88, 1)]
    public void A_header_that_lies_is_not_used(int field, int value)
    {
        ImageBuilder image = Disk(512);
        image.Le32(512 + field, value);
        Sum(image, 512);
        Assert.Equal(DiskLabelKind.None, DiskLabel.Read(image.Source).Kind);
    }

    [Theory]
    [InlineData(0, 51)]
    [InlineData(51, 40)]
    [InlineData(-1, -1)]
    [InlineData(40, long.MaxValue)]
    [InlineData(long.MaxValue, long.MaxValue)]
    [InlineData(200, 210)]
    public void A_partition_with_an_impossible_place_is_left_out_or_cut_off(long first, long last)
    {
        ImageBuilder image = Disk(512);
        image.Le64(1024 + 32, first).Le64(1024 + 40, last);
        Sum(image, 512);
        Assert.Empty(DiskLabel.Read(image.Source).Partitions);
    }

    [Fact]
    public void Without_a_protective_entry_the_MBR_counts()
    {
        ImageBuilder image = Disk(512);
        image.Put(446 + 4, 0x83).Le32(446 + 8, 1).Le32(446 + 12, 10);
        Assert.Equal(DiskLabelKind.Mbr, DiskLabel.Read(image.Source).Kind);
    }

    internal static ImageBuilder Disk(int block)
    {
        ImageBuilder image = new(Blocks * block);
        image.Put(446 + 4, 0xee).Le32(446 + 8, 1).Le32(446 + 12, Blocks - 1).Le16(510, 0xaa55);
        image.Text(block, "EFI PART").Le32(block + 8, 0x10000).Le32(block + 12, 92).Le64(block + 24, 1).Le64(block + 32, Blocks - 1);
        image.Le64(block + 72, 2).Le32(block + 80, 4).Le32(block + 84, 128);
        image.Put(2 * block, GptPrep.ToByteArray()).Le64((2 * block) + 32, 40).Le64((2 * block) + 40, 50);
        Sum(image, block);
        return image;
    }

    private static void Sum(ImageBuilder image, int block)
    {
        if (new Fields(image.Bytes).Le32(block + 88) != 1)
        {
            image.Le32(block + 88, Crc32.HashToUInt32(image.Bytes.AsSpan(2 * block, 512)));
        }

        image.Le32(block + 16, 0).Le32(block + 16, Crc32.HashToUInt32(image.Bytes.AsSpan(block, 92)));
    }
}
