using System.Security.Cryptography;
using Firmament.Core.Backends;
using Firmament.Firmware.Drivers;
using Firmament.Machines.Configuration;
using Firmament.Machines.Drivers;
using Firmament.Machines.Tests.Drivers;

namespace Firmament.Machines.Tests.Boots;

/// <summary>Linux finds its disks as at power-on after the firmware has read them, and has left them running when the kernel calls quiesce.</summary>
public sealed class DriverBootTests
{
    private const int DiskBytes = 1 << 20;

    private static string Sum(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Reads every disk by the firmware; half of them are left started.</summary>
    private static void Use(VirtualMachine machine, int count)
    {
        FirmwareDevice[] disks = [.. ((Machine)machine.Machine).FirmwareDevices!.Find(static device => device.Block != null)];
        Assert.Equal(count, disks.Length);
        for (int i = 0; i < disks.Length; i++)
        {
            IBlockDriver disk = disks[i].Block!;
            Assert.True(disk.TryStart() && disk.TryRead(0, 16, DriverBench.Buffer * 3));
            if (i % 2 != 0)
            {
                disk.Stop();
            }
        }
    }

    [Fact]
    public void Linux_reads_the_Pegasos_disks_after_the_firmware_did()
    {
        byte[][] disks = [.. Enumerable.Range(1, 3).Select(static seed => DriverBench.Pattern(DiskBytes, seed))];
        using VirtualMachine machine = VirtualMachine.Create(
            Boot.Kernel(Boot.Builtin, Boot.Run("sha256sum /dev/sda /dev/sr0 /dev/vda")) with
            {
                Drives =
                [
                    new DriveConfiguration { File = "a" },
                    new DriveConfiguration { File = "cd", Media = DriveMedia.Cdrom },
                    new DriveConfiguration { File = "b", Interface = DriveInterface.Virtio },
                ],
            },
            Boot.Disks(new MemoryDisk(disks[0]), new MemoryDisk(disks[1], isReadOnly: true), new MemoryDisk(disks[2])));
        Use(machine, 3);

        string text = machine.ToPowerOff();

        Assert.All(disks, disk => Assert.Contains(Sum(disk), text, StringComparison.Ordinal));
    }

    [Fact]
    public void Linux_reads_a_partitions_disks_after_the_firmware_did()
    {
        byte[][] disks = [.. Enumerable.Range(1, 5).Select(static seed => DriverBench.Pattern(DiskBytes, seed))];
        using VirtualMachine machine = VirtualMachine.Create(
            PseriesBoot.Linux("sha256sum /dev/vda /dev/vdb /dev/sda /dev/sdb /dev/sr0") with
            {
                Drives =
                [
                    new DriveConfiguration { File = "a", Interface = DriveInterface.Virtio },
                    new DriveConfiguration { File = "b", Interface = DriveInterface.Scsi },
                    new DriveConfiguration { File = "c", Interface = DriveInterface.None, Id = "c" },
                    new DriveConfiguration { File = "d", Interface = DriveInterface.None, Id = "d" },
                    new DriveConfiguration { File = "cd", Interface = DriveInterface.Scsi, Media = DriveMedia.Cdrom },
                ],
                Devices =
                [
                    PseriesBoot.Device("virtio-scsi-pci", ("id", "s")),
                    PseriesBoot.Device("scsi-hd", ("drive", "c"), ("bus", "s.0")),
                    PseriesBoot.Device("virtio-blk-pci", ("drive", "d"), ("iommu_platform", "on")),
                ],
            },
            Boot.Disks([.. disks.Select(static (disk, i) => new MemoryDisk(disk, isReadOnly: i == 4))]));
        Use(machine, 5);

        string text = machine.ToPowerOff();

        Assert.All(disks, disk => Assert.Contains(Sum(disk), text, StringComparison.Ordinal));
    }
}
