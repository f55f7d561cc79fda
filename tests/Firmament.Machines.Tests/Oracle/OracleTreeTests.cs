using Firmament.DeviceTree.Comparison;
using Firmament.DeviceTree.Flattened;
using Firmament.Firmware.Nvram;
using Firmament.Machines.Configuration;
using Firmament.Machines.Tests.Support;
using Tree = Firmament.DeviceTree.DeviceTree;

namespace Firmament.Machines.Tests.Oracle;

/// <summary>The generated tree against QEMU's: each difference is in this list and in docs/pegasos2-tree.md.</summary>
public sealed class OracleTreeTests
{
    private static readonly string[] Functions = ["host@0", "isa@c", "ide@c,1", "usb@c,2", "usb@c,3", "other@c,4", "sound@c,5", "pci1106,3068@c,6"];

    /// <summary>Differences by kind (- missing here, + only here, ~ another value), node and property.</summary>
    private static readonly string[] Expected =
    [
        "- /chosen: qemu,boot-kernel", "~ /chosen: bootargs",
        "+ /chosen: rng-seed", "+ /chosen: stdin", "+ /chosen: stdout", "+ /chosen: memory", "+ /chosen: mmu", "+ /chosen: cpu",
        "+ /memory@0: available",
        "~ /cpus/PowerPC,G4: reg", "~ /cpus/PowerPC,G4: cpu-version",
        "+ /pci@80000000: clock-frequency", "+ /pci@c0000000: clock-frequency",
        .. Functions.SelectMany(static f => new[] { $"~ /pci@80000000/{f}: subsystem-id", $"~ /pci@80000000/{f}: subsystem-vendor-id" }),
        "~ /pci@c0000000/host@0: subsystem-id", "~ /pci@c0000000/host@0: subsystem-vendor-id",
        "+ /pci@80000000/isa@c: eisa-slots", "+ /pci@80000000/isa@c: clock-frequency", "+ /pci@80000000/isa@c: slot-names",
        "~ /pci@80000000/isa@c/serial@i2f8: clock-frequency",
        .. new[] { "serial@i2f8", "8042@i60", "keyboard@i60", "timer@i40", "fdc@i3f0", "lpt@i3bc" }.Select(static d => $"+ /pci@80000000/isa@c/{d}: compatible"),
        .. new[] { "ide@c,1", "usb@c,2", "usb@c,3", "sound@c,5", "pci1106,3068@c,6" }.Select(static f => $"+ /pci@80000000/{f}: assigned-addresses"),
        "~ /pci@80000000/usb@c,2: revision-id", "~ /pci@80000000/usb@c,3: revision-id",
        "~ /pci@80000000/sound@c,5: reg", "~ /pci@80000000/pci1106,3068@c,6: reg",
        "+ /nvram", "+ /nvram: device_type", "+ /nvram: #bytes",
        "+ /options", .. ConfigurationVariables.Standard.Select(static variable => $"+ /options: {variable.Name}"),
        "+ /packages", "+ /packages/deblocker", "+ /packages/disk-label", "+ /packages/terminal-emulator",
    ];

    [Fact]
    public void The_tree_differs_from_the_oracles_only_where_it_is_meant_to()
    {
        byte[] blob = File.ReadAllBytes(Guests.OraclePath("pegasos2-72.dtb"));
        Assert.True(FlattenedTree.TryRead(blob, out FdtImage? oracle, out FdtResult result), result.ToString());

        DeviceTreeDiff diff = DeviceTreeDiff.Compare(oracle.Tree, new MachineFactory().BuildDeviceTree(new MachineConfiguration()));

        string[] found = [.. diff.Changes.Select(static change => change.ToString().Split(" = ")[0])];
        Assert.Equal(Expected.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_tree_without_a_kernel_has_what_the_firmware_adds()
    {
        Tree tree = new MachineFactory().BuildDeviceTree(new MachineConfiguration());

        Assert.NotNull(tree.Find("/chosen")!["stdout"]);
        Assert.NotNull(tree.Find("/rtas")!["power-off"]);
        Assert.NotNull(tree.Find("/memory@0")!["available"]);
    }

    [Fact]
    public void The_tree_shows_the_choices_of_its_configuration()
    {
        Tree tree = new MachineFactory().BuildDeviceTree(new MachineConfiguration
        {
            Hypercall = HypercallConvention.Epapr,
            UseRtas = false,
            MemoryBytes = 64 << 20,
            Devices = [new DeviceConfiguration { Driver = "virtio-rng-pci" }],
        });

        Assert.NotNull(tree.Find("/hypervisor"));
        Assert.Null(tree.Find("/rtas"));
        Assert.True(tree.Find("/memory@0")!.TryGetCell("reg", 1, out uint size));
        Assert.Equal(64u << 20, size);
        Assert.Contains(tree.Nodes(), static node => node.TryGetCell("vendor-id", 0, out uint vendor) && vendor == 0x1af4);
    }

    [Fact]
    public void A_tree_makes_no_nvram_file()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

        new MachineFactory().BuildDeviceTree(new MachineConfiguration { NvramFile = path });

        Assert.False(File.Exists(path));
    }
}
