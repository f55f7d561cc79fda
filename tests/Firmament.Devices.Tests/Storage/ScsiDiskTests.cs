using System.Buffers.Binary;
using Firmament.Core.Backends;
using Firmament.Devices.Storage;
using Firmament.Devices.Tests.Shared;

namespace Firmament.Devices.Tests.Storage;

public sealed class ScsiDiskTests : IDisposable
{
    private readonly byte[] _image = [.. Enumerable.Range(0, 128 * 512).Select(static i => (byte)((i * 3) ^ (i >> 9)))];
    private readonly MemoryDisk _backend;
    private readonly ScsiDisk _disk;

    public ScsiDiskTests()
    {
        _backend = new MemoryDisk(_image);
        _disk = new ScsiDisk(_backend, serial: "SN77");
        _disk.Execute([0]);
    }

    public void Dispose() => _backend.Dispose();

    [Fact]
    public void The_first_command_is_told_of_the_reset_once_and_inquiry_is_not()
    {
        ScsiDisk disk = new(_backend);
        Assert.Equal(0, Run(disk, [0x12, 0, 0, 0, 36], 36).Status);
        Assert.Equal(new ScsiSense(6, 0x29), Run(disk, [0x00]).Sense);
        Assert.Equal(0, Run(disk, [0x00]).Status);
        disk.Reset();
        Assert.Equal([6, 0x29], Data(disk, [0x03, 0, 0, 0, 18], 18) is var sense ? [sense[2], sense[12]] : Array.Empty<byte>());
        Assert.Equal(0, Run(disk, [0x00]).Status);
    }

    [Fact]
    public void Capacity_and_vital_product_data_are_told()
    {
        byte[] capacity = Data(_disk, [0x25], 8);
        Assert.Equal((127u, 512u), (BinaryPrimitives.ReadUInt32BigEndian(capacity), BinaryPrimitives.ReadUInt32BigEndian(capacity.AsSpan(4))));
        byte[] large = Data(_disk, [0x9e, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 32], 32);
        Assert.Equal(127ul, BinaryPrimitives.ReadUInt64BigEndian(large));
        Assert.Equal([0x00, 0x80, 0x83, 0xb0, 0xb1, 0xb2], Data(_disk, [0x12, 1, 0, 0, 100], 100)[4..10]);
        Assert.Equal("SN77"u8.ToArray(), Data(_disk, [0x12, 1, 0x80, 0, 100], 100)[4..8]);
        Assert.Equal([0x83, 0, 48, 2, 1, 0, 44], Data(_disk, [0x12, 1, 0x83, 0, 100], 100)[1..8]);
        foreach (byte page in (byte[])[0xb0, 0xb1, 0xb2])
        {
            byte[] data = Data(_disk, [0x12, 1, page, 0, 200], 200);
            Assert.Equal(page, data[1]);
        }

        Assert.Equal(ScsiSense.InvalidField, Run(_disk, [0x12, 1, 0x99, 0, 100], 100).Sense);
        Assert.Equal(ScsiSense.InvalidField, Run(_disk, [0x12, 0, 0x80, 0, 100], 100).Sense);
    }

    [Theory]
    [InlineData(new byte[] { 0x08, 0, 0, 5, 2 })]
    [InlineData(new byte[] { 0x28, 0, 0, 0, 0, 5, 0, 0, 2 })]
    [InlineData(new byte[] { 0xa8, 0, 0, 0, 0, 5, 0, 0, 0, 2 })]
    [InlineData(new byte[] { 0x88, 0, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 2 })]
    public void Every_length_of_read_finds_its_blocks(byte[] command) => Assert.Equal(_image[(5 * 512)..(7 * 512)], Data(_disk, command, 1024));

    [Theory]
    [InlineData(new byte[] { 0x0a, 0, 0, 5, 2 })]
    [InlineData(new byte[] { 0x2a, 8, 0, 0, 0, 5, 0, 0, 2 })]
    [InlineData(new byte[] { 0xaa, 0, 0, 0, 0, 5, 0, 0, 0, 2 })]
    [InlineData(new byte[] { 0x8a, 0, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 2 })]
    [InlineData(new byte[] { 0x2e, 0, 0, 0, 0, 5, 0, 0, 2 })]
    public void Every_length_of_write_finds_its_blocks(byte[] command)
    {
        byte[] data = [.. Enumerable.Range(0, 1024).Select(static i => (byte)(i * 11))];
        Assert.Equal(0, Run(_disk, command, 0, data).Status);
        Assert.Equal(data, _image[(5 * 512)..(7 * 512)]);
        Assert.Equal(command[0] == 0x2a ? 1 : 0, _backend.FlushCount);
    }

    [Theory]
    [InlineData(new byte[] { 0x28, 0, 0, 0, 0, 127, 0, 0, 2 }, 5, 0x21)]
    [InlineData(new byte[] { 0x88, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 2 }, 5, 0x21)]
    [InlineData(new byte[] { 0xa8, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff }, 5, 0x21)]
    [InlineData(new byte[] { 0x28, 0x20, 0, 0, 0, 0, 0, 0, 1 }, 5, 0x24)]
    [InlineData(new byte[] { 0x41, 0, 0, 0, 0, 0, 0, 0, 0 }, 5, 0x24)]
    [InlineData(new byte[] { 0x1a, 0, 0x05, 0, 99 }, 5, 0x24)]
    [InlineData(new byte[] { 0x1a, 0, 0xc8, 0, 99 }, 5, 0x39)]
    [InlineData(new byte[] { 0x1b, 0, 0, 0, 2 }, 5, 0x24)]
    [InlineData(new byte[] { 0x9e, 0x12 }, 5, 0x20)]
    [InlineData(new byte[] { 0x7f }, 5, 0x20)]
    public void Bad_commands_get_their_sense(byte[] command, byte key, byte code)
    {
        ScsiTransfer result = Run(_disk, command, 4096);
        Assert.Equal((ScsiUnit.CheckCondition, new ScsiSense(key, code)), (result.Status, result.Sense));
        Assert.Equal(new ScsiSense(key, code), _disk.Sense);
    }

    [Fact]
    public void A_read_only_image_is_write_protected()
    {
        ScsiDisk disk = new(new MemoryDisk(_image, isReadOnly: true));
        disk.Execute([0]);
        foreach (byte operation in (byte[])[0x2a, 0x41, 0x42])
        {
            Assert.Equal(ScsiSense.WriteProtected, Run(disk, [operation, 0, 0, 0, 0, 0, 0, 0, 1], 0, new byte[512]).Sense);
        }

        Assert.Equal(0x80, Data(disk, [0x1a, 8, 0x3f, 0, 99], 99)[2] & 0x80);
    }

    [Fact]
    public void The_write_cache_can_be_turned_off_and_nothing_else_changed()
    {
        byte[] pages = Data(_disk, [0x5a, 8, 0x3f, 0, 0, 0, 0, 0, 200], 200);
        Assert.Equal(4, pages[8 + 12 + 2]);
        byte[] list = [0, 0, 0, 0, 0x08, 18, 0, .. new byte[17]];
        Assert.Equal(0, Run(_disk, [0x15, 0x10, 0, 0, (byte)list.Length], 0, list).Status);
        Assert.Equal(0, Data(_disk, [0x1a, 8, 0x08, 0, 99], 99)[6]);
        int before = _backend.FlushCount;
        Run(_disk, [0x2a, 0, 0, 0, 0, 0, 0, 0, 1], 0, new byte[512]);
        Assert.Equal(before + 1, _backend.FlushCount);
        list[7] = 1;
        Assert.Equal(ScsiSense.InvalidParameter, Run(_disk, [0x15, 0x10, 0, 0, (byte)list.Length], 0, list).Sense);
        list[5] = 200;
        Assert.Equal(new ScsiSense(5, 0x1a), Run(_disk, [0x15, 0x10, 0, 0, (byte)list.Length], 0, list).Sense);
        Assert.Equal(ScsiSense.InvalidField, Run(_disk, [0x15, 0x11, 0, 0, 4], 0, list).Sense);
        Assert.Equal(ScsiSense.InvalidField, Run(_disk, [0x55, 0x10, 0, 0, 0, 0, 0, 0xff, 0xff], 0, list).Sense);
    }

    [Fact]
    public void Write_same_verify_unmap_and_stop_do_what_they_say()
    {
        byte[] block = [.. Enumerable.Repeat((byte)0x5a, 512)];
        Assert.Equal(0, Run(_disk, [0x41, 0, 0, 0, 0, 3, 0, 0, 4], 0, block).Status);
        Assert.All(_image[(3 * 512)..(7 * 512)], static b => Assert.Equal(0x5a, b));
        Assert.Equal(0, Run(_disk, [0x93, 1, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 1]).Status);
        Assert.Equal(0, _image[3 * 512]);
        Assert.Equal(0, Run(_disk, [0x2f, 2, 0, 0, 0, 4, 0, 0, 1], 0, block).Status);
        Assert.Equal(new ScsiSense(14, 0x1d), Run(_disk, [0x2f, 2, 0, 0, 0, 3, 0, 0, 1], 0, block).Sense);
        Assert.Equal(ScsiSense.OutOfRange, Run(_disk, [0x2f, 0, 0, 0, 0, 127, 0, 0, 9]).Sense);
        byte[] list = [0, 22, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0];
        Assert.Equal(0, Run(_disk, [0x42, 0, 0, 0, 0, 0, 0, 0, 24], 0, list).Status);
        list[16] = 1;
        Assert.Equal(ScsiSense.OutOfRange, Run(_disk, [0x42, 0, 0, 0, 0, 0, 0, 0, 24], 0, list).Sense);
        list[3] = 200;
        Assert.Equal(new ScsiSense(5, 0x1a), Run(_disk, [0x42, 0, 0, 0, 0, 0, 0, 0, 24], 0, list).Sense);
        Run(_disk, [0x1b]);
        Assert.Equal(new ScsiSense(2, 4, 2), Run(_disk, [0x28, 0, 0, 0, 0, 0, 0, 0, 1], 512).Sense);
        Run(_disk, [0x1b, 0, 0, 0, 1]);
        Assert.Equal(0, Run(_disk, [0]).Status);
    }

    [Fact]
    public void A_broken_image_is_a_medium_error()
    {
        _backend.IsBroken = true;
        Assert.Equal(ScsiSense.ReadError, Run(_disk, [0x28, 0, 0, 0, 0, 0, 0, 0, 1], 512).Sense);
        Assert.Equal(ScsiSense.WriteError, Run(_disk, [0x2a, 0, 0, 0, 0, 0, 0, 0, 1], 0, new byte[512]).Sense);
        Assert.Equal(ScsiSense.WriteError, Run(_disk, [0x35]).Sense);
    }

    [Fact]
    public void A_compact_disc_has_vital_product_data_behind_scsi()
    {
        ScsiCdrom cd = new(new MemoryDisk(new byte[4096]), serial: "CD1");
        Assert.Equal("CD1"u8.ToArray(), Data(cd, [0x12, 1, 0x80, 0, 100], 100)[4..7]);
        Assert.Equal([5, 0x80, 5, 2], Data(cd, [0x12, 0, 0, 0, 36], 36)[..4]);
        Run(cd, [0]);
        Assert.Equal(2048, Run(cd, [0x28, 0, 0, 0, 0, 1, 0, 0, 1], 4096).Moved);
        Assert.Equal(ScsiSense.InvalidOperation, Run(cd, [0x2a], 0).Sense);
    }

    [Fact]
    public void State_survives_save_and_load()
    {
        Run(_disk, [0x28, 0, 0, 0, 0, 127, 0, 0, 2], 512);
        ScsiDisk fresh = new(_backend);
        SavedState.AssertRoundTrip([_disk], [fresh]);
        Assert.Equal(ScsiSense.OutOfRange, fresh.Sense);
    }

    private static byte[] Data(ScsiUnit unit, byte[] command, int room)
    {
        Memory memory = new(room, []);
        ScsiTransfer result = ScsiTransfer.Run(unit, command, memory, new byte[100]);
        Assert.Equal(ScsiUnit.Good, result.Status);
        return memory.In[..(int)result.Moved];
    }

    private static ScsiTransfer Run(ScsiUnit unit, byte[] command, int room = 0, byte[]? data = null) =>
        ScsiTransfer.Run(unit, command, new Memory(room, data ?? []), new byte[100]);

    private sealed class Memory(int room, byte[] data) : IScsiBuffers
    {
        public byte[] In { get; } = new byte[room];

        public long InLength => room;

        public long OutLength => data.Length;

        public bool TryGive(long offset, ReadOnlySpan<byte> source)
        {
            source.CopyTo(In.AsSpan((int)offset));
            return true;
        }

        public bool TryTake(long offset, Span<byte> destination)
        {
            data.AsSpan((int)offset, destination.Length).CopyTo(destination);
            return true;
        }
    }
}
