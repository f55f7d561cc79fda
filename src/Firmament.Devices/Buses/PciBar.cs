using System.Buffers.Binary;
using Firmament.Core.Memory;

namespace Firmament.Devices.Buses;

/// <summary>A base address register and what answers behind it.</summary>
public sealed class PciBar
{
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

    /// <summary>0 to 5.</summary>
    public int Index { get; }

    /// <summary>I/O or memory.</summary>
    public PciSpace Space { get; }

    /// <summary>Bytes, a power of two.</summary>
    public uint Size { get; }

    /// <summary>What answers; little-endian.</summary>
    public IMmioTarget Target { get; }

    /// <summary>True when the next register holds the upper half of the address.</summary>
    public bool Is64Bit { get; }

    /// <summary>The bus address software set; 0 after reset.</summary>
    public ulong Address => (Register(Index) & ~(Space == PciSpace.Io ? 3u : 15u)) | (Is64Bit ? (ulong)Register(Index + 1) << 32 : 0);

    /// <summary>True while the command register lets the function decode this space.</summary>
    public bool IsEnabled => (Owner.Command & (Space == PciSpace.Io ? 1 : 2)) != 0;

    private uint Register(int index) => BinaryPrimitives.ReadUInt32LittleEndian(Owner.Config[(0x10 + (4 * index))..]);
}
