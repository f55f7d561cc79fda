using Firmament.Devices.Buses.Vio;
using Firmament.Devices.Buses.Spapr;
using Firmament.Core.Tracing;
using Firmament.Core.Replay;
using Firmament.Core.Memory;
using Firmament.Core.Interrupts;
using Firmament.Core.State;
using Firmament.DeviceTree;
using Firmament.DeviceTree.Comparison;
using Firmament.DeviceTree.Flattened;
using Firmament.Firmware.Architecture;
using Firmament.Machines.Pseries.Hypercalls;
using Firmament.Machines.Pseries.Tree;
using Firmament.Machines.Tests.Support;

namespace Firmament.Machines.Tests.Pseries;

public sealed class PseriesTreeTests
{
    // QEMU's trees were written by a machine of 1 GiB and one CPU; those "on" after client architecture support.
    private static readonly PseriesTopology Power9 = new() { MemoryBytes = 1 << 30 };
    private static readonly PseriesTopology Power8 = Power9 with { Cpu = PseriesCpu.Power8 };

    /// <summary>Differences by kind (- missing here, + only here, ~ another value), node and property, with why.</summary>
    private static readonly string[] Expected =
    [
        // Nothing can be plugged in: connectors are those of the CPUs only. Host bridges have their own test.
        "- /: ibm,drc-types", "- /: ibm,drc-names", "- /: ibm,drc-power-domains", "- /: ibm,drc-indexes",
        "- /pci@800000020000000",

        // NVDIMMs are not modelled.
        "- /ibm,persistent-memory",

        // What the firmware and the machine add at boot, or a client wrote.
        "- /chosen: bootargs", "- /chosen: rng-seed", "- /chosen: linux,initrd-start", "- /chosen: linux,initrd-end",

        // SLOF's.
        "- /chosen: qemu,boot-kernel", "- /chosen: qemu,boot-kernel-le",
        "- /chosen: qemu,graphic-width", "- /chosen: qemu,graphic-height", "- /chosen: qemu,graphic-depth",
    ];

    private static readonly string[] ExpectedBeforeFirmware =
    [
        .. Expected,
        "- /rtas: rtas-size", "- /rtas: rtas-error-log-max", "- /rtas: rtas-event-scan-rate", "- /rtas: ibm,hypertas-functions", "- /rtas: qemu,hypertas-functions",
    ];

    private static readonly string[] ExpectedAfterBoot =
    [
        .. ExpectedBeforeFirmware,
        "- /chosen: stdout", "- /memory@0: available", "- /rtas: linux,rtas-base", "- /rtas: linux,rtas-entry",
    ];

    public static TheoryData<string, bool, bool> Trees => new()
    {
        { "pseries-POWER8-vof-off.dtb", false, false },
        { "pseries-POWER8-vof-on.dtb", false, true },
        { "pseries-POWER9-vof-off.dtb", true, false },
        { "pseries-POWER9-vof-on.dtb", true, true },
    };

    [Theory]
    [MemberData(nameof(Trees))]
    public void The_tree_differs_from_the_oracles_only_where_it_is_meant_to(string file, bool power9, bool negotiated)
    {
        Assert.True(FlattenedTree.TryRead(File.ReadAllBytes(Guests.PseriesOraclePath(file)), out FdtImage? oracle, out FdtResult result), result.ToString());
        PseriesTopology topology = power9 ? Power9 : Power8;
        DeviceTree.DeviceTree tree = PseriesTree.Build(topology, "/vdevice/vty@71000000");
        using GuestMemory ram = new(1 << 20);
        Tracer tracer = new();
        VioBus vio = new(new TceTables(ram, tracer), static number => new InterruptLine($"{number}", static _ => { }));
        vio.Place(new SpaprVty("serial0", new NullCharacterBackend(), new InputJournal(), tracer));
        vio.Place(new SpaprNvram(SpaprNvram.DefaultSize));
        vio.Place(new SpaprVty("serial1", new NullCharacterBackend(), new InputJournal(), tracer));
        vio.WriteTo(tree.Root);
        if (negotiated)
        {
            ClientArchitecture asked = Asked(topology);
            PseriesTree.Apply(tree, topology, asked);
            tree.Root.Child("chosen")!.Set("ibm,architecture-vec-5", asked.Answer.ToProperty());
        }

        DeviceTreeDiff diff = DeviceTreeDiff.Compare(oracle.Tree, tree);

        // A node that is missing is missing with all it has; the tokens come from the table of calls, which its own test compares.
        string[] found = [.. diff.Changes.Select(static change => change.ToString().Split(" = ")[0]).Where(static change => !IsInside(change) && !IsToken(change))];
        string[] expected = negotiated ? ExpectedAfterBoot : ExpectedBeforeFirmware;
        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Rtas_publishes_what_the_oracle_publishes()
    {
        Assert.True(FlattenedTree.TryRead(File.ReadAllBytes(Guests.PseriesOraclePath("pseries-POWER9-vof-off.dtb")), out FdtImage? oracle, out _));
        using PartitionBench of = new(Power9 with { MemoryBytes = 256 << 20 });
        DeviceNode theirs = oracle.Tree.Find("/rtas")!;
        DeviceNode ours = of.Tree.Find("/rtas")!;

        // Groups that other parts of the machine serve are named once those have added their calls.
        IEnumerable<string> different = theirs.Properties.Where(property => ours[property.Name]?.Value.Span.SequenceEqual(property.Value.Span) != true).Select(static property => property.Name);
        Assert.Equal(["ibm,hypertas-functions"], different);
        Assert.Equal(
            ["hcall-dabr", "hcall-splpar", "hcall-join", "hcall-set-mode", "hcall-sprg0", "hcall-vphn", "hcall-watchdog"],
            HypertasFunctions.For(of.Firmware.SystemCalls.Table));
        Assert.Empty(ours.Properties.Select(static property => property.Name).Except(theirs.Properties.Select(static property => property.Name)));
    }

    [Fact]
    public void Cores_have_a_node_each_and_threads_a_number_each()
    {
        DeviceTree.DeviceTree tree = PseriesTree.Build(Power9 with { Cpus = 8, ThreadsPerCore = 4 }, null);
        Assert.Equal(["PowerPC,POWER9@0", "PowerPC,POWER9@4"], tree.Root.Child("cpus")!.Children.Select(static node => node.Name));
        DeviceNode core = tree.Find("/cpus/PowerPC,POWER9@4")!;
        Assert.Equal([4u, 5u, 6u, 7u], Cells(core, "ibm,ppc-interrupt-server#s"));
        Assert.Equal([4u, 0u, 5u, 0u, 6u, 0u, 7u, 0u], Cells(core, "ibm,ppc-interrupt-gserver#s"));
        Assert.Equal([0u, 8u], Cells(tree.Find("/interrupt-controller")!, "ibm,interrupt-server-ranges"));
        Assert.Equal([2u, 0x10000000u, 0x10000004u], Cells(tree.Root.Child("cpus")!, "ibm,drc-indexes"));
    }

    [Fact]
    public void Memory_beyond_the_first_node_comes_in_aligned_pieces()
    {
        PseriesTopology topology = Power9 with
        {
            MemoryBytes = 7UL << 30,
            Cpus = 2,
            NumaNodes = [new NumaNode(1UL << 30, [0]), new NumaNode(6UL << 30, [1])],
        };
        DeviceTree.DeviceTree tree = PseriesTree.Build(topology, null);
        Assert.Equal(
            ["memory@0", "memory@40000000", "memory@80000000", "memory@100000000", "memory@180000000"],
            tree.Root.Children.Where(static node => node.BaseName == "memory").Select(static node => node.Name));
        Assert.Equal([1u, 0u, 0u, 0x80000000u], Cells(tree.Find("/memory@100000000")!, "reg"));
        Assert.Equal([4u, 0u, 0u, 0u, 1u], Cells(tree.Find("/memory@180000000")!, "ibm,associativity"));
        Assert.Equal([5u, 0u, 0u, 0u, 1u, 1u], Cells(tree.Find("/cpus/PowerPC,POWER9@1")!, "ibm,associativity"));
        Assert.Equal([4u, 3u, 2u, 1u], Cells(tree.Find("/rtas")!, "ibm,associativity-reference-points"));

        PseriesTree.Apply(tree, topology, Asked(topology));
        Assert.Equal([1u, 1u], Cells(tree.Find("/memory@180000000")!, "ibm,associativity"));
        Assert.Equal([2u, 1u, 1u], Cells(tree.Find("/cpus/PowerPC,POWER9@1")!, "ibm,associativity"));
        Assert.Equal("000000040A14140A", Convert.ToHexString(tree.Find("/rtas")!["ibm,numa-distance-table"]!.Value.Span));
    }

    [Fact]
    public void The_pieces_of_memory_add_up()
    {
        foreach (ulong mebibytes in (ulong[])[128, 512, 1000, 1024, 3000, 4096, 12345])
        {
            DeviceTree.DeviceTree tree = PseriesTree.Build(new PseriesTopology { MemoryBytes = mebibytes << 20 }, null);
            Assert.Equal(mebibytes << 20, tree.Root.Children.Where(static node => node.BaseName == "memory").Aggregate(0UL, static (sum, node) => sum + Size(node)));
        }

        static ulong Size(DeviceNode node) => ((ulong)Cells(node, "reg")[2] << 32) | Cells(node, "reg")[3];
    }

    [Theory]
    [InlineData(256, 21)]
    [InlineData(1024, 23)]
    [InlineData(1025, 24)]
    [InlineData(4096, 25)]
    [InlineData(16, 18)]
    public void The_hashed_page_table_has_a_128th_of_memory(ulong mebibytes, int shift) =>
        Assert.Equal(shift, new PseriesTopology { MemoryBytes = mebibytes << 20 }.HashTableShift);

    [Fact]
    public void The_interrupt_controller_keeps_its_phandle_when_it_changes()
    {
        DeviceTree.DeviceTree tree = PseriesTree.Build(Power9, null);
        Dictionary<uint, string> before = tree.Nodes().ToDictionary(static node => node.Phandle, static node => node.Path);
        PseriesTree.Apply(tree, Power9, Asked(Power9));
        Assert.Equal(before.Keys, tree.Nodes().Select(static node => node.Phandle));
        Assert.Equal("/interrupt-controller@60302031b0000", tree.Find(InterruptControllerNode.Phandle)!.Path);
        PseriesTree.Apply(tree, Power9, Power9.Initial);
        Assert.Equal(before, tree.Nodes().ToDictionary(static node => node.Phandle, static node => node.Path));
        Assert.Equal("", DeviceTreeDiff.Compare(PseriesTree.Build(Power9, null), tree).ToString());
    }

    [Theory]
    [InlineData(0, null, "178018C019001A40")]
    [InlineData(1, null, "170018C019001A40")]
    [InlineData(2, null, "174018C019001A40")]
    [InlineData(0, LogicalPvr.Isa207, "1700180019001A40")]
    public void The_platforms_support_follows_its_options(int interrupts, uint? highest, string support)
    {
        PseriesTopology topology = Power9 with { Interrupts = (InterruptChoice)interrupts, HighestLevel = highest };
        DeviceTree.DeviceTree tree = PseriesTree.Build(topology, null);
        Assert.Equal(support, Convert.ToHexString(tree.Find("/chosen")!["ibm,arch-vec-5-platform-support"]!.Value.Span));
    }

    [Fact]
    public void A_client_without_Power_ISA_3_is_not_told_of_radix()
    {
        byte[] shown = PseriesCpu.Power9.Features(0, showsRadix: true);
        byte[] hidden = PseriesCpu.Power9.Features(0, showsRadix: false);
        Assert.Equal((0x80, 0), (shown[42], hidden[42]));
        Assert.Equal(PseriesCpu.Power8.Features(0, true), PseriesCpu.Power9.Features(LogicalPvr.Isa207, true));
        Assert.Equal(68, shown.Length);
        Assert.Equal(66, shown[0]);
    }

    [Fact]
    public void Negotiation_changes_machine_tree_and_state_alike()
    {
        using PartitionBench of = new();
        of.Fill(PartitionBench.Buffer, Vector);
        Assert.Equal(0, of.Call(0xf002, PartitionBench.Buffer, PartitionBench.Buffer + 0x1000, 0x10000));
        Assert.Equal((InterruptMode.Xive, MmuMode.Radix), (of.Changed[^1].Interrupts, of.Changed[^1].Mmu));
        Assert.NotNull(of.Tree.Find("/interrupt-controller@60302031b0000"));
        Assert.Equal("00000001D00DFEED", Convert.ToHexString(of.Bytes(PartitionBench.Buffer + 0x1000, 8)));
        Assert.Equal(0, of.Call(0xf003, PartitionBench.Buffer + 0x1004));
        Assert.Equal(-4, of.Call(0xf003, PartitionBench.Buffer));
        Assert.Equal(-4, of.Call(0xf002, PartitionBench.Buffer, PartitionBench.Buffer + 0x1000, 16));

        using MemoryStream saved = new();
        SaveVisitor save = new(saved);
        save.Component("partition", of.Partition);
        save.Component("firmware", of.Firmware);
        save.Complete();
        using PartitionBench other = new();
        saved.Position = 0;
        LoadVisitor load = new(saved);
        load.Component("partition", other.Partition);
        load.Component("firmware", other.Firmware);
        load.Complete();
        Assert.Equal("", DeviceTreeDiff.Compare(of.Tree, other.Tree).ToString());
        Assert.Equal(of.Partition.Architecture.Current.Answer.ToProperty(), other.Partition.Architecture.Current.Answer.ToProperty());
        Assert.Equal(MmuMode.Radix, other.Partition.Architecture.Current.Mmu);
    }

    [Fact]
    public void Negotiation_waits_until_other_CPUs_have_stopped()
    {
        using PartitionBench of = new();
        of.Cpus[3].IsStopped = false;
        of.Fill(PartitionBench.Buffer, Vector);
        Assert.Equal(-9005, of.Call(0xf002, PartitionBench.Buffer, PartitionBench.Buffer + 0x1000, 0x10000));
        Assert.Empty(of.Changed);
    }

    private static byte[] Vector =>
    [
        0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0, 5, 0xff, 0xff, 0xff, 0xfe, 0x0f, 0, 0, 1,
        4, 2, 0, 0xff, 0xc0, 0, 0, 0, 0, 0, 0,
        25, 0, 0x20, 0, 0, 0xa0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x40, 0x40, 0, 0x40,
    ];

    /// <summary>What Linux asks for and gets.</summary>
    private static ClientArchitecture Asked(PseriesTopology topology)
    {
        bool radix = topology.OffersRadix;
        OptionVector answer = topology.Offer.Options;
        return new ClientArchitecture
        {
            LogicalPvr = topology.Cpu.Level,
            Interrupts = radix ? InterruptMode.Xive : InterruptMode.Xics,
            Mmu = radix ? MmuMode.Radix : MmuMode.Hash,
            KnowsIsa300 = true,
            Answer = radix ? answer.With(23, 0x40).With(24, 0x40).With(26, 0x40) : answer,
        };
    }

    private static uint[] Cells(DeviceNode node, string property) =>
        [.. Enumerable.Range(0, node[property]!.Value.Length / 4).Select(index => node.TryGetCell(property, index, out uint cell) ? cell : 0)];

    private static bool IsInside(string change)
    {
        string[] missing = ["/pci@800000020000000", "/ibm,persistent-memory"];
        return missing.Any(node => change.StartsWith($"- {node}: ", StringComparison.Ordinal));
    }

    private static bool IsToken(string change) =>
        change.StartsWith("- /rtas: ", StringComparison.Ordinal)
        && Firmament.Machines.Pseries.Rtas.PseriesRtas.Table.Any(row => change.EndsWith(" " + row.Name, StringComparison.Ordinal));
}
