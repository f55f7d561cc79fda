using Firmament.PowerPC;

namespace Firmament.Firmware.Architecture;

/// <summary>The machine as client architecture support needs it.</summary>
public interface IArchitectureHost
{
    /// <summary>What the machine can be.</summary>
    ArchitectureOffer Offer { get; }

    /// <summary>True while a CPU beside <paramref name="caller"/> executes: then nothing can be changed under it.</summary>
    bool AnotherProcessorRuns(IProcessor? caller);

    /// <summary>
    /// Makes the machine and its device tree what was agreed upon. Nodes keep their phandles. `/chosen` `ibm,architecture-vec-5` and
    /// `stdout` are the firmware's.
    /// </summary>
    void Apply(ClientArchitecture architecture);
}
