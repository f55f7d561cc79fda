using Firmament.Core.Memory;
using Firmament.Core.Time;
using Firmament.Firmware.Drivers;
using Firmament.Firmware.Drivers.Ide;
using Firmament.Firmware.Drivers.Scsi;
using Firmament.Firmware.Drivers.Virtio;

namespace Firmament.Firmware.Tests.Drivers;

/// <summary>Devices that do not answer, or are always busy: every driver gives up in bounded virtual time and leaves nothing behind.</summary>
public sealed class DeadDeviceTests
{
    public static TheoryData<string, uint> Devices
    {
        get
        {
            TheoryData<string, uint> rows = [];
            foreach (string kind in (string[])["ata", "atapi", "blk", "scsi", "net"])
            {
                foreach (uint value in (uint[])[0, uint.MaxValue, 0x8080_8080, 0x5858_5858, 0x0101_0101])
                {
                    rows.Add(kind, value);
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void A_device_that_does_not_work_does_not_start(string kind, uint value)
    {
        using FakePlatform platform = new();
        MemoryAllocator memory = new(platform.Ram.Size);
        DriverHost host = new(platform, memory);
        DeadFunction function = new(value);
        IdeChannelDriver channel = new(host, function, 0);
        CountedDriver driver = kind switch
        {
            "ata" => new AtaBlockDriver(channel, 0),
            "atapi" => new ScsiBlockDriver(host, new AtapiAdapter(channel, 1), 0),
            "blk" => new VirtioBlockDriver(host, function, Endianness.Big),
            "scsi" => new ScsiBlockDriver(host, new VirtioScsiAdapter(host, function, Endianness.Big), 0),
            _ => new VirtioNetworkDriver(host, function, Endianness.Big, new byte[6]),
        };

        Assert.False(driver.TryStart());

        Assert.False(driver.IsRunning);
        Assert.Equal(0, function.Users);
        Assert.Equal([new(0, platform.Ram.Size)], memory.Free);
        Assert.True(platform.Now < VirtualTime.FromSeconds(60), $"{platform.Now}");
        Assert.Contains(platform.Events, static e => e.Fields.Any(static field => field.Key == "problem"));
    }
}
