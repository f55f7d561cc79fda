using System.Numerics;
using Firmament.DeviceTree;

namespace Firmament.Machines.Pseries.Tree;

/// <summary>The memory nodes: the real mode area first, then the rest of each NUMA node in naturally aligned pieces (LoPAPR 1.1 C.6.5).</summary>
internal static class MemoryNodes
{
    /// <summary>Adds the nodes.</summary>
    public static void Build(DeviceNode root, PseriesTopology topology)
    {
        ulong start = 0;
        for (int node = 0; node < topology.NumaNodeCount; node++)
        {
            ulong left = topology.NumaNodes.Count == 0 ? topology.MemoryBytes : topology.NumaNodes[node].MemoryBytes;
            while (left > 0)
            {
                ulong size = start == 0 ? topology.RealModeAreaBytes : Piece(start, left);
                Add(root, start, size, node);
                start += size;
                left -= size;
            }
        }
    }

    /// <summary>Writes the affinity of each node, in the form the client chose.</summary>
    public static void Apply(DeviceNode root, PseriesTopology topology, bool form2)
    {
        foreach (DeviceNode node in root.Children)
        {
            if (node.GetString("device_type") == "memory")
            {
                NumaAffinity.Write(node, NumaAffinity.Domains(NodeAt(topology, StartOf(node)), form2));
            }
        }
    }

    private static ulong Piece(ulong start, ulong left) => Math.Min(1UL << BitOperations.TrailingZeroCount(start), 1UL << BitOperations.Log2(left));

    private static void Add(DeviceNode root, ulong start, ulong size, int node)
    {
        DeviceNode memory = root.AddChild($"memory@{start:x}")
            .SetString("device_type", "memory")
            .SetCells("reg", (uint)(start >> 32), (uint)start, (uint)(size >> 32), (uint)size);
        NumaAffinity.Write(memory, NumaAffinity.Domains(node, form2: false));
    }

    private static ulong StartOf(DeviceNode node) =>
        node.TryGetCell("reg", 0, out uint high) && node.TryGetCell("reg", 1, out uint low) ? ((ulong)high << 32) | low : 0;

    private static int NodeAt(PseriesTopology topology, ulong address)
    {
        ulong end = 0;
        for (int node = 0; node < topology.NumaNodes.Count; node++)
        {
            end += topology.NumaNodes[node].MemoryBytes;
            if (address < end)
            {
                return node;
            }
        }

        return 0;
    }
}
