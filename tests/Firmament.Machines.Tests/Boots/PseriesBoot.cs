using Firmament.Machines.Configuration;
using Firmament.Machines.Tests.Support;

namespace Firmament.Machines.Tests.Boots;

/// <summary>Boots of the big-endian guest on pseries, which has drivers for all of the machine's devices.</summary>
internal static class PseriesBoot
{
    public static MachineConfiguration Linux(string command, string arguments = "") => new()
    {
        Machine = "pseries",
        Kernel = GuestImage.FromFile(Guests.Path("ppc64be/vmlinux")),
        Initrd = GuestImage.FromFile(Guests.Path("ppc64be/initramfs.cpio.gz")),
        CommandLine = $"console=hvc0 quiet {arguments} {Boot.Run(command)}",
        MemoryBytes = 256UL << 20,
    };

    public static DeviceConfiguration Device(string driver, params (string Name, string Value)[] properties) =>
        new() { Driver = driver, Properties = properties.ToDictionary(static entry => entry.Name, static entry => entry.Value) };
}
