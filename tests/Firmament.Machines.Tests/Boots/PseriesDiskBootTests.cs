using System.Security.Cryptography;
using Firmament.Core.Backends;
using Firmament.Machines.Configuration;
using static Firmament.Machines.Tests.Boots.PseriesBoot;

namespace Firmament.Machines.Tests.Boots;

public sealed class PseriesDiskBootTests
{
    private const int DiskBytes = 1 << 20;

    private static readonly DriveConfiguration[] Drives =
    [
        new() { File = "a", Interface = DriveInterface.Virtio },
        new() { File = "b", Interface = DriveInterface.Scsi, Index = 0 },
        new() { File = "c", Interface = DriveInterface.None, Id = "c" },
        new() { File = "cd", Interface = DriveInterface.Scsi, Index = 2, Media = DriveMedia.Cdrom },
    ];

    private static readonly DeviceConfiguration[] Adapters = [Device("virtio-scsi-pci", ("id", "s")), Device("scsi-hd", ("drive", "c"), ("bus", "s.0"))];

    private static byte[] Pattern(int seed)
    {
        byte[] bytes = new byte[DiskBytes];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static string Sum(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    // The names of the two SCSI disks depend on which adapter Linux finds first; their sizes tell nothing, so each is read through its adapter.
    private const string Disks = "/dev/vda /dev/sda /dev/sdb";

    [Theory]
    [InlineData("power9", "dual", "")]
    [InlineData("power9", "dual", "disable_radix=0 pci=nomsi")]
    [InlineData("power8", "xics", "")]
    public void Every_kind_of_disk_keeps_what_the_guest_writes_and_reads_it_again_after_a_reboot(string cpu, string interrupts, string arguments)
    {
        byte[][] disks = [Pattern(1), Pattern(2), Pattern(3), Pattern(4)];
        byte[][] before = [.. disks.Select(static disk => (byte[])disk.Clone())];
        using VirtualMachine machine = VirtualMachine.Create(
            Linux(
                $"for d in {Disks};do dd if=$d of=/tmp/p bs=64k count=4;dd if=/tmp/p of=$d bs=64k seek=8 conv=fsync;done;sha256sum /dev/sr0 {Disks};echo DONE$((6*7));sleep 1;reboot -f",
                arguments) with
            {
                Cpu = cpu,
                MachineProperties = new Dictionary<string, string> { ["ic-mode"] = interrupts },
                Drives = Drives,
                Devices = Adapters,
            },
            Boot.Disks(new MemoryDisk(disks[0]), new MemoryDisk(disks[1]), new MemoryDisk(disks[2]), new MemoryDisk(disks[3], isReadOnly: true)));
        byte[][] after = [.. before.Select(static disk => (byte[])disk.Clone())];
        foreach (byte[] disk in after[..3])
        {
            disk.AsSpan(0, 4 << 16).CopyTo(disk.AsSpan(8 << 16));
        }

        int start = 0;
        for (int boot = 0; boot < 2; boot++)
        {
            Assert.True(machine.RunUntil("DONE42", 120), machine.Tail());
            string text = machine.Console.Text[start..];
            start = machine.Console.Text.Length;
            Assert.Contains(Sum(before[3]), text, StringComparison.Ordinal);
            Assert.All(after[..3], disk => Assert.Contains(Sum(disk), text, StringComparison.Ordinal));
        }

        Assert.Equal(after.Select(static disk => Sum(disk)), disks.Select(static disk => Sum(disk)));
    }

    [Fact]
    public void Read_only_disks_keep_their_bytes()
    {
        byte[][] disks = [Pattern(1), Pattern(2), Pattern(3)];
        string[] before = [.. disks.Select(static disk => Sum(disk))];
        using VirtualMachine machine = VirtualMachine.Create(
            Linux($"for d in {Disks};do dd if=/dev/zero of=$d bs=64k count=1 conv=fsync || echo REFUSED$((6*7));done") with
            {
                Drives = [.. Drives[..3].Select(static drive => drive with { ReadOnly = true })],
                Devices = Adapters,
            },
            Boot.Disks([.. disks.Select(static disk => new MemoryDisk(disk, isReadOnly: true))]));

        Assert.Equal(3, machine.ToPowerOff().Split("REFUSED42").Length - 1);
        Assert.Equal(before, disks.Select(static disk => Sum(disk)));
    }

    [Fact]
    public void A_card_behind_the_iommu_reads_the_same()
    {
        byte[] disk = Pattern(1);
        using VirtualMachine machine = VirtualMachine.Create(
            Linux("sha256sum /dev/vda;cat /proc/cmdline") with
            {
                Drives = [Drives[2]],
                Devices = [Device("virtio-blk-pci", ("drive", "c"), ("iommu_platform", "on"))],
            },
            Boot.Disks(new MemoryDisk(disk)));

        Assert.Contains(Sum(disk), machine.ToPowerOff(), StringComparison.Ordinal);
    }

    [Fact]
    public void Linux_keeps_its_partitions_in_the_nvram_file()
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory("firmament").FullName, "nvram");
        try
        {
            for (int boot = 0; boot < 2; boot++)
            {
                using VirtualMachine machine = VirtualMachine.Create(Linux("dmesg | grep -i nvram") with { NvramFile = file });
                string text = machine.ToPowerOff();
                Assert.DoesNotContain("corruption", text, StringComparison.Ordinal);
                Assert.DoesNotContain("Failed", text, StringComparison.Ordinal);
                string contents = System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file));
                Assert.Equal(2, contents.Split("ibm,rtas-log").Length);
                Assert.Equal(2, contents.Split("lnx,oops-log").Length);
            }
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        }
    }
}
