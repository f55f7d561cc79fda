using System.Buffers.Binary;
using Firmament.Core.Backends;
using Firmament.Core.Hypercalls;
using Firmament.Devices.Buses.Vio;
using Firmament.Devices.Storage;
using Firmament.Devices.Tests.Shared;

namespace Firmament.Devices.Tests.Spapr;

public sealed class SpaprVscsiTests : IDisposable
{
    private const ulong Ram = 0x20_0000;
    private const ulong Queue = 0x0000;
    private const ulong Unit = 0x1000;
    private const ulong Data = 0x4000;
    private const ulong Table = 0x3000;
    private const ulong DiskLun = 0x8000_0000_0000_0000;
    private const ulong CdLun = 0x8200_0000_0000_0000;

    private readonly SpaprRig _rig = new();
    private readonly SpaprVscsi _scsi;
    private readonly byte[] _image = [.. Enumerable.Range(0, 64 * 512).Select(static i => (byte)(i ^ (i >> 9)))];
    private int _next;

    public SpaprVscsiTests()
    {
        _scsi = _rig.Bus.Place(new SpaprVscsi(_rig.Tracer));
        _scsi.Targets.Attach(0, 0, new ScsiDisk(new MemoryDisk(_image)));
        _scsi.Targets.Attach(2, 0, new ScsiCdrom(new MemoryDisk(new byte[8192], isReadOnly: true)));
        _rig.Map(_scsi.Reg, 0, Ram, 64);
        Assert.Equal(PaprStatus.Success, _rig.Bus.RegisterCrq(_scsi.Reg, Queue, 4096));
        Execute(DiskLun, [0], 0);
        Execute(CdLun, [0], 0);
    }

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Login_grants_requests_and_both_descriptor_formats()
    {
        byte[] login = new byte[64];
        BinaryPrimitives.WriteUInt64BigEndian(login.AsSpan(8), 0x1234);
        byte[] answer = Send(1, login);
        Assert.Equal(0xc0, answer[0]);
        Assert.Equal(22u, BinaryPrimitives.ReadUInt32BigEndian(answer.AsSpan(4)));
        Assert.Equal(0x1234ul, BinaryPrimitives.ReadUInt64BigEndian(answer.AsSpan(8)));
        Assert.Equal(6, answer[25]);
    }

    [Fact]
    public void Adapter_information_and_capabilities_are_answered_and_unknown_datagrams_refused()
    {
        byte[] answer = Send(2, Datagram(3, 148));
        Assert.Equal(0, answer[5]);
        Assert.Equal("16.a"u8.ToArray(), _rig.Read(Ram + Data, 4));
        Assert.Equal(1u, BinaryPrimitives.ReadUInt32BigEndian(_rig.Read(Ram + Data + 108, 4)));
        Assert.Equal(2u << 20, BinaryPrimitives.ReadUInt32BigEndian(_rig.Read(Ram + Data + 116, 4)));
        _rig.Write(Ram + Data, [.. Enumerable.Repeat((byte)0xff, 100)]);
        Assert.Equal(0, Send(2, Datagram(5, 92))[5]);
        Assert.Equal([0, 0, 0, 0], _rig.Read(Ram + Data, 4));
        Assert.Equal(0xff, _rig.Read(Ram + Data + 92, 1)[0]);
        Assert.Equal(0xf1, Send(2, Datagram(77, 16))[5]);
        byte[] nowhere = Datagram(3, 148);
        BinaryPrimitives.WriteUInt64BigEndian(nowhere.AsSpan(16), 0x100_0000);
        Assert.Equal(0xf7, Send(2, nowhere)[5]);
    }

    [Fact]
    public void Inquiry_tells_what_is_there_and_what_is_not()
    {
        Assert.Equal(0, Status(Execute(DiskLun, [0x12, 0, 0, 0, 36], 36)));
        Assert.Equal([0x00, 0x00, 0x05, 0x02], _rig.Read(Ram + Data, 4));
        Execute(CdLun, [0x12, 0, 0, 0, 36], 36);
        Assert.Equal([0x05, 0x80], _rig.Read(Ram + Data, 2));
        Assert.Equal(0, Status(Execute(0x8100_0000_0000_0000, [0x12, 0, 0, 0, 36], 36)));
        Assert.Equal(0x7f, _rig.Read(Ram + Data, 1)[0]);
        byte[] answer = Execute(0x8100_0000_0000_0000, [0], 0);
        Assert.Equal([2, 2], [Status(answer), answer[18] & 2]);
        Assert.Equal([5, 0x25], [answer[38], answer[48]]);
    }

    [Fact]
    public void All_units_are_in_the_list_of_unit_zero()
    {
        Execute(0, [0xa0, 0, 0, 0, 0, 0, 0, 0, 1, 0], 256);
        Assert.Equal(16u, BinaryPrimitives.ReadUInt32BigEndian(_rig.Read(Ram + Data, 4)));
        Assert.Equal(0ul, _rig.Read64(Ram + Data + 8));
        Assert.Equal(CdLun, _rig.Read64(Ram + Data + 16));
    }

    [Fact]
    public void A_direct_buffer_is_read_and_its_rest_is_the_residual()
    {
        byte[] answer = Execute(DiskLun, [0x28, 0, 0, 0, 0, 5, 0, 0, 2], 2048);
        Assert.Equal(0, Status(answer));
        Assert.Equal(0x20, answer[18]);
        Assert.Equal(1024u, BinaryPrimitives.ReadUInt32BigEndian(answer.AsSpan(24)));
        Assert.Equal(_image[2560..3584], _rig.Read(Ram + Data, 1024));
        answer = Execute(DiskLun, [0x28, 0, 0, 0, 0, 5, 0, 0, 2], 512);
        Assert.Equal(0x10, answer[18]);
        Assert.Equal(512u, BinaryPrimitives.ReadUInt32BigEndian(answer.AsSpan(24)));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(0)]
    public void Indirect_descriptors_come_from_the_command_and_from_the_table(int local)
    {
        (ulong, uint)[] parts = [(Data, 100), (Data + 0x1000, 412), (Data + 0x2000, 512)];
        byte[] data = [.. Enumerable.Range(0, 1024).Select(static i => (byte)(i * 7))];
        _rig.Write(Ram + Data, data.AsSpan(0, 100));
        _rig.Write(Ram + Data + 0x1000, data.AsSpan(100, 412));
        _rig.Write(Ram + Data + 0x2000, data.AsSpan(512));
        byte[] command = Command(DiskLun, [0x2a, 0, 0, 0, 0, 9, 0, 0, 2]);
        command[5] = 0x20;
        command[6] = (byte)local;
        byte[] answer = Send(1, [.. command, .. Indirect(parts, local, (uint)parts.Length * 16)]);
        Assert.Equal([0, 0], [Status(answer), answer[18]]);
        Assert.Equal(data, _image[(9 * 512)..(11 * 512)]);
    }

    [Fact]
    public void Hostile_descriptors_are_errors_and_nothing_hangs()
    {
        byte[] read = Command(DiskLun, [0x28, 0, 0, 0, 0, 0, 0, 0, 1]);
        read[5] = 2;
        read[7] = 0;
        (ulong, uint)[] one = [(Data, 512)];
        Assert.Equal(2, Status(Send(1, [.. read, .. Indirect(one, 0, 0xffff_fff0)])));
        Assert.Equal(2, Status(Send(1, [.. read, .. Indirect(one, 0, 17)])));
        Assert.Equal(2, Status(Send(1, read)));
        read[5] = 9;
        Assert.Equal(2, Status(Send(1, read)));
        read[5] = 2;
        read[7] = 255;
        Assert.Equal(2, Status(Send(1, [.. read, .. Indirect(one, 0, 16)])));
        read[7] = 0;
        byte[] table = Indirect(one, 0, 64 * 1024);
        BinaryPrimitives.WriteUInt64BigEndian(table, 0x3_f000);
        Assert.Equal(2, Status(Send(1, [.. read, .. table])));
        byte[] zeros = Indirect(one, 0, 4096 * 16);
        BinaryPrimitives.WriteUInt64BigEndian(zeros, 0x1_0000);
        byte[] noRoom = Send(1, [.. read, .. zeros]);
        Assert.Equal([0, 0x10], [Status(noRoom), noRoom[18]]);
        byte[] outside = Execute(DiskLun, [0x28, 0, 0, 0, 0, 0, 0, 0, 1], 512, 0x0fff_ff00);
        Assert.Equal([2, 4], [Status(outside), outside[38]]);
        byte[] wraps = Execute(DiskLun, [0x28, 0, 0, 0, 0, 0, 0, 0, 1], 512, ulong.MaxValue - 10);
        Assert.Equal(2, Status(wraps));
        read[31] = 0xff;
        Assert.Equal(2, Status(Send(1, read)));
    }

    [Theory]
    [InlineData(1, 15)]
    [InlineData(1, 257)]
    [InlineData(1, 40)]
    [InlineData(5, 48)]
    public void Units_of_impossible_length_or_format_get_no_answer(int format, int length)
    {
        byte[] unit = new byte[Math.Max(length, 48)];
        unit[0] = 2;
        _rig.Write(Ram + Unit, unit);
        Assert.Equal(PaprStatus.Success, _rig.Bus.SendCrq(_scsi.Reg, 0x8000_0000_0000_0000 | ((ulong)format << 48) | (uint)length, Unit));
        Assert.Equal(0, _rig.Read(Ram + Queue + (ulong)(16 * _next), 1)[0]);
        Assert.Equal(PaprStatus.Success, _rig.Bus.SendCrq(_scsi.Reg, 0x8001_0000_0000_0030, 0x100_0000));
        Assert.Equal(0, _rig.Read(Ram + Queue + (ulong)(16 * _next), 1)[0]);
    }

    [Theory]
    [InlineData(DiskLun, 8, 0)]
    [InlineData(DiskLun, 1, 0)]
    [InlineData(DiskLun, 0x40, 4)]
    [InlineData(DiskLun, 0x33, 2)]
    [InlineData(0x8100_0000_0000_0000, 8, 2)]
    public void Task_management_is_answered(ulong lun, byte function, byte outcome)
    {
        byte[] request = new byte[48];
        request[0] = 1;
        BinaryPrimitives.WriteUInt64BigEndian(request.AsSpan(20), lun);
        request[30] = function;
        byte[] answer = Send(1, request);
        Assert.Equal([0xc1, 1, outcome], [answer[0], answer[18], answer[39]]);
        Assert.Equal(function == 8 && outcome == 0 ? 2 : 0, Status(Execute(DiskLun, [0], 0)));
    }

    [Fact]
    public void State_survives_save_and_load()
    {
        Execute(DiskLun, [0x1b, 0, 0, 0, 0], 0);
        using SpaprRig rig = new();
        SpaprVscsi fresh = rig.Bus.Place(new SpaprVscsi(rig.Tracer));
        fresh.Targets.Attach(0, 0, new ScsiDisk(new MemoryDisk(new byte[_image.Length])));
        fresh.Targets.Attach(2, 0, new ScsiCdrom(null));
        SavedState.AssertRoundTrip([_scsi], [fresh]);
        Assert.True(fresh.Crq!.IsRegistered);
    }

    private static int Status(byte[] answer) => answer[19];

    private static byte[] Datagram(uint type, ushort length)
    {
        byte[] unit = new byte[24];
        BinaryPrimitives.WriteUInt32BigEndian(unit, type);
        BinaryPrimitives.WriteUInt16BigEndian(unit.AsSpan(6), length);
        BinaryPrimitives.WriteUInt64BigEndian(unit.AsSpan(16), Data);
        return unit;
    }

    private static byte[] Command(ulong lun, byte[] cdb)
    {
        byte[] unit = new byte[48];
        unit[0] = 2;
        BinaryPrimitives.WriteUInt64BigEndian(unit.AsSpan(20), lun);
        cdb.CopyTo(unit, 32);
        return unit;
    }

    private static byte[] Descriptor(ulong address, uint length)
    {
        byte[] bytes = new byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, address);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(12), length);
        return bytes;
    }

    private byte[] Indirect((ulong Address, uint Length)[] parts, int local, uint tableLength)
    {
        byte[][] all = [.. parts.Select(static part => Descriptor(part.Address, part.Length))];
        _rig.Write(Ram + Table, [.. all.SelectMany(static bytes => bytes)]);
        uint total = (uint)parts.Sum(static part => part.Length);
        byte[] length = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(length, total);
        return [.. Descriptor(Table, tableLength), .. length, .. all.Take(local).SelectMany(static bytes => bytes)];
    }

    private byte[] Execute(ulong lun, byte[] cdb, uint room, ulong address = Data)
    {
        byte[] command = Command(lun, cdb);
        command[5] = room == 0 ? (byte)0 : (byte)1;
        return Send(1, room == 0 ? command : [.. command, .. Descriptor(address, room)]);
    }

    /// <summary>Sends a unit and returns what was written over it, after checking the queue entry.</summary>
    private byte[] Send(byte format, byte[] unit)
    {
        BinaryPrimitives.WriteUInt64BigEndian(unit.AsSpan(8), 0x1234);
        _rig.Write(Ram + Unit, unit);
        Assert.Equal(PaprStatus.Success, _rig.Bus.SendCrq(_scsi.Reg, 0x8000_0000_0000_0000 | ((ulong)format << 48) | (uint)unit.Length, Unit));
        ulong at = Ram + Queue + (ulong)(16 * _next++);
        byte[] entry = _rig.Read(at, 16);
        Assert.Equal([0x80, format, 0, 0], entry[..4]);
        Assert.Equal(0x1234ul, BinaryPrimitives.ReadUInt64BigEndian(entry.AsSpan(8)));
        return _rig.Read(Ram + Unit, BinaryPrimitives.ReadUInt16BigEndian(entry.AsSpan(6)));
    }
}
