using Firmament.Core;

namespace Firmament.Machines.Configuration;

/// <summary>Rules among NUMA nodes: they share out the memory, and a CPU is in one.</summary>
internal static class NumaChecks
{
    private const ulong Mebibyte = 1UL << 20;

    // Linux's block of memory on this machine: a node that ends within one would share it with the next.
    private const ulong Granule = 256 * Mebibyte;

    public static void Validate(MachineConfiguration configuration)
    {
        if (configuration.NumaNodes.Count == 0)
        {
            return;
        }

        if (configuration.Machine != "pseries")
        {
            throw new UserErrorException($"{configuration.Machine} has one memory node; leave -numa out.");
        }

        ulong total = 0;
        HashSet<int> taken = [];
        foreach (NumaConfiguration node in configuration.NumaNodes)
        {
            total += node.MemoryBytes;
            if (node.MemoryBytes % Granule != 0)
            {
                throw new UserErrorException($"A NUMA node has {node.MemoryBytes / Mebibyte} MiB; give each a multiple of 256M.");
            }

            foreach (int cpu in node.Cpus)
            {
                if (cpu >= configuration.Topology.Cpus)
                {
                    throw new UserErrorException($"A NUMA node has CPU {cpu}, and the machine {configuration.Topology.Cpus}; give -smp more CPUs, or -numa node,cpus= other numbers.");
                }

                if (!taken.Add(cpu))
                {
                    throw new UserErrorException($"CPU {cpu} is in two NUMA nodes; give each -numa node other cpus=.");
                }
            }
        }

        if (configuration.NumaNodes[0].MemoryBytes == 0)
        {
            throw new UserErrorException("NUMA node 0 has no memory, and the kernel must lie there; give -numa node,nodeid=0,memdev=.");
        }

        if (total != configuration.MemoryBytes)
        {
            throw new UserErrorException(
                $"The NUMA nodes have {total / Mebibyte} MiB together and the machine {configuration.MemoryBytes / Mebibyte}; give -m {total / Mebibyte} or other sizes.");
        }
    }
}
