using Firmament.Core.Backends;
using Firmament.Core.Memory;
using Firmament.Core.Time;
using Firmament.Firmware.Drivers;
using Firmament.Firmware.Drivers.Pci;
using Firmament.Firmware.Drivers.Scsi;
using Firmament.Firmware.Drivers.Virtio;
using Firmament.Machines.Configuration;
using Firmament.Machines.Drivers;
using Firmament.Machines.Pegasos2;

namespace Firmament.Machines.Tests.Drivers;

/// <summary>The legacy layout of virtio, with rings in the byte order of a big-endian guest.</summary>
public sealed class LegacyDriverTests
{
    private const int Slot = 1 << 3;

    private static WithoutCapabilities Function(Machine machine)
    {
        PciWindows windows = new(machine.Map, ((Pegasos2Machine)machine).Board.Pci1, 0xfe00_0000, 0x8000_0000, 0x8000_0000, 0x4000_0000);
        return new WithoutCapabilities(new PciFunctionAccess("card", windows, Slot, IdentityDma.Instance));
    }

    [Theory]
    [InlineData("pegasos2 virtio")]
    [InlineData("pegasos2 guest-pci")]
    [InlineData("pegasos2 scsi")]
    public void A_legacy_disk_is_read_and_written(string kind)
    {
        byte[] disk = DriverBench.Pattern(3 << 20);
        using DriverBench bench = new(DriverBench.For(kind), new MemoryDisk(disk));
        IPciFunctionAccess function = Function(bench.Machine);
        IBlockDriver driver = kind.EndsWith("scsi", StringComparison.Ordinal)
            ? new ScsiBlockDriver(bench.Devices.Host, new VirtioScsiAdapter(bench.Devices.Host, function, Endianness.Big), VirtioScsiAdapter.UnitNumber(0, 0))
            : new VirtioBlockDriver(bench.Devices.Host, function, Endianness.Big);

        Assert.True(driver.TryStart(), bench.Trace);
        Assert.Equal(3ul << 11, driver.BlockCount);
        for (uint i = 0; i < 1000; i++)
        {
            // Often enough for the rings to wrap.
            Assert.True(driver.TryRead(i, 2, DriverBench.Buffer + (i * 1024)), bench.Trace);
            Assert.Equal(disk.AsSpan((int)i * 512, 1024).ToArray(), bench.Ram(DriverBench.Buffer + (i * 1024), 1024));
        }

        bench.Fill(DriverBench.Buffer, DriverBench.Pattern(1024, seed: 5));
        Assert.True(driver.TryWrite(100, 2, DriverBench.Buffer), bench.Trace);
        Assert.Equal(DriverBench.Pattern(1024, seed: 5), disk.AsSpan(51200, 1024).ToArray());
        driver.Stop();
    }

    [Fact]
    public void A_legacy_card_sends_and_receives()
    {
        EchoNetwork host = new();
        MachineConfiguration configuration = DriverBench.Configuration("pegasos2") with
        {
            Networks = [new NetworkConfiguration { Kind = NetworkBackendKind.User, Model = "virtio-net-pci" }],
        };
        using Machine machine = MachineFactory.CreateMachine(configuration, new HostServices { OpenNetwork = _ => host });
        FirmwareDevice card = Assert.Single(machine.FirmwareDevices!.All);
        VirtioNetworkDriver driver = new(machine.FirmwareDevices.Host, Function(machine), Endianness.Big, card.Network!.MacAddress);
        Assert.True(driver.TryStart());
        byte[] room = new byte[1514];
        for (int i = 0; i < 600; i++)
        {
            byte[] frame = DriverBench.Pattern(60 + i, i);
            frame[0] &= 0xfe;
            driver.MacAddress.CopyTo(frame.AsSpan(6));

            Assert.True(driver.TrySend(frame) && machine.WaitInCall(VirtualTime.FromMicroseconds(1)));
            Assert.Equal(frame.Length, driver.Receive(room));
            Assert.Equal(frame[12..], room[12..frame.Length]);
        }

        driver.Stop();
    }
}
