using System.Buffers.Binary;
using Firmament.Core.Memory;

namespace Firmament.Devices.Display;

/// <summary>A card's memory behind a base address register, as bytes in order.</summary>
internal sealed class FramebufferMemory(GuestMemory memory) : IMmioTarget
{
    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        Span<byte> bytes = stackalloc byte[8];
        bytes.Clear();
        return memory.TryRead(new PhysicalAddress(offset), bytes[..size]) ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : ulong.MaxValue >> (64 - (8 * size));
    }

    /// <inheritdoc/>
    public void Write(ulong offset, ulong value, int size)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        _ = memory.TryWrite(new PhysicalAddress(offset), bytes[..size]);
    }
}
