using System.Buffers.Binary;
using Firmament.Core.Backends;
using Firmament.Devices.Storage;
using Firmament.Devices.Tests.Virtio;

namespace Firmament.Devices.Tests.Storage;

public sealed class VirtioScsiTests : IDisposable
{
    private const ulong Request = VirtioDriver.Buffers;
    private const ulong Response = VirtioDriver.Buffers + 0x1000;
    private const ulong Data = VirtioDriver.Buffers + 0x2000;
    private const int Requests = 2;

    private readonly PciRig _rig = new();
    private readonly byte[] _image = [.. Enumerable.Range(0, 64 * 512).Select(static i => (byte)(i ^ (i >> 9)))];
    private readonly VirtioScsi _scsi;
    private readonly VirtioDriver _driver;

    public VirtioScsiTests()
    {
        _scsi = new VirtioScsi("scsi", _rig.Scheduler);
        _scsi.Targets.Attach(0, 0, new ScsiDisk(new MemoryDisk(_image)));
        _scsi.Targets.Attach(0, 300, new ScsiCdrom(null));
        _driver = new VirtioDriver(_rig, _scsi, DriverKind.Modern, 0);
        Execute(0, 0, [0]);
    }

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Blocks_are_written_and_read_back()
    {
        byte[] data = [.. Enumerable.Range(0, 1024).Select(static i => (byte)(i * 13))];
        Assert.Equal((0, 0), Execute(0, 0, [0x2a, 0, 0, 0, 0, 9, 0, 0, 2], data: data));
        Assert.Equal(data, _image[(9 * 512)..(11 * 512)]);
        Assert.Equal((0, 0), Execute(0, 0, [0x28, 0, 0, 0, 0, 9, 0, 0, 2], room: 2048));
        Assert.Equal(data, _rig.Read(Data, 1024));
        Assert.Equal(1024u, _driver.Get32(Response + 4));
    }

    [Fact]
    public void A_failed_command_has_sense_and_a_missing_unit_or_target_says_so()
    {
        Assert.Equal((0, 2), Execute(0, 0, [0x28, 0, 0, 0, 0, 63, 0, 0, 2], room: 1024));
        Assert.Equal(18u, _driver.Get32(Response));
        byte[] sense = _rig.Read(Response + 12, 18);
        Assert.Equal([5, 0x21], [sense[2], sense[12]]);
        Assert.Equal((3, 0), Execute(1, 0, [0]));
        Assert.Equal((0, 2), Execute(0, 5, [0]));
        Assert.Equal(0x25, _rig.Read(Response + 12, 18)[12]);
        Assert.Equal((0, 0), Execute(0, 0, [0xa0, 0, 0, 0, 0, 0, 0, 0, 0, 64], room: 64));
        Assert.Equal(16u, BinaryPrimitives.ReadUInt32BigEndian(_rig.Read(Data, 4)));
        Assert.Equal([0x41, 0x2c], _rig.Read(Data + 16, 2));
        Assert.Equal((0, 0), Execute(0, 300, [0x12, 0, 0, 0, 36], room: 36));
        Assert.Equal(5, _rig.Read(Data, 1)[0]);
    }

    [Fact]
    public void Data_outside_memory_fails_the_command_and_a_short_request_breaks_the_device()
    {
        Put(0, 0, [0x28, 0, 0, 0, 0, 0, 0, 0, 1]);
        _driver.Send(Requests, (Request, 51, false), (Response, 108, true), (0x1000_0000, 512, true));
        Assert.Equal([2, 0], _rig.Read(Response + 10, 2));
        Assert.Equal(4, _rig.Read(Response + 14, 1)[0]);
        _driver.Add(Requests, (Request, 50, false), (Response, 108, true));
        _driver.Notify(Requests);
        Assert.Equal(64, _driver.Status & 64);
    }

    [Theory]
    [InlineData(5u, 0, 0, 0)]
    [InlineData(4u, 0, 7, 0)]
    [InlineData(5u, 0, 7, 12)]
    [InlineData(0u, 9, 0, 3)]
    [InlineData(99u, 0, 0, 11)]
    public void Task_management_is_answered(uint function, byte target, byte unit, byte response)
    {
        byte[] request = new byte[24];
        BinaryPrimitives.WriteUInt32LittleEndian(request.AsSpan(4), function);
        request[8] = 1;
        request[9] = target;
        request[10] = 0x40;
        request[11] = unit;
        _rig.Write(Request, request);
        Assert.Equal(1u, _driver.Send(0, (Request, 24, false), (Response, 1, true)));
        Assert.Equal(response, _rig.Read(Response, 1)[0]);
        Assert.Equal(response == 0 ? (0, 2) : (0, 0), Execute(0, 0, [0]));
    }

    [Fact]
    public void State_survives_save_and_load()
    {
        Execute(0, 0, [0x28, 0, 0, 0, 0, 63, 0, 0, 2], room: 1024);
        using PciRig rig = new();
        VirtioScsi fresh = new("scsi", rig.Scheduler);
        fresh.Targets.Attach(0, 0, new ScsiDisk(new MemoryDisk(_image)));
        fresh.Targets.Attach(0, 300, new ScsiCdrom(null));
        VirtioDriver driver = new(rig, fresh, DriverKind.Modern, 0, start: false);
        FieldList.Copy(_driver.Function, driver.Function);
        Assert.Equal(FieldList.Hash(_driver.Function), FieldList.Hash(driver.Function));
    }

    private void Put(int target, int unit, byte[] command)
    {
        byte[] request = new byte[51];
        request[0] = 1;
        request[1] = (byte)target;
        BinaryPrimitives.WriteUInt16BigEndian(request.AsSpan(2), (ushort)(0x4000 | unit));
        command.CopyTo(request, 19);
        _rig.Write(Request, request);
    }

    /// <summary>Runs a command: the transport's response and the SCSI status.</summary>
    private (int Response, int Status) Execute(int target, int unit, byte[] command, int room = 0, byte[]? data = null)
    {
        Put(target, unit, command);
        if (data != null)
        {
            _rig.Write(Data, data);
            _driver.Send(Requests, (Request, 51, false), (Data, (uint)data.Length, false), (Response, 108, true));
        }
        else if (room != 0)
        {
            _driver.Send(Requests, (Request, 51, false), (Response, 108, true), (Data, (uint)room, true));
        }
        else
        {
            _driver.Send(Requests, (Request, 51, false), (Response, 108, true));
        }

        return (_rig.Read(Response + 11, 1)[0], _rig.Read(Response + 10, 1)[0]);
    }
}
