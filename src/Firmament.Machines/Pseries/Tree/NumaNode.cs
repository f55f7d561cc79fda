namespace Firmament.Machines.Pseries.Tree;

/// <summary>A node of memory and CPUs that are near each other.</summary>
/// <param name="MemoryBytes">Its memory; the nodes' memory lies in their order from address 0.</param>
/// <param name="Cpus">The numbers of its CPUs.</param>
internal sealed record NumaNode(ulong MemoryBytes, IReadOnlyList<int> Cpus);
