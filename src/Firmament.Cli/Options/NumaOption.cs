using System.Globalization;
using Firmament.Core;
using Firmament.Machines.Configuration;

namespace Firmament.Cli.Options;

/// <summary>-numa node,nodeid=,memdev=|mem=,cpus=A-B and -numa cpu,node-id=,core-id=: which memory and CPUs are near each other.</summary>
internal static class NumaOption
{
    private const int MostNodes = 8;

    public static void Apply(RunRequest request, string text)
    {
        OptionList list = OptionList.Parse("numa", text, "type");
        switch (list.Take("type"))
        {
            case "node":
                NumaNodeRequest node = Find(request, list.TakeNumber("nodeid") ?? request.NumaNodes.Count);
                node.Memory = list.Take("mem") ?? node.Memory;
                node.MemoryObject = list.Take("memdev") ?? node.MemoryObject;
                foreach (string range in list.TakeAll("cpus"))
                {
                    node.Cpus.AddRange(Range(range));
                }

                break;
            case "cpu":
                NumaNodeRequest of = Find(request, list.TakeNumber("node-id") ?? throw new UserErrorException("-numa cpu needs a node; give node-id=0 and core-id=0."));
                of.Cores.Add(list.TakeNumber("core-id") ?? throw new UserErrorException("-numa cpu needs a CPU; give core-id=0."));
                list.Ignore("socket-id", "thread-id");
                break;
            case "dist":
                throw new UserErrorException("Distances between NUMA nodes are not built; leave -numa dist out.");
            case { } other:
                throw new UserErrorException($"-numa {other} is unknown{Suggestion.For(other, ["node", "cpu"])}; give -numa node,nodeid=0,memdev=m0.");
            case null:
                throw new UserErrorException("-numa needs a kind; give for example -numa node,nodeid=0,memdev=m0.");
        }

        list.RefuseRest();
    }

    /// <summary>The nodes, once all options are read.</summary>
    /// <exception cref="UserErrorException">A node is missing, or its memory.</exception>
    public static List<NumaConfiguration> Build(RunRequest request)
    {
        List<NumaConfiguration> nodes = [];
        foreach ((int number, NumaNodeRequest node) in request.NumaNodes)
        {
            if (number != nodes.Count)
            {
                throw new UserErrorException($"NUMA node {nodes.Count} is missing; number the nodes from 0 without a gap.");
            }

            ulong bytes = node.Memory is { } size ? MemorySize.Parse(size) : 0;
            if (node.MemoryObject is { } id && !request.MemoryObjects.TryGetValue(id, out bytes))
            {
                throw new UserErrorException($"NUMA node {number} asks for memory '{id}', which does not exist; add -object memory-backend-ram,id={id},size=1G.");
            }

            // Linux numbers the CPUs of a core one after the other, whatever QEMU's core-id counts.
            int threads = request.Topology.Threads;
            IEnumerable<int> ofCores = node.Cores.SelectMany(core => Enumerable.Range(core, threads));
            nodes.Add(new NumaConfiguration(bytes, [.. node.Cpus.Concat(ofCores).Distinct()]));
        }

        return nodes;
    }

    private static NumaNodeRequest Find(RunRequest request, int number)
    {
        if (number is < 0 or >= MostNodes)
        {
            throw new UserErrorException($"There is no NUMA node {number}; give 0 to {MostNodes - 1}.");
        }

        if (!request.NumaNodes.TryGetValue(number, out NumaNodeRequest? node))
        {
            request.NumaNodes.Add(number, node = new NumaNodeRequest());
        }

        return node;
    }

    private static IEnumerable<int> Range(string text)
    {
        string[] ends = text.Split('-');
        bool good = int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out int first);
        int last = first;
        good &= ends.Length <= 2 && (ends.Length == 1 || int.TryParse(ends[1], NumberStyles.None, CultureInfo.InvariantCulture, out last));
        return good && last >= first && last < 1024
            ? Enumerable.Range(first, last - first + 1)
            : throw new UserErrorException($"'{text}' is no range of CPUs; give for example cpus=0-1.");
    }
}
