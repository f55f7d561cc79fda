using Firmament.Core.Memory;

namespace Firmament.Devices.Bridges;

/// <summary>What the memory map sees of an open window: bus addresses are the window's offsets plus the remapped base.</summary>
/// <param name="space">The PCI space behind it.</param>
/// <param name="busBase">The bus address of the window's first byte.</param>
internal sealed class Mv64361WindowTarget(IMmioTarget space, uint busBase) : IMmioTarget
{
    /// <inheritdoc/>
    public ulong Read(ulong offset, int size) => size == 8
        ? space.Read(Address(offset), 4) | (space.Read(Address(offset + 4), 4) << 32)
        : space.Read(Address(offset), size);

    /// <inheritdoc/>
    public void Write(ulong offset, ulong value, int size)
    {
        if (size == 8)
        {
            space.Write(Address(offset), (uint)value, 4);
            space.Write(Address(offset + 4), value >> 32, 4);
        }
        else
        {
            space.Write(Address(offset), value, size);
        }
    }

    private ulong Address(ulong offset) => (uint)(busBase + offset);
}
