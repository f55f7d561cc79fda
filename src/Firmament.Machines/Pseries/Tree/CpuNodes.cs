using System.Buffers.Binary;
using System.Text;
using Firmament.DeviceTree;
using Firmament.Firmware.Architecture;

namespace Firmament.Machines.Pseries.Tree;

/// <summary>`/cpus`: one node a core, numbered by its first thread (LoPAPR 1.1 C.6.2).</summary>
internal static class CpuNodes
{
    private const uint CacheBytes = 0x8000;
    private const uint CacheLineBytes = 128;
    private const uint SlbEntries = 32;
    private const uint ClockFrequency = 1_000_000_000;

    // Page shift, SLB encoding, number of (page shift, HPTE encoding): 4 KiB and 64 KiB pages.
    private static readonly uint[] SegmentPageSizes = [12, 0, 1, 12, 0, 16, 0x110, 1, 16, 1];

    // log2 of segment sizes: 256 MiB and 1 TiB; all ones: not supported.
    private static readonly uint[] SegmentSizes = [28, 40, uint.MaxValue, uint.MaxValue];

    // Encoding of AP in bits 0 to 2, page shift below: 4 KiB, 64 KiB, 2 MiB, 1 GiB.
    private static readonly uint[] RadixEncodings = [0x0000_000c, 0xa000_0010, 0x2000_0015, 0x4000_001e];

    /// <summary>Adds the container and a node for each core.</summary>
    public static void Build(DeviceNode root, PseriesTopology topology)
    {
        DeviceNode cpus = root.AddChild("cpus").SetCells("#address-cells", 1).SetCells("#size-cells", 0);
        WriteConnectors(cpus, topology);
        for (int first = 0; first < topology.Cpus; first += topology.ThreadsPerCore)
        {
            BuildCore(cpus, topology, first);
        }
    }

    /// <summary>Writes what follows from the client's choices.</summary>
    public static void Apply(DeviceNode root, PseriesTopology topology, ClientArchitecture architecture)
    {
        foreach (DeviceNode core in root.Child("cpus")?.Children ?? [])
        {
            _ = core.TryGetCell("reg", 0, out uint first);
            core.SetCells("cpu-version", architecture.LogicalPvr != 0 ? architecture.LogicalPvr : topology.Cpu.Pvr);
            core.Set("ibm,pa-features", topology.Cpu.Features(architecture.LogicalPvr, architecture.KnowsIsa300 && topology.OffersRadix));
            core.SetCells("ibm,pft-size", 0, (uint)topology.HashTableShift);
            if (topology.NumaNodeCount > 1)
            {
                NumaAffinity.Write(core, NumaAffinity.CpuDomains(topology, (int)first, architecture.UsesAffinityForm2));
            }
        }
    }

    private static void BuildCore(DeviceNode cpus, PseriesTopology topology, int first)
    {
        PseriesCpu cpu = topology.Cpu;
        uint[] threads = [.. Enumerable.Range(first, Math.Min(topology.ThreadsPerCore, topology.Cpus - first)).Select(static thread => (uint)thread)];
        DeviceNode node = cpus.AddChild($"PowerPC,{cpu.Name}@{first:x}")
            .SetString("device_type", "cpu")
            .SetCells("reg", (uint)first)
            .SetCells("cpu-version", cpu.Pvr)
            .SetCells("ibm,ppc-interrupt-server#s", threads)
            .SetCells("ibm,ppc-interrupt-gserver#s", [.. threads.SelectMany(static thread => (uint[])[thread, 0])])
            .SetCells("timebase-frequency", PseriesTree.TimeBaseFrequency)
            .SetCells("clock-frequency", ClockFrequency);
        foreach (string cache in (string[])["d-cache", "i-cache"])
        {
            node.SetCells(cache + "-size", CacheBytes).SetCells(cache + "-block-size", CacheLineBytes).SetCells(cache + "-line-size", CacheLineBytes);
        }

        node.SetCells("slb-size", SlbEntries)
            .SetCells("ibm,slb-size", SlbEntries)
            .SetCells("ibm,segment-page-sizes", SegmentPageSizes)
            .SetCells("ibm,processor-segment-sizes", SegmentSizes)
            .SetEmpty("64-bit")
            .SetCells("ibm,purr", 1)
            .SetCells("ibm,spurr", 1)
            .SetCells("ibm,vmx", 2)
            .SetCells("ibm,dfp", 1)
            .SetCells("ibm,chip-id", 0)
            .SetCells("ibm,my-drc-index", PseriesTopology.CpuConnectorBase + (uint)first)
            .SetString("status", "okay");
        if (cpu.HasRadix)
        {
            node.SetCells("ibm,processor-radix-AP-encodings", RadixEncodings);
        }

        if (cpu.DecrementerBits != 0)
        {
            node.SetCells("ibm,dec-bits", cpu.DecrementerBits);
        }
    }

    /// <summary>The connectors of dynamic reconfiguration (LoPAPR 1.1 13.5.2): each property begins with their number.</summary>
    private static void WriteConnectors(DeviceNode cpus, PseriesTopology topology)
    {
        int[] firsts = [.. Enumerable.Range(0, topology.Cores).Select(core => core * topology.ThreadsPerCore)];
        cpus.SetCells("ibm,drc-indexes", [(uint)firsts.Length, .. firsts.Select(static first => PseriesTopology.CpuConnectorBase + (uint)first)])
            .SetCells("ibm,drc-power-domains", [(uint)firsts.Length, .. firsts.Select(static _ => uint.MaxValue)])
            .Set("ibm,drc-names", Texts(firsts.Select(static first => $"CPU {first}")))
            .Set("ibm,drc-types", Texts(firsts.Select(static _ => "CPU")));
    }

    private static byte[] Texts(IEnumerable<string> texts)
    {
        string[] all = [.. texts];
        byte[] bytes = new byte[4 + all.Sum(static text => text.Length + 1)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, all.Length);
        Encoding.ASCII.GetBytes(string.Concat(all.Select(static text => text + "\0")), bytes.AsSpan(4));
        return bytes;
    }
}
