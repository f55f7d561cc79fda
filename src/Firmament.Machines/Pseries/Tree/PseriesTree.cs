using Firmament.Core.Interrupts;
using Firmament.DeviceTree;
using Firmament.Firmware.Architecture;

namespace Firmament.Machines.Pseries.Tree;

/// <summary>
/// The machine's device tree, but for what its buses add (host bridges, virtual devices) and its firmware owns (/chosen handles, tokens in
/// /rtas, `available`). Source: LoPAPR 1.1 appendix C; compared with QEMU's in the tests.
/// </summary>
internal static class PseriesTree
{
    /// <summary>Ticks of the time base in a second.</summary>
    public const uint TimeBaseFrequency = 512_000_000;

    /// <summary>The interrupt of environmental and power events.</summary>
    public const uint EpowInterrupt = 0x1000;

    /// <summary>The interrupt of hot-plug events.</summary>
    public const uint HotPlugInterrupt = 0x1001;

    private const uint LogicalMemoryBlockBytes = 0x1000_0000;

    /// <summary>Builds the tree of a machine before its client has chosen anything.</summary>
    /// <param name="topology">What the machine has.</param>
    /// <param name="consolePath">The path of the console's node, for clients that look in `/chosen` for it; null for none.</param>
    public static DeviceTree.DeviceTree Build(PseriesTopology topology, string? consolePath)
    {
        DeviceTree.DeviceTree tree = new();
        DeviceNode root = tree.Root;
        root.SetString("device_type", "chrp")
            .SetString("model", "IBM pSeries (emulated by qemu)")
            .SetString("compatible", "qemu,pseries")
            .SetCells("#address-cells", 2)
            .SetCells("#size-cells", 2);
        WriteIdentity(root, topology);
        BuildChosen(root, topology, consolePath);
        root.AddChild("rtas")
            .SetEmpty("ibm,change-msix-capable")
            .SetEmpty("ibm,extended-os-term")
            .SetCells("ibm,lrdr-capacity", 0, 0, 0, LogicalMemoryBlockBytes, (uint)topology.Cores);
        BuildEvents(root);
        CpuNodes.Build(root, topology);
        MemoryNodes.Build(root, topology);
        InterruptControllerNode.Build(root);
        Apply(tree, topology, topology.Initial);
        return tree;
    }

    /// <summary>Changes a tree to what its client chose. Nodes keep their phandles; doing it again changes nothing.</summary>
    public static void Apply(DeviceTree.DeviceTree tree, PseriesTopology topology, ClientArchitecture architecture)
    {
        DeviceNode root = tree.Root;
        CpuNodes.Apply(root, topology, architecture);
        MemoryNodes.Apply(root, topology, architecture.UsesAffinityForm2);
        if (root.Child("rtas") is { } rtas)
        {
            NumaAffinity.WriteRtas(rtas, topology, architecture.UsesAffinityForm2);
        }

        InterruptControllerNode.Apply(root, topology, architecture.Interrupts);
    }

    private static void WriteIdentity(DeviceNode root, PseriesTopology topology)
    {
        root.SetString("vm,uuid", topology.Uuid ?? "00000000-0000-0000-0000-000000000000");
        if (topology.Uuid != null)
        {
            root.SetString("system-id", topology.Uuid);
        }

        if (topology.Name != null)
        {
            root.SetString("ibm,partition-name", topology.Name);
        }
    }

    private static void BuildChosen(DeviceNode root, PseriesTopology topology, string? consolePath)
    {
        DeviceNode chosen = root.AddChild("chosen")
            .SetCells("linux,pci-probe-only", 0)
            .Set("ibm,arch-vec-5-platform-support", PlatformSupport(topology))
            .Set("ibm,architecture-vec-5", OptionVector.Empty.ToProperty());
        if (consolePath != null)
        {
            chosen.SetString("stdout-path", consolePath).SetString("linux,stdout-path", consolePath);
        }
    }

    /// <summary>Pairs of a byte of option vector 5 and what the platform can there.</summary>
    private static byte[] PlatformSupport(PseriesTopology topology)
    {
        byte interrupts = topology.InterruptModes switch
        {
            [_, _] => OptionVector5.Either,
            [InterruptMode.Xive] => OptionVector5.Newer,
            _ => 0,
        };
        return
        [
            OptionVector5.Interrupts, interrupts,
            OptionVector5.Mmu, topology.OffersRadix ? OptionVector5.EitherThenSwitch : (byte)0,
            OptionVector5.HashExtensions, 0,
            OptionVector5.RadixExtensions, OptionVector5.GuestInvalidates,
        ];
    }

    private static void BuildEvents(DeviceNode root)
    {
        DeviceNode events = root.AddChild("event-sources")
            .SetEmpty("interrupt-controller")
            .SetCells("#interrupt-cells", 2)
            .SetCells("interrupt-ranges", EpowInterrupt, 1, HotPlugInterrupt, 1);
        events.AddChild("epow-events").SetCells("interrupts", EpowInterrupt, 0);
        events.AddChild("hot-plug-events").SetCells("interrupts", HotPlugInterrupt, 0);
    }
}
