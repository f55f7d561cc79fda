using Firmament.Core.Backends;
using Firmament.Machines.Configuration;
using Firmament.Machines.Tests.Boots;

namespace Firmament.Machines.Tests.Conformance;

/// <summary>Runs the guest on our machines.</summary>
internal static class ConformanceMachine
{
    private const uint LoadAddress = 0x0010_0000;

    /// <summary>The boot arguments that run all groups, with the machine's names for devices.</summary>
    public static string Arguments(string machine, string groups) => machine == "pseries"
        ? $"run={groups},0 disk=disk net=net rtc=/rtas nvram=/rtas/nvram"
        : $"run={groups},0 disk=hd net=net rtc=/pci@80000000/isa@c/rtc@i70 nvram=/nvram";

    /// <summary>What the guest prints.</summary>
    public static string Run(string machine, string groups)
    {
        MachineConfiguration configuration = new()
        {
            Machine = machine,
            MemoryBytes = ConformanceMemory.End,
            Kernel = GuestImage.FromBytes("conformance", ConformanceProgram.Build(LoadAddress)),
            CommandLine = Arguments(machine, groups),
            Drives = [new DriveConfiguration { File = "disk", Interface = machine == "pseries" ? DriveInterface.Virtio : DriveInterface.Ide }],
            Devices = [new DeviceConfiguration { Driver = "virtio-net-pci", Properties = new Dictionary<string, string> { ["netdev"] = "n" } }],
            Networks = [new NetworkConfiguration { Kind = NetworkBackendKind.User, Id = "n" }],
        };
        using VirtualMachine vm = VirtualMachine.Create(configuration, Boot.Disks(new MemoryDisk(ConformanceDisk.Build())));
        _ = vm.RunToEnd(virtualSeconds: 60);
        return vm.Console.Text;
    }
}
