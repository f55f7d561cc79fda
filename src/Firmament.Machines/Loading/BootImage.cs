namespace Firmament.Machines.Loading;

/// <summary>What was put into memory, and where the client program starts.</summary>
/// <param name="EntryPoint">Physical address of the first instruction.</param>
/// <param name="Occupied">Every range that is taken, for the firmware to claim: kernel segments, initrd.</param>
/// <param name="Kernel">From the lowest to the highest byte of the kernel.</param>
/// <param name="Initrd">Where the initrd lies, or null.</param>
/// <param name="Note">The client's wishes, or null.</param>
/// <param name="IsLittleEndian">The kernel is a little-endian one.</param>
public sealed record BootImage(
    ulong EntryPoint, IReadOnlyList<AddressRange> Occupied, AddressRange Kernel, AddressRange? Initrd, ClientConfigurationNote? Note, bool IsLittleEndian);
