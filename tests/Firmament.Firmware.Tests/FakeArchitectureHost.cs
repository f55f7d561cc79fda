using Firmament.Core.Interrupts;
using Firmament.Firmware.Architecture;
using Firmament.PowerPC;

namespace Firmament.Firmware.Tests;

/// <summary>A POWER9 that records what was agreed upon.</summary>
internal sealed class FakeArchitectureHost : IArchitectureHost
{
    public List<ClientArchitecture> Applied { get; } = [];

    public bool OtherRuns { get; set; }

    public ArchitectureOffer Offer { get; set; } = Power9;

    public static ArchitectureOffer Power9 => new()
    {
        Pvr = 0x4e1200,
        Levels = LogicalPvr.UpTo(LogicalPvr.Isa300),
        Interrupts = [InterruptMode.Xics, InterruptMode.Xive],
        Mmus = [MmuMode.Hash, MmuMode.Radix],
        Options = OptionVector.Empty.With(2, 0x20).With(5, 0xa0).With(6, 0x05).With(22, 0x80),
    };

    public bool AnotherProcessorRuns(IProcessor? caller) => OtherRuns;

    public void Apply(ClientArchitecture architecture) => Applied.Add(architecture);
}
