using Firmament.Core.Memory;

namespace Firmament.Machines;

/// <summary>RAM as bus masters reach it: at its own address, and nothing else; a device's access to another device fails.</summary>
internal sealed class SystemMemory(GuestMemory ram) : IDmaSpace
{
    /// <inheritdoc/>
    public bool TryRead(ulong address, Span<byte> destination) => ram.TryRead(new PhysicalAddress(address), destination);

    /// <inheritdoc/>
    public bool TryWrite(ulong address, ReadOnlySpan<byte> source) => ram.TryWrite(new PhysicalAddress(address), source);
}
