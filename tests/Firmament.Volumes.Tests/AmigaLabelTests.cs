using Firmament.Volumes.Labels;

namespace Firmament.Volumes.Tests;

public sealed class AmigaLabelTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(15)]
    public void A_rigid_disk_block_is_found_in_the_first_16_blocks(int at)
    {
        DiskLabel label = DiskLabel.Read(Disk(at, next: 41).Source);
        Assert.Equal(DiskLabelKind.AmigaRdb, label.Kind);
        Assert.Equal(new Partition(1, @"DOS\3", 2 * 64 * 512, 3 * 64 * 512) { Name = "DH0", IsBootable = true }, label.Find("DH0"));
        Assert.Equal(new Partition(2, @"SFS\0", 5 * 64 * 512, 64 * 512) { Name = "Work" }, label.Find("work"));
        Assert.Equal(2, label.Partitions.Count);
    }

    [Fact]
    public void One_beyond_them_is_not() => Assert.Equal(DiskLabelKind.None, DiskLabel.Read(Disk(16, next: 41).Source).Kind);

    [Fact]
    public void A_block_with_a_wrong_sum_ends_the_list()
    {
        ImageBuilder image = Disk(0, next: 41);
        image.Bytes[(41 * 512) + 150] ^= 1;
        Assert.Single(DiskLabel.Read(image.Source).Partitions);
        image.Bytes[8] ^= 1;
        Assert.Equal(DiskLabelKind.None, DiskLabel.Read(image.Source).Kind);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(0)]
    [InlineData(100_000_000)]
    public void A_list_that_comes_back_or_leads_nowhere_ends(int next) => Assert.Single(DiskLabel.Read(Disk(0, next).Source).Partitions);

    [Fact]
    public void Cylinders_beyond_any_disk_are_left_out()
    {
        ImageBuilder image = Disk(0, next: 41);
        image.Be32((40 * 512) + 128 + 12, uint.MaxValue).Be32((40 * 512) + 128 + 20, uint.MaxValue);
        Sum(image, 40);
        Assert.Equal([2], DiskLabel.Read(image.Source).Partitions.Select(static partition => partition.Number));
    }

    internal static ImageBuilder Disk(int at, int next)
    {
        ImageBuilder image = new(1000 * 512);
        image.Text(at * 512, "RDSK").Be32((at * 512) + 4, 64).Be32((at * 512) + 16, 512).Be32((at * 512) + 28, 40);
        Sum(image, at);
        Part(image, 40, next, "DH0", 1, 2, 4, "DOS\u0003");
        Part(image, 41, -1, "Work", 0, 5, 5, "SFS\0");
        return image;
    }

    private static void Part(ImageBuilder image, int at, int next, string name, int flags, int low, int high, string type)
    {
        int start = at * 512;
        image.Text(start, "PART").Be32(start + 4, 64).Be32(start + 16, next).Be32(start + 20, flags).Put(start + 36, (byte)name.Length).Text(start + 37, name);
        image.Be32(start + 128, 16).Be32(start + 128 + 4, 128).Be32(start + 128 + 12, 2).Be32(start + 128 + 20, 32).Be32(start + 128 + 36, low).Be32(start + 128 + 40, high);
        image.Text(start + 128 + 64, type);
        Sum(image, at);
    }

    private static void Sum(ImageBuilder image, int at)
    {
        image.Be32((at * 512) + 8, 0);
        uint sum = 0;
        for (int i = 0; i < 64; i++)
        {
            sum += new Fields(image.Bytes).Be32((at * 512) + (i * 4));
        }

        image.Be32((at * 512) + 8, -sum);
    }
}
