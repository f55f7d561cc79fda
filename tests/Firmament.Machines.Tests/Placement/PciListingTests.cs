using Firmament.Machines.Configuration;

namespace Firmament.Machines.Tests.Placement;

public sealed class PciListingTests
{
    [Theory]
    [InlineData("pegasos2", "pci.1 ")]
    [InlineData("pseries", "pci ")]
    public void Info_pci_gives_bus_place_identifiers_and_registers_of_each_card(string name, string bus)
    {
        using Machine machine = MachineFactory.CreateMachine(
            new MachineConfiguration
            {
                Machine = name,
                Kernel = GuestImage.FromBytes("client", new Support.ElfBuilder { Is64Bit = name == "pseries", Machine = (ushort)(name == "pseries" ? 21 : 20), Entry = 0x100_0000 }
                    .Load(0x100_0000, 0x100_0000, [0x48, 0, 0, 0]).Build()),
                Devices = [new DeviceConfiguration { Driver = "virtio-rng-pci", Properties = new Dictionary<string, string> { ["addr"] = "5" } }],
            },
            new HostServices());

        string[] lines = machine.InfoText("pci")!.Split('\n');

        int card = Array.FindIndex(lines, line => line.StartsWith($"{bus}05.0 1af4:1005 ", StringComparison.Ordinal));
        Assert.True(card >= 0, string.Join('\n', lines));
        Assert.StartsWith("    bar 0: Io 0x", lines[card + 1], StringComparison.Ordinal);
    }
}
