using System.Buffers.Binary;
using Firmament.Core.Memory;

namespace Firmament.Devices.Buses;

/// <summary>A base address register and what answers behind it.</summary>
public sealed class PciBar
{
    /// <summary>The index of an expansion ROM's register, which is not one of the six.</summary>
    public const int RomIndex = 6;

    /// <summary>Where an expansion ROM's register is in configuration space.</summary>
    public const int RomRegister = 0x30;

    internal PciBar(PciFunction owner, int index, PciSpace space, uint size, IMmioTarget target, bool is64Bit)
    {
        Owner = owner;
        Index = index;
        Space = space;
        Size = size;
        Target = target;
        Is64Bit = is64Bit;
    }

    /// <summary>The function it belongs to.</summary>
    public PciFunction Owner { get; }

    /// <summary>0 to 5, or <see cref="RomIndex"/>.</summary>
    public int Index { get; }

    /// <summary>Its register's place in configuration space.</summary>
    public int ConfigOffset => Index == RomIndex ? RomRegister : 0x10 + (4 * Index);

    /// <summary>I/O or memory.</summary>
    public PciSpace Space { get; }

    /// <summary>Bytes, a power of two.</summary>
    public uint Size { get; }

    /// <summary>What answers; little-endian.</summary>
    public IMmioTarget Target { get; }

    /// <summary>True when the next register holds the upper half of the address.</summary>
    public bool Is64Bit { get; }

    /// <summary>The bus address software set; 0 after reset.</summary>
    public ulong Address => (Register(ConfigOffset) & ~FlagBits) | (Is64Bit ? (ulong)Register(ConfigOffset + 4) << 32 : 0);

    /// <summary>True while the command register lets the function decode this space; a ROM has an enable bit of its own too (PCI 2.2 6.2.5.2).</summary>
    public bool IsEnabled => (Owner.Command & (Space == PciSpace.Io ? 1 : 2)) != 0 && (Index != RomIndex || (Register(RomRegister) & 1) != 0);

    private uint FlagBits => Index == RomIndex ? 0x7ffu : Space == PciSpace.Io ? 3u : 15u;

    private uint Register(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(Owner.Config[offset..]);
}
