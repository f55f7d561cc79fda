using System.Runtime.InteropServices;

namespace Firmament.PowerPC.Mmu;

/// <summary>One entry of the software TLB that the engines' fast paths look into: direct-mapped by effective page number.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct TlbEntry
{
    /// <summary>Effective page address that may be read straight from RAM; all ones = none.</summary>
    public ulong ReadTag;

    /// <summary>Effective page address that may be written straight to RAM; all ones = none.</summary>
    public ulong WriteTag;

    /// <summary>Host address minus effective address.</summary>
    public nint Addend;

    /// <summary>Physical page address, with what the slow path needs to know.</summary>
    public ulong Physical;
}
