using Firmament.Core.Backends;
using Firmament.Core.Backends.Host.UserNetwork;
using Firmament.Machines.Configuration;
using Firmament.Machines.Tests.Boots;
using Firmament.Machines.Tests.Support;

namespace Firmament.Machines.Tests.Booting;

/// <summary>Debian's GRUB for Open Firmware: its menu on the serial console, files on ext4 and ISO 9660, and Linux started by it.</summary>
public sealed class GrubBootTests
{
    private const string Menu = "Use the";

    private static string Board => GrubMedia.Folder("ppc32", Guests.Path("ppc32/vmlinux"), Guests.Path("ppc32/initramfs.cpio.gz"), "console=ttyS0 run=true");

    private static string Partition => GrubMedia.Folder("ppc64be", Guests.Path("ppc64be/vmlinux"), Guests.Path("ppc64be/initramfs.cpio.gz"), "console=hvc0 run=true");

    [Theory]
    [InlineData("pegasos2", DriveInterface.Ide, DriveMedia.Disk)]
    [InlineData("pegasos2", DriveInterface.Ide, DriveMedia.Cdrom)]
    [InlineData("pegasos2", DriveInterface.Virtio, DriveMedia.Disk)]
    [InlineData("pseries", DriveInterface.Scsi, DriveMedia.Disk)]
    [InlineData("pseries", DriveInterface.Scsi, DriveMedia.Cdrom)]
    [InlineData("pseries", DriveInterface.Virtio, DriveMedia.Disk)]
    public void Its_menu_starts_Linux_from_every_kind_of_drive(string kind, DriveInterface on, DriveMedia media)
    {
        using VirtualMachine machine = Start(kind, on, media);
        Assert.True(machine.RunUntil(Menu, virtualSeconds: 60), machine.Tail());
        machine.Console.Send("\r");
        Assert.True(machine.RunUntil("RUN-DONE rc=0", virtualSeconds: 120), machine.Tail());
        Assert.Equal(StopReason.PowerOff, machine.RunToEnd(virtualSeconds: 30)?.Reason);
    }

    [Theory]
    [InlineData("pegasos2", DriveInterface.Ide, "(ieee1275/hd,msdos2)")]
    [InlineData("pseries", DriveInterface.Scsi, "(ieee1275/disk,msdos2)")]
    public void Its_command_line_lists_disks_and_files_and_its_keys_work(string kind, DriveInterface on, string partition)
    {
        using VirtualMachine machine = Start(kind, on, DriveMedia.Disk);
        Assert.True(machine.RunUntil(Menu, virtualSeconds: 60), machine.Tail());
        machine.Console.Send("\u001b[Bc");
        Assert.True(machine.RunUntil("grub> ", virtualSeconds: 60), machine.Tail());
        machine.Console.Send("ls\r");
        Assert.True(machine.RunUntil(partition, virtualSeconds: 60), machine.Tail());
        machine.Console.Send($"ls {partition}/boot\r");
        Assert.True(machine.RunUntil("initrd.gz", virtualSeconds: 60), machine.Tail());
        Assert.True(machine.RunUntil("grub> ", virtualSeconds: 60), machine.Tail());
        machine.Console.Send("halt\r");
        Assert.Equal(StopReason.PowerOff, machine.RunToEnd(virtualSeconds: 30)?.Reason);
    }

    [Theory]
    [InlineData("pegasos2")]
    [InlineData("pseries")]
    public void It_comes_over_the_network(string kind)
    {
        string folder = kind == "pegasos2" ? Board : Partition;
        using VirtualMachine machine = VirtualMachine.Create(
            new MachineConfiguration
            {
                Machine = kind,
                BootOrder = "n",
                Networks = [new NetworkConfiguration { Kind = NetworkBackendKind.User, Model = kind == "pegasos2" ? "virtio-net-pci" : "spapr-vlan" }],
            },
            new HostServices
            {
                OpenNetwork = _ => new UserNetworkBackend(new UserNetworkOptions { TftpFolder = folder, BootFile = "grub.elf" }),
            });
        Assert.True(machine.RunUntil("TFTP: grub.elf", virtualSeconds: 60), machine.Tail());
        Assert.True(machine.RunUntil("grub> ", virtualSeconds: 60), machine.Tail());
    }

    private static VirtualMachine Start(string kind, DriveInterface on, DriveMedia media)
    {
        string file = Path.Combine(kind == "pegasos2" ? Board : Partition, media == DriveMedia.Disk ? "disk.img" : "grub.iso");
        return VirtualMachine.Create(new MachineConfiguration
        {
            Machine = kind,
            MemoryBytes = 512 << 20,
            BootOrder = media == DriveMedia.Disk ? "c" : "d",
            Drives = [new DriveConfiguration { File = file, Interface = on, Media = media, Snapshot = true }],
        });
    }
}
