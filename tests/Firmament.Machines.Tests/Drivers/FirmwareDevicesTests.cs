using Firmament.Core.Backends;
using Firmament.DeviceTree.Flattened;
using Firmament.Machines.Configuration;
using Firmament.Machines.Drivers;
using Tree = Firmament.DeviceTree.DeviceTree;

namespace Firmament.Machines.Tests.Drivers;

/// <summary>Which devices a machine's firmware finds, and what its tree says of them.</summary>
public sealed class FirmwareDevicesTests
{
    private static readonly DriveConfiguration[] Pegasos2Drives =
    [
        new() { File = "a", Interface = DriveInterface.Ide },
        new() { File = "b", Interface = DriveInterface.Ide },
        new() { File = "cd", Interface = DriveInterface.Ide, Media = DriveMedia.Cdrom },
        new() { File = "c", Interface = DriveInterface.Virtio },
        new() { File = "d", Interface = DriveInterface.None, Id = "d" },
    ];

    private static DriverBench Pegasos2() => new(
        DriverBench.Configuration("pegasos2") with
        {
            Drives = Pegasos2Drives,
            Devices = [DriverBench.Device("virtio-scsi-pci"), DriverBench.Device("scsi-hd", ("drive", "d"), ("scsi-id", "3"), ("lun", "2")), DriverBench.Device("virtio-net-pci")],
        },
        Disks(5));

    private static DriverBench Pseries() => new(
        DriverBench.Configuration("pseries") with
        {
            Drives =
            [
                new() { File = "a", Interface = DriveInterface.Virtio },
                new() { File = "b", Interface = DriveInterface.Scsi },
                new() { File = "c", Interface = DriveInterface.Scsi, Media = DriveMedia.Cdrom },
                new() { File = "d", Interface = DriveInterface.None, Id = "d" },
            ],
            Networks = [new() { Model = "spapr-vlan" }],
            Devices = [DriverBench.Device("virtio-scsi-pci", ("id", "s")), DriverBench.Device("scsi-hd", ("drive", "d"), ("bus", "s.0"), ("scsi-id", "4"), ("lun", "256"))],
        },
        Disks(4));

    private static MemoryDisk[] Disks(int count) => [.. Enumerable.Range(0, count).Select(static _ => new MemoryDisk(new byte[1 << 20]))];

    private static string Text(FirmwareDevices devices) =>
        string.Join('\n', devices.All.Select(static device => $"{(device.Network != null ? "network" : device.IsCdrom ? "cdrom" : "disk")} {device.Node.Path}"));

    private static string Aliases(Tree tree) =>
        string.Join('\n', tree.Root.Child("aliases")!.Properties.Where(static p => p.Name != "name").Select(p => $"{p.Name} {tree.Root.Child("aliases")!.GetString(p.Name)}"));

    [Fact]
    public void The_Pegasos_names_its_drives_by_channel_and_unit()
    {
        using DriverBench bench = Pegasos2();

        Assert.Equal(
            """
            disk /pci@80000000/ide@c,1/disk@0,0
            disk /pci@80000000/ide@c,1/disk@0,1
            cdrom /pci@80000000/ide@c,1/cd@1,0
            disk /pci@80000000/scsi@1
            disk /pci@80000000/scsi@2/disk@103000200000000
            network /pci@80000000/ethernet@3
            """.ReplaceLineEndings("\n"),
            Text(bench.Devices));
        Assert.Equal(
            """
            hd /pci@80000000/ide@c,1/disk@0,0
            hd0 /pci@80000000/ide@c,1/disk@0,0
            hd1 /pci@80000000/ide@c,1/disk@0,1
            cd /pci@80000000/ide@c,1/cd@1,0
            cd0 /pci@80000000/ide@c,1/cd@1,0
            hd2 /pci@80000000/scsi@1
            hd3 /pci@80000000/scsi@2/disk@103000200000000
            net /pci@80000000/ethernet@3
            net0 /pci@80000000/ethernet@3
            """.ReplaceLineEndings("\n"),
            Aliases(bench.Devices.Tree));
        Assert.Same(bench.Devices.All[2].Node, bench.Devices.Tree.Find("/pci@80000000/ide@C,1/cd@1,0"));
        Assert.Same(bench.Devices.All[0], bench.Devices.Find(bench.Devices.Tree.Find("hd:0,\\boot")!));
    }

    [Fact]
    public void A_partition_names_its_drives_by_their_64_bit_units()
    {
        using DriverBench bench = Pseries();

        Assert.Equal(
            """
            network /vdevice/l-lan@71000001
            disk /vdevice/v-scsi@71000002/disk@8000000000000000
            cdrom /vdevice/v-scsi@71000002/disk@8100000000000000
            disk /pci@800000020000000/scsi@0
            disk /pci@800000020000000/scsi@1/disk@104410000000000
            """.ReplaceLineEndings("\n"),
            Text(bench.Devices));
        Assert.Equal(
            """
            net /vdevice/l-lan@71000001
            net0 /vdevice/l-lan@71000001
            disk /vdevice/v-scsi@71000002/disk@8000000000000000
            disk0 /vdevice/v-scsi@71000002/disk@8000000000000000
            cdrom /vdevice/v-scsi@71000002/disk@8100000000000000
            cdrom0 /vdevice/v-scsi@71000002/disk@8100000000000000
            disk1 /pci@800000020000000/scsi@0
            disk2 /pci@800000020000000/scsi@1/disk@104410000000000
            """.ReplaceLineEndings("\n"),
            Aliases(bench.Devices.Tree));
        Assert.NotNull(bench.Devices.Tree.Find("/pci@800000020000000/scsi@1/disk@0104410000000000"));
    }

    [Fact]
    public void Every_disk_is_a_block_device_that_reads_beside_the_others()
    {
        foreach (DriverBench bench in (DriverBench[])[Pegasos2(), Pseries()])
        {
            using (bench)
            {
                FirmwareDevice[] disks = [.. bench.Devices.Find(static device => device.Block != null && !device.IsCdrom)];
                Assert.All(disks, static device => Assert.Equal("block", device.Node.GetString("device_type")));
                Assert.All(disks, device => Assert.True(device.Block!.TryStart(), bench.Trace));
                Assert.All(disks, device => Assert.True(device.Block!.TryRead(0, 1, DriverBench.Buffer), bench.Trace));
                disks[0].Block!.Stop();
                Assert.All(disks[1..], device => Assert.True(device.Block!.TryRead(1, 2, DriverBench.Buffer), bench.Trace));
                bench.Devices.Quiesce();
                Assert.All(disks, static device => Assert.False(device.Block!.TryRead(0, 1, DriverBench.Buffer)));
            }
        }
    }

    [Fact]
    public void A_reboot_finds_devices_at_rest()
    {
        using DriverBench bench = Pseries();
        FirmwareDevices before = bench.Devices;
        Assert.All(before.Find(static device => device.Block != null), static device => Assert.True(device.Block!.TryStart()));

        bench.Machine.Reset();

        Assert.NotSame(before, bench.Devices);
        Assert.All(bench.Devices.Find(static device => device.Block != null), device => Assert.True(device.Block!.TryStart() && device.Block.TryRead(0, 1, DriverBench.Buffer), bench.Trace));
    }

    [Fact]
    public void A_tree_of_the_users_without_the_nodes_has_no_devices_but_keeps_its_aliases()
    {
        using DriverBench bench = Pegasos2();
        Tree tree = bench.Machine.DescribeBoot();
        tree.Find("/pci@80000000/ide@c,1")!.Remove();
        tree.Root.Child("aliases")!.SetString("hd", "/elsewhere");
        MachineConfiguration configuration = DriverBench.Configuration("pegasos2") with
        {
            Drives = Pegasos2Drives[..4],
            DeviceTree = GuestImage.FromBytes("tree", FlattenedTree.Write(tree)),
        };
        using DriverBench other = new(configuration, Disks(4));

        Assert.Equal("disk /pci@80000000/scsi@1", Text(other.Devices));
        Assert.Equal("/elsewhere", other.Devices.Tree.Root.Child("aliases")!.GetString("hd"));
    }
}
