using Firmament.Devices.Buses;
using Firmament.DeviceTree;
using Firmament.Machines.Placement;
using Tree = Firmament.DeviceTree.DeviceTree;

namespace Firmament.Machines.Pegasos2;

/// <summary>
/// The board's device tree, generated from what is placed on its buses. Properties that firmware owns (/chosen handles, /rtas,
/// `available`) are added by the firmware. Source: pegasos2 reference, section 7; compared with QEMU's in the tests.
/// </summary>
internal static class Pegasos2Tree
{
    /// <summary>Time base frequency: a quarter of the bus clock.</summary>
    public const uint TimeBaseFrequency = BusFrequency / 4;

    /// <summary>Bytes of NVRAM.</summary>
    public const int NvramBytes = 0x2000;

    private const uint BusFrequency = 133_333_333;
    private const uint CoreFrequency = 999_999_997;

    /// <summary>What is soldered to the VT8231's ISA bus.</summary>
    public static readonly IReadOnlyList<IsaPlacement> IsaDevices =
    [
        new("serial", 0x2f8, 8, Irq: 3, Describe: static node =>
        {
            node.SetCells("clock-frequency", 1_843_200);
            node.SetString("compatible", "pnpPNP,501");
        }),
        new("8042", 0x60, 5, DeviceType: "", Describe: static node =>
        {
            node.SetCells("clock-frequency", 0);
            node.SetString("compatible", "chrp,8042");
            node.Set("interrupt-controller", new byte[1]);
            node.SetCells("#address-cells", 1);
            node.SetCells("#size-cells", 0);
            node.SetCells("#interrupt-cells", 2);
        }),
        new("keyboard", 0x60, 5, Irq: 1, Describe: static node => node.SetString("compatible", "pnpPNP,303")),
        new("rtc", 0x70, 2, Irq: 8, Describe: static node => DescribePnp(node, "ds1385-rtc")),
        new("timer", 0x40, 8, Describe: static node => DescribePnp(node, "pnpPNP,100")),
        new("fdc", 0x3f0, 8, Irq: 6, Describe: static node => DescribePnp(node, "pnpPNP,700")),
        new("lpt", 0x3bc, 8, Irq: 7, Describe: static node => DescribePnp(node, "pnpPNP,400")),
    ];

    /// <summary>The ways in which the real board's firmware departs from its bindings; guests look for these.</summary>
    public static readonly IReadOnlyList<TreeQuirk> Quirks =
    [
        new(
            "MorphOS identifies boards by subsystem ids as the Pegasos firmware writes them: exchanged",
            static node => node["subsystem-id"] != null,
            static node =>
            {
                node.TryGetCell("subsystem-id", 0, out uint id);
                node.TryGetCell("subsystem-vendor-id", 0, out uint vendor);
                node.SetCells("subsystem-id", vendor);
                node.SetCells("subsystem-vendor-id", id);
            }),
        new(
            "the Pegasos firmware calls its IDE controller an spi",
            static node => node.BaseName == "ide",
            static node => node.SetString("device_type", "spi")),
        new(
            "`slot-names` and `eisa-slots` are empty on a board without ISA slots; newer QEMU has them from the board's dump",
            static node => node.BaseName == "isa",
            static node =>
            {
                node.SetCells("eisa-slots", 0);
                node.SetCells("clock-frequency", 8_333_333);
                node.SetCells("slot-names", 0);
            }),
    ];

    /// <summary>Builds the tree.</summary>
    /// <param name="memoryBytes">RAM, from address 0.</param>
    /// <param name="processorVersion">The PVR.</param>
    /// <param name="hosts">The PCI buses in the order RTAS numbers them: pci@80000000 first.</param>
    public static Tree Build(ulong memoryBytes, uint processorVersion, IReadOnlyList<PciHostPlacement> hosts)
    {
        Tree tree = new();
        DeviceNode root = tree.Root;
        root.SetString("name", "bplan,Pegasos2");
        root.SetCells("#address-cells", 1);
        root.SetString("device_type", "chrp");
        root.SetString("model", "Pegasos2");
        root.SetString("revision", "2B");
        root.SetString("CODEGEN,vendor", "bplan GmbH");
        root.SetString("CODEGEN,board", "Pegasos2");
        root.SetString("CODEGEN,description", "Pegasos CHRP PowerPC System");
        root.AddChild("openprom").SetString("model", "Pegasos2,1.1");
        root.AddChild("chosen");
        root.AddChild("memory@0").SetString("device_type", "memory").SetCells("reg", 0, (uint)memoryBytes);
        WriteProcessors(root, processorVersion);
        root.AddChild("rtas");
        root.AddChild("failsafe").SetString("device_type", "serial");

        // Linux numbers hoses for RTAS in tree order, and RTAS takes hose 0 for the bus at 0x80000000.
        foreach (PciHostPlacement host in hosts)
        {
            host.WriteTo(root);
        }

        // Linux reaches NVRAM through RTAS only when this node says how large it is.
        root.AddChild("nvram").SetString("device_type", "nvram").SetCells("#bytes", NvramBytes);
        WriteIsa(root);
        WriteUsb(root);
        foreach (TreeQuirk quirk in Quirks)
        {
            quirk.ApplyTo(root);
        }

        return tree;
    }

    /// <summary>Takes out of the tree what a kernel can use only through RTAS. The ISA bus, with the console, moves to the root.</summary>
    /// <remarks>
    /// Linux for CHRP reaches this board's PCI configuration space through RTAS alone: without it, it registers a host bridge that has no access
    /// functions, and dies calling them. So the bridges are no longer of type "pci"; their nodes stay for 8259-interrupt-acknowledge.
    /// </remarks>
    public static void RemoveRtas(Tree tree)
    {
        DeviceNode root = tree.Root;
        root.Child("rtas")?.Remove();
        root.Child("nvram")?.Remove();
        foreach (DeviceNode bridge in root.Children.Where(static node => node.GetString("device_type") == "pci"))
        {
            bridge.RemoveProperty("device_type");
        }

        foreach (DeviceNode isa in Descendants(root).Where(static node => node.BaseName == "isa").ToList())
        {
            const uint IoSpace = 1;
            DeviceNode moved = root.AddChild($"isa@{BoardSetup.IsaPorts:x}");
            Copy(isa, moved);
            moved.SetCells("reg", BoardSetup.IsaPorts, 0x1_0000);
            moved.SetCells("ranges", IoSpace, 0, BoardSetup.IsaPorts, 0x1_0000);
            isa.Remove();
        }
    }

    private static void Copy(DeviceNode from, DeviceNode to)
    {
        foreach (DeviceProperty property in from.Properties)
        {
            to.Set(property.Name, property.Value);
        }

        foreach (DeviceNode child in from.Children)
        {
            Copy(child, to.AddChild(child.Name));
        }
    }

    private static void WriteProcessors(DeviceNode root, uint processorVersion)
    {
        DeviceNode cpus = root.AddChild("cpus");
        cpus.SetCells("#size-cells", 0);
        cpus.SetCells("#address-cells", 1);
        cpus.SetCells("#cpus", 1);
        DeviceNode cpu = cpus.AddChild("PowerPC,G4");
        cpu.SetString("device_type", "cpu");
        // One cell, as #address-cells and #size-cells say. QEMU writes two, which Linux reads as two threads; unpatched kernels die of it.
        cpu.SetCells("reg", 0);
        cpu.SetCells("cpu-version", processorVersion);
        cpu.SetCells("clock-frequency", CoreFrequency);
        cpu.SetCells("bus-frequency", BusFrequency);
        cpu.SetCells("timebase-frequency", TimeBaseFrequency);
        cpu.SetCells("reservation-granule-size", 4);
        // Each is one NUL byte on the board, not an empty property.
        foreach (string feature in (ReadOnlySpan<string>)
            ["graphics", "performance-monitor", "general-purpose", "external-control", "data-streams", "altivec"])
        {
            cpu.Set(feature, new byte[1]);
        }

        cpu.SetString("state", "running");
        cpu.SetCells("tlb-size", 0);
        cpu.SetCells("tlb-sets", 0);
        foreach (string side in (ReadOnlySpan<string>)["i", "d"])
        {
            cpu.SetCells(side + "-cache-line-size", 32);
            cpu.SetCells(side + "-cache-block-size", 32);
            cpu.SetCells(side + "-cache-size", 0x8000);
        }

        // Bit 31 clear: Linux then switches the L2 cache on itself.
        cpu.SetCells("l2cr", 0);
    }

    private static void WriteIsa(DeviceNode root)
    {
        foreach (DeviceNode isa in Descendants(root).Where(static node => node.BaseName == "isa").ToList())
        {
            isa.SetString("device_type", "isa");
            isa.SetCells("#address-cells", 2);
            isa.SetCells("#size-cells", 1);
            foreach (IsaPlacement device in IsaDevices)
            {
                device.WriteTo(isa);
            }
        }
    }

    private static void WriteUsb(DeviceNode root)
    {
        foreach (DeviceNode usb in Descendants(root).Where(static node => node.BaseName == "usb"))
        {
            usb.SetString("device_type", "usb");
            usb.SetCells("#address-cells", 1);
            usb.SetCells("#size-cells", 0);
        }
    }

    private static void DescribePnp(DeviceNode node, string compatible)
    {
        node.SetCells("clock-frequency", 0);
        node.SetString("compatible", compatible);
    }

    private static IEnumerable<DeviceNode> Descendants(DeviceNode node) =>
        node.Children.SelectMany(static child => Descendants(child).Prepend(child));
}
