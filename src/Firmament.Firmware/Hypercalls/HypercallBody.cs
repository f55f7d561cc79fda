namespace Firmament.Firmware.Hypercalls;

/// <summary>What a hypercall does.</summary>
/// <returns>r3 of the caller: a status, or a value where the convention says so.</returns>
public delegate long HypercallBody(HypercallCall call);
