using System.Runtime.InteropServices;
using Firmament.PowerPC.Isa;

namespace Firmament.PowerPC.Mmu;

/// <summary>One entry of the fetch TLB: an effective page and its decoded instructions.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct FetchEntry
{
    /// <summary>Effective page address; all ones = none.</summary>
    public ulong Tag;

    /// <summary>The page's decoded instructions.</summary>
    public Insn* Insns;
}
