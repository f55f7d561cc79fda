using Firmament.Firmware.Packages;
using Firmament.Firmware.Packages.Storage;

namespace Firmament.Firmware.Tests.Storage;

public sealed class BlockPackageTests : IDisposable
{
    private const uint Buffer = 0x0030_0000;
    private const string Path = "/pci@80000000/ide@c,1/disk@0,0";

    private readonly Bench _of = new();
    private readonly FakeDisk _disk;

    public BlockPackageTests()
    {
        byte[] contents = new byte[1 << 20];
        new Random(1).NextBytes(contents);
        contents.AsSpan(0, 4096).Clear();
        // A label with one partition of type 0x41 at block 100, 200 blocks long, and one of type 0x83 behind it.
        contents.AsSpan(446, 16).Clear();
        WriteEntry(contents, 0, 0x41, 100, 200);
        WriteEntry(contents, 1, 0x83, 300, 500);
        contents[510] = 0x55;
        contents[511] = 0xaa;
        contents.AsSpan(300 * 512, 4096).Clear();
        _disk = new FakeDisk(_of.Platform.Ram, contents);
        _of.Firmware.Attach(_of.Tree.Find("/pci@80000000/ide@c,1")!.AddChild("disk@0,0").SetString("device_type", "block"), new BlockPackage(_disk));
    }

    public void Dispose() => _of.Dispose();

    [Theory]
    [InlineData(0, 512)]
    [InlineData(1, 511)]
    [InlineData(511, 2)]
    [InlineData(512, 300_000)]
    [InlineData(700, 70_001)]
    [InlineData(4096, 1)]
    public void Read_gives_the_bytes_wherever_they_begin(int position, int length)
    {
        uint disk = Open(Path);
        Assert.Equal(0u, _of.Call("seek", disk, 0, (uint)position));
        Assert.Equal((uint)length, _of.Call("read", disk, Buffer + 3, (uint)length));
        Assert.Equal(OnDisk(position, length), _of.Bytes(Buffer + 3, length));
        _of.Call("close", 0, [disk]);
        Assert.Equal(0, _disk.Started);
    }

    [Fact]
    public void Whole_blocks_go_to_their_place_without_a_detour_and_in_the_largest_transfers()
    {
        uint disk = Open(Path);
        _disk.Reads.Clear();
        Assert.Equal(0x8_0000u, _of.Call("read", disk, Buffer, 0x8_0000));
        Assert.Equal([(0, 256), (256, 256), (512, 256), (768, 256)], _disk.Reads);
    }

    [Fact]
    public void A_partition_begins_at_0_and_ends_where_it_ends()
    {
        uint disk = Open(Path + ":1");
        Assert.Equal(200u * 512, _of.Call("read", disk, Buffer, 1 << 20));
        Assert.Equal(OnDisk(100 * 512, 200 * 512), _of.Bytes(Buffer, 200 * 512));
        Assert.Equal(0u, _of.Call("read", disk, Buffer, 512));
        Assert.Equal(uint.MaxValue, _of.Call("seek", disk, 0, (200 * 512) + 1));
        Assert.Equal(0u, Method("offset", disk, 2, 0, 512)[0]);
        Assert.Equal([0u, 0u, 512u + (100 * 512)], Method("offset", disk, 3, 0, 512));
    }

    [Theory]
    [InlineData(":3")]
    [InlineData(":x,nothing")]
    [InlineData(":2,\\no\\such\\file")]
    public void What_is_not_on_the_disk_does_not_open_and_leaves_nothing_behind(string arguments)
    {
        int instances = _of.Firmware.Instances.Count;
        ulong free = Free();
        Assert.Equal(0u, _of.Call("open", _of.Text(Path + arguments)));
        Assert.Equal(0, _disk.Started);
        Assert.Equal(instances, _of.Firmware.Instances.Count);
        Assert.Equal(free, Free());
    }

    [Fact]
    public void A_device_that_fails_does_not_open_and_one_that_fails_later_reads_nothing()
    {
        _disk.Fails = true;
        Assert.Equal(0u, _of.Call("open", _of.Text(Path)));
        _disk.Fails = false;
        uint disk = Open(Path);
        _disk.Fails = true;
        Assert.Equal(uint.MaxValue, _of.Call("read", disk, Buffer, 512));
        Assert.Equal(uint.MaxValue, _of.Call("read", disk, Buffer, 100));
    }

    [Fact]
    public void Memory_that_is_none_is_refused()
    {
        uint disk = Open(Path);
        Assert.Equal(uint.MaxValue, _of.Call("read", disk, 0x7000_0000, 512));
        Assert.Equal(uint.MaxValue, _of.Call("read", disk, 0xffff_ff00, 4096));

        // The last 256 bytes of memory take what fits: callers loop over short reads.
        uint last = (16 << 20) - 256;
        Assert.Equal(uint.MaxValue, _of.Call("read", disk, last, 512));
    }

    [Theory]
    [InlineData(0, 512)]
    [InlineData(77, 3)]
    [InlineData(500, 5000)]
    public void Write_changes_those_bytes_and_no_others(int position, int length)
    {
        byte[] expected = [.. _disk.Contents];
        byte[] written = new byte[length];
        new Random(2).NextBytes(written);
        written.CopyTo(expected, position + (300 * 512));
        _of.Write(Buffer, written);
        uint disk = Open(Path + ":2");
        _of.Call("seek", disk, 0, (uint)position);
        Assert.Equal((uint)length, _of.Call("write", disk, Buffer, (uint)length));
        Assert.Equal(expected, _disk.Contents);
        _disk.IsReadOnly = true;
        Assert.Equal(uint.MaxValue, _of.Call("write", disk, Buffer, (uint)length));
    }

    [Fact]
    public void Blocks_are_counted_from_the_start_of_the_device()
    {
        uint disk = Open(Path + ":1");
        Assert.Equal([0u, 512u], Method("block-size", disk, 2));
        Assert.Equal([0u, 2048u], Method("#blocks", disk, 2));
        Assert.Equal([0u, 0u, 2048u], Method("#blocks64", disk, 3));
        Assert.Equal([0u, 2u], Method("read-blocks", disk, 2, 2, 100, Buffer));
        Assert.Equal(OnDisk(100 * 512, 1024), _of.Bytes(Buffer, 1024));
        Assert.Equal([0u, 0u], Method("read-blocks", disk, 2, 2, 2047, Buffer));
        Assert.Equal([0u, 0u], Method("read-blocks", disk, 2, 1, 0xffff_ffff, Buffer));
        Assert.Equal(512u, _of.Call("block-size", disk));
        Assert.Equal(2048u, _of.Call("#blocks", disk));
    }

    [Fact]
    public void Load_takes_the_boot_partition()
    {
        uint disk = Open(Path);
        Assert.Equal([0u, 200u * 512], Method("load", disk, 2, Buffer));
        Assert.Equal(OnDisk(100 * 512, 200 * 512), _of.Bytes(Buffer, 200 * 512));
        uint empty = Open(Path + ":2");
        Assert.NotEqual(0u, Method("load", empty, 2, Buffer)[0]);
    }

    [Fact]
    public void The_deblocker_makes_bytes_of_blocks()
    {
        Instance disk = _of.Firmware.Instances.Find(Open(Path))!;
        Instance bytes = _of.Firmware.OpenPackage(_of.Tree.Find("/packages/deblocker")!, null, disk, _of.Firmware.Physical)!;
        Assert.Equal(0u, _of.Call("seek", bytes.Ihandle, 0, 1000));
        Assert.Equal(3000u, _of.Call("read", bytes.Ihandle, Buffer + 1, 3000));
        Assert.Equal(OnDisk(1000, 3000), _of.Bytes(Buffer + 1, 3000));
        _of.Firmware.ClosePackage(bytes, _of.Firmware.Physical);
        Assert.Null(_of.Firmware.Instances.Find(bytes.Ihandle));
        Assert.Equal(1, _disk.Started);
    }

    [Fact]
    public void The_disk_label_finds_partitions_of_any_device_that_reads()
    {
        Instance disk = _of.Firmware.Instances.Find(Open(Path))!;
        DeviceTree.DeviceNode node = _of.Tree.Find("/packages/disk-label")!;
        Instance label = _of.Firmware.OpenPackage(node, "2", disk, _of.Firmware.Physical)!;
        Assert.Equal([0u, 0u, 300u * 512], Method("offset", label.Ihandle, 3, 0, 0));
        Assert.Null(_of.Firmware.OpenPackage(node, "9", disk, _of.Firmware.Physical));
        Instance whole = _of.Firmware.OpenPackage(node, null, disk, _of.Firmware.Physical)!;
        Assert.Equal([0u, 200u * 512], Method("load", whole.Ihandle, 2, Buffer));
        Assert.Equal(OnDisk(100 * 512, 200 * 512), _of.Bytes(Buffer, 200 * 512));
    }

    private static void WriteEntry(byte[] disk, int index, byte type, uint start, uint count)
    {
        Span<byte> entry = disk.AsSpan(446 + (16 * index), 16);
        entry[4] = type;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], start);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(entry[12..], count);
    }

    private uint Open(string path)
    {
        uint ihandle = _of.Call("open", _of.Text(path));
        Assert.NotEqual(0u, ihandle);
        return ihandle;
    }

    private byte[] OnDisk(int position, int length) => _disk.Contents[position..(position + length)];

    private ulong Free() => _of.Firmware.Memory.Free.Aggregate(0UL, static (sum, range) => sum + range.Size);

    private uint[] Method(string method, uint ihandle, int results, params ReadOnlySpan<uint> arguments)
    {
        _of.Call("call-method", results, [_of.Text(method), ihandle, .. arguments]);
        return _of.Results;
    }
}
