using System.Runtime.InteropServices;

namespace Firmament.PowerPC.Mmu;

/// <summary>One entry of the software TLB that the engines' fast paths look into: direct-mapped by effective page number.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct TlbEntry
{
    /// <summary>Effective page address that may be read, or written, straight in RAM; all ones = none.</summary>
    public ulong Tag;

    /// <summary>Host address minus effective address.</summary>
    public nint Addend;

    /// <summary>Physical page address.</summary>
    public ulong Physical;

    /// <summary>Makes the entry's size a power of two, so that an index becomes an offset by a shift.</summary>
    private readonly ulong _unused;
}
