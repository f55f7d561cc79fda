using Firmament.Core.Interrupts;

namespace Firmament.Firmware.Architecture;

/// <summary>What client and platform agreed upon (LoPAPR 1.1 appendix B.6.2.3).</summary>
public sealed record ClientArchitecture
{
    /// <summary>The level of the architecture, a <see cref="Architecture.LogicalPvr"/> value; 0 for the chip as it is.</summary>
    public uint LogicalPvr { get; init; }

    /// <summary>The interrupt controller.</summary>
    public InterruptMode Interrupts { get; init; }

    /// <summary>The translation.</summary>
    public MmuMode Mmu { get; init; }

    /// <summary>True when the guest invalidates translations itself (guest translation shootdown enable, radix only).</summary>
    public bool GuestInvalidates { get; init; }

    /// <summary>True when the client knows Power ISA 3.0; without, the tree does not speak of radix.</summary>
    public bool KnowsIsa300 { get; init; }

    /// <summary>True when the client takes affinity as FORM2 tables; else FORM1.</summary>
    public bool UsesAffinityForm2 => Answer.Has(OptionVector5.Affinity, OptionVector5.AffinityForm2);

    /// <summary>True when the client can resize its hashed page table.</summary>
    public bool ResizesHashTable => Answer.Has(OptionVector5.Events, OptionVector5.ResizeHashTable);

    /// <summary>Option vector 5 as both sides have it.</summary>
    public OptionVector Answer { get; init; } = OptionVector.Empty;
}
