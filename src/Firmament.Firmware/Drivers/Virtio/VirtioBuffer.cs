namespace Firmament.Firmware.Drivers.Virtio;

/// <summary>One descriptor of a chain.</summary>
/// <param name="Address">As the device addresses RAM.</param>
/// <param name="Length">Bytes, at least 1.</param>
/// <param name="IsWritable">The device writes it; readable buffers come first.</param>
internal readonly record struct VirtioBuffer(ulong Address, uint Length, bool IsWritable);
