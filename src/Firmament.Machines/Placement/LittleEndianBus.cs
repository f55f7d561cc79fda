using System.Buffers.Binary;
using Firmament.Core.Memory;

namespace Firmament.Machines.Placement;

/// <summary>Accesses to little-endian registers in the CPU's address space, as board firmware makes them (lwbrx, stwbrx).</summary>
internal sealed class LittleEndianBus(MemoryMap map)
{
    /// <summary>Reads a register of 1, 2 or 4 bytes; all ones where nothing answers.</summary>
    public uint Read(ulong address, int size) => Swap((uint)map.Read(new PhysicalAddress(address), size, out _), size);

    /// <summary>Writes a register of 1, 2 or 4 bytes.</summary>
    public void Write(ulong address, uint value, int size) => map.Write(new PhysicalAddress(address), Swap(value, size), size);

    private static uint Swap(uint value, int size) => BinaryPrimitives.ReverseEndianness(value) >> (32 - (8 * size));
}
