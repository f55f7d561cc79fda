using Firmament.Core.Interrupts;

namespace Firmament.Firmware.Architecture;

/// <summary>What a machine can be for its client.</summary>
public sealed record ArchitectureOffer
{
    /// <summary>The chip's processor version.</summary>
    public required uint Pvr { get; init; }

    /// <summary>The levels the CPU can run at, as <see cref="LogicalPvr"/> values, lowest first.</summary>
    public required IReadOnlyList<uint> Levels { get; init; }

    /// <summary>True when a client that knows no level may have the chip as it is; false where the user set a highest level.</summary>
    public bool AllowsChip { get; init; } = true;

    /// <summary>The interrupt controllers the machine has.</summary>
    public required IReadOnlyList<InterruptMode> Interrupts { get; init; }

    /// <summary>The translations the machine has.</summary>
    public required IReadOnlyList<MmuMode> Mmus { get; init; }

    /// <summary>Option vector 5 with what the platform can beside these modes.</summary>
    public required OptionVector Options { get; init; }
}
