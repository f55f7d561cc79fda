using Firmament.Core.Backends;

namespace Firmament.Devices.Tests.Storage;

public sealed class DiskImageTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Writes_reach_the_file()
    {
        File.WriteAllBytes(_path, new byte[8192]);
        using (IBlockBackend disk = DiskImage.Open(_path, DiskAccess.ReadWrite))
        {
            Assert.Equal(8192, disk.Length);
            Assert.True(disk.TryWrite(512, "abc"u8));
            Assert.True(disk.TryFlush());
            byte[] back = new byte[3];
            Assert.True(disk.TryRead(512, back));
            Assert.Equal("abc"u8.ToArray(), back);
            Assert.False(disk.TryRead(8191, back));
            Assert.False(disk.TryWrite(8191, back));
            Assert.False(disk.TryRead(-1, back));
            Assert.False(disk.TryRead(long.MaxValue, back));
        }

        Assert.Equal((byte)'a', File.ReadAllBytes(_path)[512]);
    }

    [Theory]
    [InlineData(DiskAccess.ReadWrite, true)]
    [InlineData(DiskAccess.ReadWrite, false)]
    [InlineData(DiskAccess.Snapshot, true)]
    public void A_zeroed_range_reads_as_zeros_and_nothing_else_does(DiskAccess access, bool deallocate)
    {
        byte[] image = new byte[3 << 20];
        image.AsSpan().Fill(0xee);
        File.WriteAllBytes(_path, image);
        using IBlockBackend disk = DiskImage.Open(_path, access);
        Assert.True(disk.TryZero(512, 2 << 20, deallocate));
        Assert.True(disk.TryZero(0, 0, deallocate));
        image.AsSpan(512, 2 << 20).Clear();
        byte[] back = new byte[image.Length];
        Assert.True(disk.TryRead(0, back));
        Assert.True(image.AsSpan().SequenceEqual(back));
        Assert.Equal(3 << 20, new FileInfo(_path).Length);
        Assert.False(disk.TryZero(disk.Length, 512, deallocate));
        Assert.False(disk.TryZero(-512, 512, deallocate));
        Assert.False(disk.TryZero(0, long.MaxValue, deallocate));
        Assert.False(disk.TryZero(512, -512, deallocate));
    }

    [Theory]
    [InlineData("virtio", 1)]
    [InlineData("virtio", 40)]
    [InlineData("ide", 1)]
    [InlineData("ide", 40)]
    public void What_a_flush_acknowledged_survives_a_kill(string device, int steps)
    {
        const int Sectors = 250;
        File.WriteAllBytes(_path, new byte[Sectors * 512]);
        using ChildProcess child = new($"{device} {_path}");
        string last = "";
        for (int i = 0; i < steps; i++)
        {
            last = child.ReadLine();
        }

        int acknowledged = int.Parse(child.Kill().LastOrDefault(last), System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(acknowledged >= steps);
        byte[] image = File.ReadAllBytes(_path);
        for (int sector = 0; sector < Sectors; sector++)
        {
            byte[] bytes = image[(sector * 512)..((sector + 1) * 512)];
            if (sector <= acknowledged)
            {
                Assert.All(bytes, b => Assert.Equal(sector, b));
            }
            else if (sector > acknowledged + 1)
            {
                Assert.All(bytes, static b => Assert.Equal(0, b));
            }
        }
    }

    [Fact]
    public void A_read_only_image_cannot_be_zeroed()
    {
        File.WriteAllBytes(_path, new byte[512]);
        using IBlockBackend disk = DiskImage.Open(_path, DiskAccess.ReadOnly);
        Assert.False(disk.TryZero(0, 512, deallocate: true));
    }

    [Fact]
    public void A_snapshot_reads_its_own_writes_and_leaves_the_file_alone()
    {
        byte[] original = [.. Enumerable.Range(0, 40960 + 512).Select(static i => (byte)(i * 3))];
        File.WriteAllBytes(_path, original);
        byte[] model = [.. original];
        using (IBlockBackend disk = DiskImage.Open(_path, DiskAccess.Snapshot))
        {
            Assert.False(disk.IsReadOnly);
            (int At, int Length)[] writes = [(512, 100), (4096, 4096), (8000, 10000), (40960, 512), (0, 1), (20000, 1), (3, 0)];
            byte value = 200;
            foreach ((int at, int length) in writes)
            {
                byte[] bytes = new byte[length];
                bytes.AsSpan().Fill(value++);
                Assert.True(disk.TryWrite(at, bytes));
                bytes.CopyTo(model, at);
            }

            byte[] all = new byte[model.Length];
            Assert.True(disk.TryRead(0, all));
            Assert.Equal(model, all);
            Assert.False(disk.TryWrite(disk.Length, [1]));
            Assert.True(disk.TryFlush());
        }

        Assert.Equal(original, File.ReadAllBytes(_path));
    }

    [Fact]
    public void A_read_only_image_refuses_writes_and_pads_its_last_sector()
    {
        File.WriteAllBytes(_path, [1, 2, 3]);
        using IBlockBackend disk = DiskImage.Open(_path, DiskAccess.ReadOnly);
        Assert.Equal(512, disk.Length);
        byte[] sector = new byte[512];
        sector.AsSpan().Fill(9);
        Assert.True(disk.TryRead(0, sector));
        Assert.Equal([1, 2, 3, 0], sector[..4]);
        Assert.False(disk.TryWrite(0, sector));
    }

    [Fact]
    public void A_writer_is_alone_and_readers_share()
    {
        File.WriteAllBytes(_path, new byte[512]);
        using (DiskImage.Open(_path, DiskAccess.ReadWrite))
        {
            Assert.Contains("in use", Error(DiskAccess.ReadWrite), StringComparison.Ordinal);
            Assert.Contains("being written", Error(DiskAccess.ReadOnly), StringComparison.Ordinal);
        }

        using (DiskImage.Open(_path, DiskAccess.ReadOnly))
        using (DiskImage.Open(_path, DiskAccess.Snapshot))
        {
            Assert.Contains("snapshot=on", Error(DiskAccess.ReadWrite), StringComparison.Ordinal);
        }

        using IBlockBackend again = DiskImage.Open(_path, DiskAccess.ReadWrite);
        Assert.Equal(512, again.Length);
    }

    [Fact]
    public void What_cannot_be_opened_is_told_in_one_sentence()
    {
        Assert.Contains("is empty", Error(DiskAccess.ReadOnly), StringComparison.Ordinal);
        File.WriteAllBytes(_path, new byte[513]);
        Assert.Contains("not a multiple of 512", Error(DiskAccess.ReadWrite), StringComparison.Ordinal);
        Assert.Contains("does not exist", Assert.Throws<BackendException>(() => DiskImage.Open("/no/such/file", DiskAccess.ReadOnly)).Message, StringComparison.Ordinal);
        Assert.Contains("is a directory", Assert.Throws<BackendException>(() => DiskImage.Open("/tmp", DiskAccess.ReadOnly)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_shrinks_is_a_read_error()
    {
        File.WriteAllBytes(_path, new byte[8192]);
        using IBlockBackend disk = DiskImage.Open(_path, DiskAccess.ReadOnly);
        using (FileStream file = new(_path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(512);
        }

        Assert.False(disk.TryRead(4096, new byte[512]));
    }

    private string Error(DiskAccess access) => Assert.Throws<BackendException>(() => DiskImage.Open(_path, access)).Message;
}
