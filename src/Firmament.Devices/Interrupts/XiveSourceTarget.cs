namespace Firmament.Devices.Interrupts;

/// <summary>What H_INT_GET_SOURCE_CONFIG answers.</summary>
/// <param name="Server">Where the source's events go.</param>
/// <param name="Priority">With which priority; 0xff while masked.</param>
/// <param name="EffectiveNumber">The number in the queue (EISN).</param>
public readonly record struct XiveSourceTarget(ulong Server, ulong Priority, ulong EffectiveNumber);
