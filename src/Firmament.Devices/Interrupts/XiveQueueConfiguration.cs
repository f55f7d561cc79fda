namespace Firmament.Devices.Interrupts;

/// <summary>What H_INT_GET_QUEUE_CONFIG answers.</summary>
/// <param name="Flags">Bit 63 notifies always; bit 62 the generation, when debug data was asked for.</param>
/// <param name="Address">Logical real address, 0 without a queue.</param>
/// <param name="SizeShift">Log2 of the queue's bytes, 0 without a queue.</param>
/// <param name="Index">The entry written next, when debug data was asked for.</param>
public readonly record struct XiveQueueConfiguration(ulong Flags, ulong Address, ulong SizeShift, ulong Index);
