using Firmament.Volumes.Labels;

namespace Firmament.Volumes.Tests;

public sealed class AppleLabelTests
{
    [Theory]
    [InlineData(512, 512, true)]
    [InlineData(2048, 2048, true)]
    [InlineData(2048, 512, true)]
    [InlineData(0, 512, false)]
    [InlineData(0, 2048, false)]
    [InlineData(777, 2048, true)]
    public void A_map_is_found_in_blocks_of_512_or_2048_bytes(int stated, int block, bool hasDescriptor)
    {
        ImageBuilder image = new(100 * 2048);
        if (hasDescriptor)
        {
            image.Text(0, "ER").Be16(2, stated);
        }

        Entry(image, block, 1, 2, 1, 4, "Apple_partition_map", "Apple");
        Entry(image, block, 2, 2, 10, 20, "Apple_HFS", "Boot");
        image.Be32((2 * block) + 88, 0x0b);
        DiskLabel label = DiskLabel.Read(image.Source);
        Assert.Equal(DiskLabelKind.Apple, label.Kind);
        Assert.Equal(new Partition(2, "Apple_HFS", 10L * block, 20L * block) { Name = "Boot", IsBootable = true }, label.Find("boot"));
        Assert.Equal(2, label.Partitions.Count);
    }

    [Fact]
    public void A_map_that_claims_four_thousand_million_entries_ends()
    {
        ImageBuilder image = new(1 << 20);
        for (int number = 1; number < 2000; number++)
        {
            Entry(image, 512, number, uint.MaxValue, number, 1, "Apple_Free", "");
        }

        MemorySource source = image.Source;
        Assert.Equal(256, DiskLabel.Read(source).Partitions.Count);
        Assert.InRange(source.Reads, 1, 100);
    }

    internal static ImageBuilder Disk()
    {
        ImageBuilder image = new(200 * 512);
        image.Text(0, "ER").Be16(2, 512);
        Entry(image, 512, 1, 3, 1, 4, "Apple_partition_map", "Apple");
        Entry(image, 512, 2, 3, 10, 100, "Apple_HFS", "Boot");
        Entry(image, 512, 3, 3, 110, 90, "Apple_Free", "");
        return image;
    }

    private static void Entry(ImageBuilder image, int block, int number, uint count, int first, int length, string type, string name) =>
        image.Text(number * block, "PM").Be32((number * block) + 4, count).Be32((number * block) + 8, first).Be32((number * block) + 12, length)
            .Text((number * block) + 16, name).Text((number * block) + 48, type);
}
