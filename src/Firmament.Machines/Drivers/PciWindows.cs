using Firmament.Core.Memory;
using Firmament.Machines.Placement;

namespace Firmament.Machines.Drivers;

/// <summary>Where the CPU sees the address spaces of a PCI bus.</summary>
/// <param name="Map">The CPU's address space.</param>
/// <param name="Config">Configuration cycles on the bus.</param>
/// <param name="Io">CPU address of port 0.</param>
/// <param name="Memory">CPU address of the memory window.</param>
/// <param name="MemoryBus">Bus address of the memory window.</param>
/// <param name="MemoryLength">Bytes of the memory window, at least twice <see cref="SpareLength"/>.</param>
internal sealed record PciWindows(MemoryMap Map, IConfigAccess Config, ulong Io, ulong Memory, ulong MemoryBus, ulong MemoryLength)
{
    /// <summary>The end of the memory window, where functions without addresses get some while a driver of the firmware's uses them: 1 MiB each.</summary>
    public const uint SpareLength = 256 << 20;

    /// <summary>Bytes of memory space for one function.</summary>
    public const uint SpareMemory = 1 << 20;

    /// <summary>Bytes of memory space for a card with more registers than <see cref="SpareMemory"/> holds: below the end's part, one in eight slots at a time.</summary>
    public const uint LargeSpareMemory = 32 << 20;

    /// <summary>Bytes of I/O space for one function.</summary>
    public const uint SpareIo = 0x80;

    /// <summary>Spare ports begin above all that is fixed.</summary>
    private const uint FirstSpareIo = 0x4000;

    /// <summary>Bus address of a function's own part of the memory window.</summary>
    public uint SpareMemoryOf(int devfn) => (uint)(MemoryBus + MemoryLength - SpareLength + ((uint)devfn * SpareMemory));

    /// <summary>Bus address for a function that needs much, shared by slots that are eight apart.</summary>
    public uint LargeSpareOf(int devfn) => (uint)(MemoryBus + MemoryLength - (2ul * SpareLength) + (((uint)devfn >> 3 & 7) * LargeSpareMemory));

    /// <summary>A function's own ports.</summary>
    public static uint SpareIoOf(int devfn) => FirstSpareIo + ((uint)devfn * SpareIo);
}
