namespace Firmament.Machines.Configuration;

/// <summary>A node of memory and CPUs that are near each other.</summary>
/// <param name="MemoryBytes">Its memory; the nodes' memory lies in their order from address 0.</param>
/// <param name="Cpus">The numbers of its CPUs; a CPU that no node has is the first node's.</param>
public sealed record NumaConfiguration(ulong MemoryBytes, IReadOnlyList<int> Cpus);
