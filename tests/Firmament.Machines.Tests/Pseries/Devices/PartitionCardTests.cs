using Firmament.Core;
using Firmament.Core.Backends;
using Firmament.Core.Memory;
using Firmament.Core.Time;
using Firmament.Devices.Buses;
using Firmament.Devices.Buses.Spapr;
using Firmament.Devices.Buses.Vio;
using Firmament.Devices.Buses.Virtio;
using Firmament.Devices.Network;
using Firmament.Devices.Storage;
using Firmament.Machines.Cards;
using Firmament.Machines.Configuration;

namespace Firmament.Machines.Tests.Pseries.Devices;

public sealed class PartitionCardTests : IDisposable
{
    private readonly DeviceCallRig _rig = new();
    private readonly SpaprPhb _bridge;
    private readonly SpaprPhb _second;

    public PartitionCardTests()
    {
        _bridge = new SpaprPhb(0, _rig.Tables, _rig.Numbers, _rig.Source, _rig.Tracer);
        _second = new SpaprPhb(1, _rig.Tables, _rig.Numbers, _rig.Source, _rig.Tracer);
    }

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Virtio_cards_go_to_the_named_bridge_with_messages()
    {
        Place(
            Device("virtio-scsi-pci", ("id", "s")), Device("scsi-hd", ("drive", "d0"), ("bus", "s.0"), ("scsi-id", "4"), ("lun", "1")),
            Device("scsi-cd"), Device("virtio-rng-pci", ("bus", "pci.1"), ("addr", "5")));
        VirtioPciFunction function = Assert.IsType<VirtioPciFunction>(_bridge.Bus[0, 0]);
        Assert.Equal(4, function.Msix!.Vectors);
        VirtioScsi scsi = Assert.IsType<VirtioScsi>(function.Device);
        Assert.IsType<ScsiDisk>(scsi.Targets.Find(4, 1));
        Assert.IsType<ScsiCdrom>(scsi.Targets.Find(0, 0));
        Assert.NotNull(_second.Bus[5, 0]);
    }

    [Fact]
    public void Virtual_devices_go_to_the_virtual_bus()
    {
        CardSet cards = Place(
            Device("spapr-vlan", ("mac", "52:54:00:00:00:09")), Device("spapr-vscsi", ("reg", "0x71000010")), Device("spapr-rng"),
            Device("spapr-vty"), Device("scsi-hd", ("drive", "d0")));
        Assert.True(cards.HasRandomSource);
        Assert.Equal([typeof(SpaprLan), typeof(SpaprVty), typeof(SpaprVscsi)], _rig.Bus.Devices.Select(static device => device.GetType()));
        Assert.IsType<ScsiDisk>(((SpaprVscsi)_rig.Bus.Find(0x7100_0010)!).Targets.Find(0, 0));
    }

    [Fact]
    public void A_scsi_drive_without_an_adapter_brings_one()
    {
        Place([new DriveConfiguration { File = "d", Interface = DriveInterface.Scsi, Index = 3 }]);
        Assert.IsType<ScsiDisk>(Assert.IsType<SpaprVscsi>(Assert.Single(_rig.Bus.Devices)).Targets.Find(3, 0));
    }

    [Theory]
    [InlineData("scsi-hd", "bus", "nobody.0")]
    [InlineData("scsi-hd", "scsi-id", "64")]
    [InlineData("scsi-hd", "lun", "x")]
    [InlineData("scsi-cd", "drive", "nothing")]
    [InlineData("virtio-rng-pci", "bus", "pci.7")]
    [InlineData("spapr-vscsi", "reg", "none")]
    [InlineData("e1000", "mac", "1")]
    public void What_is_impossible_is_told_to_the_user(string driver, string property, string value) =>
        Assert.Throws<UserErrorException>(() => Place(Device(driver, driver == "scsi-hd" ? [("drive", "d0"), (property, value)] : [(property, value)])));

    private static DeviceConfiguration Device(string driver, params (string Name, string Value)[] properties) =>
        new() { Driver = driver, Properties = properties.ToDictionary(static p => p.Name, static p => p.Value) };

    private CardSet Place(params DeviceConfiguration[] devices) =>
        Place([new DriveConfiguration { File = "d", Interface = DriveInterface.None, Id = "d0" }], devices);

    private CardSet Place(DriveConfiguration[] drives, params DeviceConfiguration[] devices)
    {
        MachineConfiguration configuration = new() { Drives = drives, Devices = devices };
        HostServices services = new() { OpenDrive = static _ => new MemoryDisk(new byte[65536]) };
        DriveSet set = new(drives, DriveInterface.Scsi, services.OpenDrive);
        CardSet cards = new(configuration, services, set, _bridge.Bus, new Scheduler(), _rig.Journal, _rig.Tracer, Endianness.Little)
        {
            FirstSlot = 0,
            HasMessages = true,
            Vio = _rig.Bus,
            Buses = new Dictionary<string, PciBus> { ["pci.0"] = _bridge.Bus, ["pci.1"] = _second.Bus },
        };
        cards.PlaceAll();
        return cards;
    }
}
