using System.Numerics;
using Firmament.Core.Interrupts;
using Firmament.Firmware.Architecture;

namespace Firmament.Machines.Pseries.Tree;

/// <summary>What a machine has, as far as its device tree and its firmware say it.</summary>
internal sealed record PseriesTopology
{
    /// <summary>Index of the connector (`ibm,my-drc-index`) of CPU 0; a core's is that of its first thread.</summary>
    public const uint CpuConnectorBase = 0x1000_0000;

    private const ulong LargestRealModeArea = 1UL << 40;
    private const int LeastHashTableShift = 18;
    private const int MostHashTableShift = 46;
    private const ulong RamOfHashTableByte = 128;

    /// <summary>Bytes of RAM.</summary>
    public required ulong MemoryBytes { get; init; }

    /// <summary>CPUs, that is threads.</summary>
    public int Cpus { get; init; } = 1;

    /// <summary>CPUs there can ever be: nothing is plugged in while the machine runs, so as many.</summary>
    public int MostCpus => Cpus;

    /// <summary>Threads of a core; the last core may have fewer.</summary>
    public int ThreadsPerCore { get; init; } = 1;

    /// <summary>Cores.</summary>
    public int Cores => (Cpus + ThreadsPerCore - 1) / ThreadsPerCore;

    /// <summary>The CPU.</summary>
    public PseriesCpu Cpu { get; init; } = PseriesCpu.Power9;

    /// <summary>The highest level a client may choose (`max-cpu-compat`), or null for the CPU's own.</summary>
    public uint? HighestLevel { get; init; }

    /// <summary>The interrupt controllers. A CPU before Power ISA 3.0 has XICS only.</summary>
    public InterruptChoice Interrupts { get; init; } = InterruptChoice.Dual;

    /// <summary>True when the guest may resize its hashed page table (H_RESIZE_HPT_PREPARE and _COMMIT have rows).</summary>
    public bool ResizesHashTable { get; init; } = true;

    /// <summary>True when the guest may register handlers of non-maskable interrupts (`cap-fwnmi`).</summary>
    public bool HasFirmwareAssistedNmi { get; init; } = true;

    /// <summary>The partition's UUID in text, or null.</summary>
    public string? Uuid { get; init; }

    /// <summary>The partition's name, or null.</summary>
    public string? Name { get; init; }

    /// <summary>NUMA nodes; empty for one node of everything. Their memory adds up to <see cref="MemoryBytes"/>.</summary>
    public IReadOnlyList<NumaNode> NumaNodes { get; init; } = [];

    /// <summary>How many NUMA nodes, at least one.</summary>
    public int NumaNodeCount => Math.Max(NumaNodes.Count, 1);

    /// <summary>Bytes from address 0 that real mode reaches.</summary>
    public ulong RealModeAreaBytes =>
        Math.Min(Math.Min(MemoryBytes, NumaNodes.Count == 0 ? MemoryBytes : NumaNodes[0].MemoryBytes), LargestRealModeArea);

    /// <summary>log2 of the bytes of the hashed page table: a 128th of RAM or more, 2^18 to 2^46.</summary>
    public int HashTableShift =>
        Math.Clamp(BitOperations.Log2(BitOperations.RoundUpToPowerOf2(MemoryBytes / RamOfHashTableByte)), LeastHashTableShift, MostHashTableShift);

    /// <summary>True when a client can be given radix translation.</summary>
    public bool OffersRadix => Cpu.HasRadix && (HighestLevel is not { } level || LogicalPvr.IsAtLeast(level, LogicalPvr.Isa300));

    /// <summary>The controllers a client can choose from.</summary>
    public IReadOnlyList<InterruptMode> InterruptModes => Interrupts switch
    {
        InterruptChoice.Dual when OffersRadix => [InterruptMode.Xics, InterruptMode.Xive],
        InterruptChoice.Xive => [InterruptMode.Xive],
        _ => [InterruptMode.Xics],
    };

    /// <summary>What the machine offers to client architecture support.</summary>
    public ArchitectureOffer Offer => new()
    {
        Pvr = Cpu.Pvr,
        Levels = [.. LogicalPvr.UpTo(Cpu.Level).Where(level => HighestLevel is not { } highest || LogicalPvr.IsAtLeast(highest, level))],
        AllowsChip = HighestLevel == null,
        Interrupts = InterruptModes,
        Mmus = OffersRadix ? [MmuMode.Hash, MmuMode.Radix] : [MmuMode.Hash],
        Options = OptionVector.Empty
            .With(OptionVector5.Platform, OptionVector5.DynamicMemory)
            .With(OptionVector5.Affinity, OptionVector5.AffinityForm1 | OptionVector5.AffinityForm2)
            .With(OptionVector5.Events, (byte)(OptionVector5.HotPlugEvents | (ResizesHashTable ? OptionVector5.ResizeHashTable : 0)))
            .With(OptionVector5.DynamicMemoryFormat, OptionVector5.DynamicMemoryV2),
    };

    /// <summary>What the machine is before client architecture support.</summary>
    public ClientArchitecture Initial => new() { Interrupts = InterruptModes[0], Mmu = MmuMode.Hash, KnowsIsa300 = true };

    /// <summary>The NUMA node of a CPU.</summary>
    public int NodeOf(int cpu)
    {
        for (int node = 0; node < NumaNodes.Count; node++)
        {
            if (NumaNodes[node].Cpus.Contains(cpu))
            {
                return node;
            }
        }

        return 0;
    }
}
