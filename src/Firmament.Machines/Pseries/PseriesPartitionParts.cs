using Firmament.Core.Interrupts;
using Firmament.Core.Memory;
using Firmament.Core.Time;
using Firmament.Firmware;
using Firmament.Firmware.Architecture;
using Firmament.Machines.Pseries.Rtas;
using Firmament.Machines.Pseries.Tree;
using Firmament.PowerPC;

namespace Firmament.Machines.Pseries;

/// <summary>What a <see cref="PseriesPartition"/> is made of.</summary>
internal sealed record PseriesPartitionParts
{
    /// <summary>What the machine has.</summary>
    public required PseriesTopology Topology { get; init; }

    /// <summary>The CPUs, by number.</summary>
    public required IReadOnlyList<IPartitionProcessor> Processors { get; init; }

    /// <summary>Guest RAM.</summary>
    public required GuestMemory Ram { get; init; }

    /// <summary>The machine's clock.</summary>
    public required Scheduler Clock { get; init; }

    /// <summary>The machine as firmware sees it.</summary>
    public required IFirmwarePlatform Platform { get; init; }

    /// <summary>The live device tree; null before the first boot.</summary>
    public required Func<DeviceTree.DeviceTree?> Tree { get; init; }

    /// <summary>RTAS of the interrupt controller.</summary>
    public required IPseriesInterruptRtas Interrupts { get; init; }

    /// <summary>RTAS of the PCI host bridges.</summary>
    public required IPseriesPciRtas Pci { get; init; }

    /// <summary>RTAS of the virtual I/O bus.</summary>
    public required IPseriesVioRtas Vio { get; init; }

    /// <summary>Source <see cref="PseriesTree.EpowInterrupt"/>, pulsed for an event.</summary>
    public required InterruptLine EpowInterrupt { get; init; }

    /// <summary>Called when the client has chosen, and at reset: interrupt controllers and translation follow.</summary>
    public required Action<ClientArchitecture> ArchitectureChanged { get; init; }

    /// <summary>Told true when the guest becomes little-endian; may be null.</summary>
    public Action<bool>? ByteOrderChanged { get; init; }

    /// <summary>64 random bits (a spapr-rng device); null for none.</summary>
    public Func<ulong>? Random { get; init; }
}
