using Firmament.DeviceTree;
using Firmament.DeviceTree.Comparison;
using Firmament.DeviceTree.Flattened;
using Firmament.Machines.Configuration;
using Firmament.Machines.Tests.Support;
using Tree = Firmament.DeviceTree.DeviceTree;

namespace Firmament.Machines.Tests.Pegasos2;

/// <summary>Our tree against the newest QEMU's, as dumped from a running Linux: every difference is in a list, with its reason. (7.2's: OracleTreeTests.)</summary>
public sealed class TreeTests
{
    /// <summary>Written by the firmware or by Linux while it starts, not by the board.</summary>
    private static readonly HashSet<string> NotTheBoards =
    [
        "phandle", "available", "stdin", "stdout", "bootargs", "qemu,boot-kernel", "linux,stdout-path", "linux,initrd-start", "linux,initrd-end",
        "linux,rtas-base", "linux,rtas-entry", "linux,phandle",
        "memory", "mmu", "cpu", "rng-seed",
        // Where the firmware put base address registers; QEMU's firmware puts them nowhere.
        "assigned-addresses",
        // A dump may spell out what every node has; that of the root, which is not its node's, has a test of its own.
        "name",
    ];

    private static readonly (string Start, string Reason)[] Intended =
    [
        ("~ /cpus/PowerPC,G4: reg", "one cell, as #address-cells says; two make Linux see two threads"),
        ("~ /pci@80000000/ide@c,1: class-code", "Linux changed it in the dump"),
        ("~ /pci@80000000/ide@c,1: interrupts", "Linux changed it in the dump"),
        ("- /pci@80000000/isa@c: ranges", "Linux added it in the dump"),
        ("+ /options", "firmware variables; QEMU has none"),
        ("+ /packages", "support packages; QEMU has none"),
        ("+ /nvram", "Linux reaches NVRAM through RTAS only when a node gives its size"),
        ("~ /pci@80000000/host@0: subsystem", "QEMU's default ids; the chip's registers are 0"),
        ("~ /pci@c0000000/host@0: subsystem", "QEMU's default ids; the chip's registers are 0"),
        ("~ /pci@80000000/isa@c: subsystem", "QEMU's default ids; the chip's registers are 0"),
        ("~ /pci@80000000/ide@c,1: subsystem", "QEMU's default ids; the chip's registers are 0"),
        ("~ /pci@80000000/usb@c,2: subsystem", "QEMU's default ids; the chip's registers are its own"),
        ("~ /pci@80000000/usb@c,3: subsystem", "QEMU's default ids; the chip's registers are its own"),
        ("~ /pci@80000000/other@c,4: subsystem", "QEMU's default ids; the chip's registers are 0"),
        ("~ /pci@80000000/sound@c,5: subsystem", "QEMU's default ids; the chip's registers are 0"),
        ("~ /pci@80000000/pci1106,3068@c,6: subsystem", "QEMU's default ids; the chip's registers are 0"),
        ("~ /pci@80000000/usb@c,2: revision-id", "the VT8231's own revision; QEMU's is that of an older chip"),
        ("~ /pci@80000000/usb@c,3: revision-id", "the VT8231's own revision; QEMU's is that of an older chip"),
        ("~ /pci@80000000/pci1106,3068@c,6: reg", "the modem has its base address registers; QEMU's has none"),
    ];

    private static Tree Ours() => new MachineFactory().BuildDeviceTree(new MachineConfiguration());

    [Fact]
    public void The_tree_is_that_of_the_newest_QEMU_but_for_intended_differences()
    {
        FdtResult result = FlattenedTree.Read(File.ReadAllBytes(Guests.OraclePath("pegasos2-111-running.dtb")));
        Assert.True(result.Ok, result.Message);

        DeviceTreeDiff diff = DeviceTreeDiff.Compare(result.Image!.Tree, Ours(), new DeviceTreeDiffOptions { IgnoredProperties = NotTheBoards });

        string[] changes = [.. diff.Changes.Select(static change => change.ToString())];
        Assert.All(changes, static line => Assert.Contains(Intended, entry => line.StartsWith(entry.Start, StringComparison.Ordinal)));
        Assert.All(Intended, entry => Assert.Contains(changes, line => line.StartsWith(entry.Start, StringComparison.Ordinal)));
    }

    [Fact]
    public void The_root_has_the_name_that_MorphOS_looks_for() => Assert.Equal("bplan,Pegasos2", Ours().Root.GetString("name"));

    [Fact]
    public void The_bus_at_80000000_comes_before_the_other_for_RTAS_numbers_hoses_by_it()
    {
        string[] buses = [.. Ours().Root.Children.Where(static node => node.GetString("device_type") == "pci").Select(static node => node.Name)];

        Assert.Equal(["pci@80000000", "pci@c0000000"], buses);
    }

    [Fact]
    public void The_cpu_node_has_one_reg_cell() => Assert.Equal(4, Ours().Find("/cpus/PowerPC,G4")!["reg"]!.Value.Length);

    [Fact]
    public void A_card_has_a_node_with_its_registers_and_addresses()
    {
        Tree tree = new MachineFactory().BuildDeviceTree(
            new MachineConfiguration { Devices = [new DeviceConfiguration { Driver = "virtio-net-pci" }] });

        DeviceNode card = tree.Find("/pci@80000000/ethernet@1")!;

        Assert.True(card.TryGetCell("vendor-id", 0, out uint vendor) && vendor == 0x1af4);
        Assert.True(card.TryGetCell("interrupts", 0, out uint pin) && pin == 1);
        Assert.True(card.TryGetCell("reg", 5, out uint firstBar) && firstBar == 0x0100_0810);
        Assert.True(card.TryGetCell("assigned-addresses", 2, out uint port) && port is >= 0x1000 and < 0x1_0000);
    }

    [Fact]
    public void Every_quirk_has_a_reason_and_a_node_it_applies_to()
    {
        Tree tree = Ours();

        Assert.All(Machines.Pegasos2.Pegasos2Tree.Quirks, quirk =>
        {
            Assert.NotEmpty(quirk.Reason);
            Assert.Contains(tree.Nodes(), node => quirk.Matches(node));
        });
    }

    [Fact]
    public void Without_rtas_the_console_is_on_an_ISA_bus_of_its_own_and_no_bus_needs_RTAS()
    {
        Tree tree = new MachineFactory().BuildDeviceTree(new MachineConfiguration { UseRtas = false });

        Assert.Null(tree.Find("/rtas"));
        Assert.NotNull(tree.Find("/isa@fe000000/serial@i2f8"));
        Assert.DoesNotContain(tree.Nodes(), static node => node.GetString("device_type") == "pci");
    }

    [Fact]
    public void Building_a_tree_opens_no_file()
    {
        MachineConfiguration configuration = new() { Drives = [new DriveConfiguration { File = "/nonexistent/disk", Interface = DriveInterface.Virtio }] };

        Assert.NotNull(new MachineFactory().BuildDeviceTree(configuration).Find("/pci@80000000/scsi@1"));
    }
}
