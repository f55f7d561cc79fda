using Firmament.Core.Memory;
using Firmament.Devices.Buses;

namespace Firmament.Devices.Bridges;

/// <summary>
/// One CPU address window onto a PCI space: which registers describe it. Base registers hold address bits 31:16 in bits 15:0,
/// sizes are in 64 KiB units minus 1, remap registers hold bus address bits 31:16.
/// </summary>
/// <param name="Bit">The window's bit in register 0x278; 1 closes.</param>
/// <param name="Name">For the memory map.</param>
/// <param name="Bus">0 or 1.</param>
/// <param name="Space">I/O or memory.</param>
/// <param name="Base">Offset of the base register.</param>
/// <param name="Size">Offset of the size register.</param>
/// <param name="Remap">Offset of the low remap register.</param>
internal sealed record Mv64361Window(int Bit, string Name, int Bus, PciSpace Space, uint Base, uint Size, uint Remap)
{
    public static readonly IReadOnlyList<Mv64361Window> All =
    [
        new(9, "pci0-io", 0, PciSpace.Io, 0x048, 0x050, 0x0f0),
        new(10, "pci0-mem0", 0, PciSpace.Memory, 0x058, 0x060, 0x0f8),
        new(11, "pci0-mem1", 0, PciSpace.Memory, 0x080, 0x088, 0x100),
        new(12, "pci0-mem2", 0, PciSpace.Memory, 0x258, 0x260, 0x2f8),
        new(13, "pci0-mem3", 0, PciSpace.Memory, 0x280, 0x288, 0x300),
        new(14, "pci1-io", 1, PciSpace.Io, 0x090, 0x098, 0x108),
        new(15, "pci1-mem0", 1, PciSpace.Memory, 0x0a0, 0x0a8, 0x110),
        new(16, "pci1-mem1", 1, PciSpace.Memory, 0x0b0, 0x0b8, 0x118),
        new(17, "pci1-mem2", 1, PciSpace.Memory, 0x2a0, 0x2a8, 0x310),
        new(18, "pci1-mem3", 1, PciSpace.Memory, 0x2b0, 0x2b8, 0x318),
    ];
}

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
