using System.Security.Cryptography;
using Firmament.Core.Backends;
using Firmament.Machines.Configuration;

namespace Firmament.Machines.Tests.Boots;

public sealed class DiskBootTests
{
    private const int DiskBytes = 4 << 20;

    private static byte[] Pattern()
    {
        byte[] bytes = new byte[DiskBytes];
        uint state = 0x1234_5678;
        for (int i = 0; i < bytes.Length; i++)
        {
            state = (state * 1_664_525) + 1_013_904_223;
            bytes[i] = (byte)(state >> 24);
        }

        return bytes;
    }

    private static string Sum(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static VirtualMachine Start(DriveInterface on, byte[] disk, string command, bool readOnly = false, bool noReboot = false) =>
        VirtualMachine.Create(
            Boot.Kernel(Boot.Builtin, Boot.Run(command)) with
            {
                Drives = [new DriveConfiguration { File = "disk", Interface = on, ReadOnly = readOnly }],
                NoReboot = noReboot,
            },
            Boot.Disks(new MemoryDisk(disk, readOnly)));

    [Theory]
    [InlineData(DriveInterface.Ide, "sda")]
    [InlineData(DriveInterface.Virtio, "vda")]
    public void The_guest_reads_what_the_disk_holds(DriveInterface on, string name)
    {
        byte[] disk = Pattern();
        using VirtualMachine machine = Start(on, disk, $"dd if=/dev/{name} bs=64k | sha256sum");

        Assert.Contains(Sum(disk), machine.ToPowerOff(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DriveInterface.Ide, "sda")]
    [InlineData(DriveInterface.Virtio, "vda")]
    public void What_the_guest_writes_is_on_the_disk(DriveInterface on, string name)
    {
        byte[] disk = Pattern();
        byte[] expected = [.. disk];
        expected.AsSpan(0, 1 << 20).CopyTo(expected.AsSpan(2 << 20));
        using VirtualMachine machine = Start(
            on, disk, $"dd if=/dev/{name} of=/tmp/part bs=64k count=16;dd if=/tmp/part of=/dev/{name} bs=64k seek=32 conv=fsync");

        machine.ToPowerOff();

        Assert.Equal(Sum(expected), Sum(disk));
    }

    [Theory]
    [InlineData(DriveInterface.Ide, "sda")]
    [InlineData(DriveInterface.Virtio, "vda")]
    public void A_disk_works_after_the_guest_rebooted(DriveInterface on, string name)
    {
        byte[] disk = Pattern();
        string sum = Sum(disk);
        // reboot -f does not wait for the terminal: what is still queued there is lost.
        using VirtualMachine machine = Start(on, disk, $"dd if=/dev/{name} bs=64k | sha256sum;sleep 1;reboot -f");

        Assert.True(machine.RunUntil(sum, 300), machine.Tail());
        Assert.True(machine.RunUntil(sum, 300), machine.Tail());
    }

    [Fact]
    public void A_read_only_disk_keeps_its_bytes()
    {
        byte[] disk = Pattern();
        string before = Sum(disk);
        using VirtualMachine machine = Start(
            DriveInterface.Virtio, disk, "dd if=/dev/zero of=/dev/vda bs=64k count=1 conv=fsync || echo refused", readOnly: true);

        Assert.Contains("refused", machine.ToPowerOff(), StringComparison.Ordinal);
        Assert.Equal(before, Sum(disk));
    }

    [Fact]
    public void A_cd_is_the_secondary_master()
    {
        byte[] disk = Pattern();
        using VirtualMachine machine = VirtualMachine.Create(
            Boot.Kernel(Boot.Builtin, Boot.Run("dd if=/dev/sr0 bs=64k | sha256sum")) with
            {
                Drives = [new DriveConfiguration { File = "cd", Media = DriveMedia.Cdrom }],
            },
            Boot.Disks(new MemoryDisk(disk, isReadOnly: true)));

        Assert.Contains(Sum(disk), machine.ToPowerOff(), StringComparison.Ordinal);
    }
}
