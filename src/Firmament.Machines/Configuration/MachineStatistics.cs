namespace Firmament.Machines.Configuration;

/// <summary>What a run cost.</summary>
/// <param name="Instructions">Instructions retired since power-on.</param>
/// <param name="VirtualNanoseconds">The machine's clock.</param>
/// <param name="FirmwareCalls">Client interface calls served.</param>
/// <param name="RtasCalls">RTAS calls served.</param>
/// <param name="Hypercalls">Hypervisor calls served, those two included.</param>
/// <param name="GuestErrors">Wrong or unmodelled things the guest did.</param>
public readonly record struct MachineStatistics(
    long Instructions,
    long VirtualNanoseconds,
    long FirmwareCalls,
    long RtasCalls,
    long Hypercalls,
    long GuestErrors);
