namespace Firmament.DeviceTree.Flattened;

/// <summary>Physical memory a client program must leave alone (Devicetree Specification v0.4, 5.3).</summary>
/// <param name="Address">First byte.</param>
/// <param name="Size">Bytes.</param>
public readonly record struct FdtReservation(ulong Address, ulong Size);
