using Firmament.Core.Backends;
using Firmament.Machines.Configuration;
using Firmament.Machines.Tests.Support;

namespace Firmament.Machines.Tests.Boots;

/// <summary>Boots of the guest images, with what every test checks.</summary>
internal static class Boot
{
    /// <summary>A kernel that carries its initramfs.</summary>
    public const string Builtin = "ppc32/vmlinux-builtin-16m";

    public static MachineConfiguration Kernel(string image, string arguments = "") => new()
    {
        Kernel = GuestImage.FromFile(Guests.Path(image)),
        CommandLine = ("console=ttyS0 " + arguments).TrimEnd(),
    };

    public static MachineConfiguration WithInitrd(this MachineConfiguration configuration) =>
        configuration with { Initrd = GuestImage.FromFile(Guests.Path("ppc32/initramfs.cpio.gz")) };

    /// <summary>A shell command as the guests' init takes it on the kernel command line.</summary>
    public static string Run(string command) => "run=" + command.Replace(' ', '+');

    /// <summary>Runs until the guest is up; on failure the test shows the end of its console.</summary>
    public static void UntilReady(this VirtualMachine machine)
    {
        bool ready = machine.RunUntil("GUEST-READY", virtualSeconds: 120);
        Assert.True(ready, "the guest did not get ready:\n" + machine.Tail());
    }

    /// <summary>Runs a machine whose command line has a command, to its power-off, and checks that the command succeeded.</summary>
    public static string ToPowerOff(this VirtualMachine machine)
    {
        StopResult? result = machine.RunToEnd(virtualSeconds: 300);
        Assert.True(result?.Reason == StopReason.PowerOff, $"the guest ended with {result}:\n" + machine.Tail());
        Assert.Contains("RUN-DONE rc=0", machine.Console.Text, StringComparison.Ordinal);
        return machine.Console.Text;
    }

    public static string Tail(this VirtualMachine machine) => machine.Console.Text[Math.Max(0, machine.Console.Text.Length - 3000)..];

    /// <summary>A host whose drives are these disks, in order of the configuration.</summary>
    public static HostServices Disks(params IBlockBackend[] disks)
    {
        int next = 0;
        return new HostServices { OpenDrive = _ => disks[next++] };
    }
}
