using Firmament.DeviceTree;

namespace Firmament.Machines.Pseries.Tree;

/// <summary>
/// Which resources are near each other: associativity lists (form 1) or node numbers with a table of distances (form 2), as the client
/// chose (LoPAPR 1.1 15.2; PAPR+ for form 2). Nodes are 10 from themselves and 20 from others.
/// </summary>
internal static class NumaAffinity
{
    private const int Form1Domains = 4;
    private const byte LocalDistance = 10;
    private const byte RemoteDistance = 20;

    /// <summary>The associativity domains of a node, without their number.</summary>
    public static uint[] Domains(int node, bool form2) => form2 ? [(uint)node] : [0, 0, 0, (uint)node];

    /// <summary>The associativity domains of a CPU: those of its node and one of its own.</summary>
    public static uint[] CpuDomains(PseriesTopology topology, int cpu, bool form2) => [.. Domains(topology.NodeOf(cpu), form2), (uint)cpu];

    /// <summary>Sets `ibm,associativity`.</summary>
    public static void Write(DeviceNode node, uint[] domains) => node.SetCells("ibm,associativity", [(uint)domains.Length, .. domains]);

    /// <summary>Sets what `/rtas` says about all nodes.</summary>
    public static void WriteRtas(DeviceNode rtas, PseriesTopology topology, bool form2)
    {
        uint nodes = (uint)topology.NumaNodeCount;
        rtas.RemoveProperty("ibm,numa-lookup-index-table");
        rtas.RemoveProperty("ibm,numa-distance-table");
        if (form2)
        {
            rtas.SetCells("ibm,associativity-reference-points", 1);
            rtas.SetCells("ibm,max-associativity-domains", 1, nodes);
            rtas.SetCells("ibm,numa-lookup-index-table", [nodes, .. Enumerable.Range(0, (int)nodes).Select(static node => (uint)node)]);
            rtas.Set("ibm,numa-distance-table", Distances((int)nodes));
        }
        else if (nodes == 1)
        {
            rtas.SetCells("ibm,associativity-reference-points", Form1Domains, Form1Domains, 2);
            rtas.SetCells("ibm,max-associativity-domains", Form1Domains, 0, 0, 0, 1);
        }
        else
        {
            rtas.SetCells("ibm,associativity-reference-points", 4, 3, 2, 1);
            rtas.SetCells("ibm,max-associativity-domains", Form1Domains, nodes, nodes, nodes, nodes);
        }
    }

    /// <summary>A cell with the number of distances, then a byte for each pair of nodes.</summary>
    private static byte[] Distances(int nodes)
    {
        byte[] table = new byte[4 + (nodes * nodes)];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(table, nodes * nodes);
        for (int i = 0; i < nodes * nodes; i++)
        {
            table[4 + i] = i / nodes == i % nodes ? LocalDistance : RemoteDistance;
        }

        return table;
    }
}
