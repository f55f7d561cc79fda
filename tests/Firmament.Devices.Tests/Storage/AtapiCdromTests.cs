using System.Buffers.Binary;
using Firmament.Core.Backends;
using Firmament.Devices.Storage;
using Firmament.Devices.Tests.Virtio;

namespace Firmament.Devices.Tests.Storage;

public sealed class AtapiCdromTests : IDisposable
{
    private readonly IdeRig _rig = new();
    private readonly byte[] _iso = [.. Enumerable.Range(0, 64 * 2048).Select(static i => (byte)((i * 3) ^ (i >> 11)))];
    private readonly AtapiCdrom _drive;

    public AtapiCdromTests() => _drive = _rig.Controller.Primary.Attach(0, new AtapiCdrom(new MemoryDisk(_iso, isReadOnly: true)));

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void It_is_found_by_signature_and_identify_packet_device()
    {
        _rig.Control(4);
        _rig.Control(0);
        Assert.Equal([0x14, 0xeb], [_rig.Read(4), _rig.Read(5)]);
        _rig.Command(0xec);
        Assert.Equal(0x51, _rig.Status);
        Assert.Equal([0x14, 0xeb], [_rig.Read(4), _rig.Read(5)]);
        _rig.Command(0xa1);
        byte[] words = _rig.PioIn(512);
        Assert.Equal(0x8580, BinaryPrimitives.ReadUInt16LittleEndian(words));
        Assert.Equal(0x50, _rig.Status);
    }

    [Fact]
    public void The_first_command_is_told_of_the_reset_and_sense_is_kept()
    {
        _rig.Packet([0x00]);
        Assert.Equal(0x51, _rig.Status);
        Assert.Equal(0x64, _rig.Read(1));
        byte[] sense = Data([0x03, 0, 0, 0, 18]);
        Assert.Equal([6, 0x29], [sense[2], sense[12]]);
        _rig.Packet([0x00]);
        Assert.Equal(0x50, _rig.Status);
        Assert.True(_rig.AlternateStatus == 0x50);
    }

    [Fact]
    public void Inquiry_and_capacity()
    {
        Ready();
        byte[] inquiry = Data([0x12, 0, 0, 0, 36]);
        Assert.Equal([0x05, 0x80], inquiry[..2]);
        Assert.Equal(5, Data([0x12, 0, 0, 0, 5]).Length);
        byte[] capacity = Data([0x25]);
        Assert.Equal(63u, BinaryPrimitives.ReadUInt32BigEndian(capacity));
        Assert.Equal(2048u, BinaryPrimitives.ReadUInt32BigEndian(capacity.AsSpan(4)));
    }

    [Theory]
    [InlineData(0xfffe)]
    [InlineData(2048)]
    [InlineData(2)]
    [InlineData(1001)]
    [InlineData(0)]
    public void Reads_come_in_parts_of_the_byte_limit(int limit)
    {
        Ready();
        _rig.Packet([0x28, 0, 0, 0, 0, 5, 0, 0, 3], (ushort)limit);
        Assert.True(_rig.Irq14);
        Assert.Equal(_iso[(5 * 2048)..(8 * 2048)], _rig.PacketData());
        Assert.Equal(0x50, _rig.Status);
    }

    [Theory]
    [InlineData(new byte[] { 0xa8, 0, 0, 0, 0, 10, 0, 0, 0, 40 })]
    [InlineData(new byte[] { 0xbe, 0, 0, 0, 0, 10, 0, 0, 40, 0x10 })]
    public void Dma_reads_into_memory(byte[] packet)
    {
        Ready();
        _rig.Regions((IdeRig.Data, 65536), (IdeRig.Data + 65536, 40 * 2048 - 65536));
        _rig.Packet(packet, features: 1);
        Assert.False(_rig.Irq14);
        _rig.BusMaster(0, 9);
        Assert.True(_rig.Irq14);
        Assert.Equal(4, _rig.BusMaster(2) & 7);
        Assert.Equal(3, _rig.Read(2) & 3);
        Assert.Equal(_iso[(10 * 2048)..(50 * 2048)], _rig.Pci.Read(IdeRig.Data, 40 * 2048));
    }

    [Theory]
    [InlineData(new byte[] { 0x28, 0, 0, 0, 0, 63, 0, 0, 2 }, 5, 0x21)]
    [InlineData(new byte[] { 0xa8, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff }, 5, 0x21)]
    [InlineData(new byte[] { 0xee }, 5, 0x20)]
    [InlineData(new byte[] { 0x43, 0, 5, 0, 0, 0, 0, 0, 99 }, 5, 0x24)]
    [InlineData(new byte[] { 0x5a, 0, 0x05, 0, 0, 0, 0, 0, 99 }, 5, 0x24)]
    [InlineData(new byte[] { 0x5a, 0, 0xea, 0, 0, 0, 0, 0, 99 }, 5, 0x39)]
    [InlineData(new byte[] { 0xbe, 4, 0, 0, 0, 0, 0, 0, 1, 0x10 }, 5, 0x64)]
    [InlineData(new byte[] { 0x4a, 0, 0, 0, 0x10, 0, 0, 0, 8 }, 5, 0x24)]
    public void Bad_packets_get_their_sense(byte[] packet, byte key, byte code)
    {
        Ready();
        _rig.Packet(packet);
        Assert.Equal(0x51, _rig.Status);
        byte[] sense = Data([0x03, 0, 0, 0, 18]);
        Assert.Equal([key, code], [sense[2], sense[12]]);
    }

    [Fact]
    public void The_table_of_contents_has_one_data_track()
    {
        Ready();
        byte[] toc = Data([0x43, 0, 0, 0, 0, 0, 0, 0, 100]);
        Assert.Equal(20, toc.Length);
        Assert.Equal([0, 18, 1, 1], toc[..4]);
        Assert.Equal([0x14, 1], toc[5..7]);
        Assert.Equal(0xaa, toc[14]);
        Assert.Equal(64u, BinaryPrimitives.ReadUInt32BigEndian(toc.AsSpan(16)));
        byte[] minutes = Data([0x43, 2, 0, 0, 0, 0, 0xaa, 0, 100]);
        Assert.Equal([0, 2, 64], minutes[9..12]);
        Assert.Equal(48, Data([0x43, 0, 2, 0, 0, 0, 0, 0, 100]).Length);
    }

    [Fact]
    public void Mode_configuration_event_and_mechanism_answers_state_their_lengths()
    {
        Ready();
        byte[] mode = Data([0x5a, 0, 0x2a, 0, 0, 0, 0, 0, 100]);
        Assert.Equal(mode.Length - 2, BinaryPrimitives.ReadUInt16BigEndian(mode));
        Assert.Equal(0x2a, mode[8]);
        byte[] shortMode = Data([0x1a, 0, 0x3f, 0, 200]);
        Assert.Equal(shortMode.Length - 1, shortMode[0]);
        byte[] configuration = Data([0x46, 0, 0, 0, 0, 0, 0, 0, 100]);
        Assert.Equal((uint)configuration.Length - 4, BinaryPrimitives.ReadUInt32BigEndian(configuration));
        Assert.Equal(8, configuration[7]);
        byte[] status = Data([0x4a, 1, 0, 0, 0x10, 0, 0, 0, 8]);
        Assert.Equal(6, BinaryPrimitives.ReadUInt16BigEndian(status));
        Assert.Equal(2, status[5]);
        Assert.Equal(8, Data([0xbd, 0, 0, 0, 0, 0, 0, 0, 0, 8]).Length);
        Assert.Equal(34, Data([0x51, 0, 0, 0, 0, 0, 0, 0, 34]).Length);
    }

    [Fact]
    public void A_locked_tray_stays_shut_and_an_open_one_has_no_medium()
    {
        Ready();
        _rig.Packet([0x1e, 0, 0, 0, 1]);
        Assert.True(_drive.IsLocked);
        _rig.Packet([0x1b, 0, 0, 0, 2]);
        Assert.Equal(0x51, _rig.Status);
        _rig.Packet([0x1e]);
        _rig.Packet([0x1b, 0, 0, 0, 2]);
        Assert.Equal(0x50, _rig.Status);
        _rig.Packet([0x28, 0, 0, 0, 0, 0, 0, 0, 1]);
        byte[] sense = Data([0x03, 0, 0, 0, 18]);
        Assert.Equal([2, 0x3a], [sense[2], sense[12]]);
        _rig.Packet([0x1b, 0, 0, 0, 3]);
        _rig.Packet([0x00]);
        Assert.Equal(0x64, _rig.Read(1));
        _rig.Packet([0x00]);
        Assert.Equal(0x50, _rig.Status);
    }

    [Fact]
    public void A_new_disc_is_announced_and_an_empty_drive_is_not_ready()
    {
        Ready();
        _drive.Insert(null);
        _rig.Packet([0x00]);
        Assert.Equal(0x24, _rig.Read(1));
        _drive.Insert(new MemoryDisk(new byte[4096]));
        Assert.Equal(2, Data([0x4a, 1, 0, 0, 0x10, 0, 0, 0, 8])[4]);
        _rig.Packet([0x00]);
        Assert.Equal(0x64, _rig.Read(1));
        Assert.Equal(1u, BinaryPrimitives.ReadUInt32BigEndian(Data([0x25])));
    }

    [Fact]
    public void An_image_that_ends_within_a_block_is_padded_and_a_broken_one_is_a_medium_error()
    {
        using IdeRig rig = new();
        MemoryDisk disk = new([.. Enumerable.Repeat((byte)7, 2560)]);
        rig.Controller.Primary.Attach(0, new AtapiCdrom(disk));
        rig.Packet([0]);
        rig.Packet([0x28, 0, 0, 0, 0, 1, 0, 0, 1]);
        byte[] block = rig.PacketData();
        Assert.Equal([7, 0], [block[511], block[512]]);
        disk.IsBroken = true;
        rig.Packet([0x28, 0, 0, 0, 0, 0, 0, 0, 1]);
        Assert.Equal(0x34, rig.Read(1));
    }

    [Fact]
    public void State_survives_save_and_load_in_the_middle_of_a_packet()
    {
        Ready();
        _rig.Packet([0x28, 0, 0, 0, 0, 5, 0, 0, 3], 100);
        _rig.PioIn(100);
        using IdeRig copy = new();
        copy.Controller.Primary.Attach(0, new AtapiCdrom(new MemoryDisk(_iso)));
        FieldList.Copy(_rig.Controller, copy.Controller);
        Assert.Equal(FieldList.Hash(_rig.Controller), FieldList.Hash(copy.Controller));
        Assert.Equal(_iso[((5 * 2048) + 100)..(8 * 2048)], copy.PacketData());
    }

    private void Ready() => _rig.Packet([0x00]);

    private byte[] Data(byte[] packet)
    {
        _rig.Packet(packet);
        return _rig.PacketData();
    }
}
