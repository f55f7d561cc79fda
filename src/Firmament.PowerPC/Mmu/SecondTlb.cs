using System.Runtime.InteropServices;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Mmu;

/// <summary>
/// What stands behind a 32-bit CPU's TLB of loads: more entries, which carry the segment register they were translated with, as the chip's carry the
/// VSID. So they outlive a process switch. Translated code looks here on a miss before it calls anything (Stubs.Refill).
/// </summary>
internal sealed unsafe class SecondTlb : IDisposable
{
    /// <summary>Sets: tlbie names one by EA[14:19].</summary>
    public const int Sets = 64;

    /// <summary>Entries of a set; a hash of EA[4:13] and the segment register names one.</summary>
    public const int Ways = 256;

    /// <summary>In a tag: the entry holds something.</summary>
    public const ulong Valid = 2;

    // SAFETY: allocated here, freed in Dispose; every index is below Sets · Ways.
    private readonly TlbEntry* _entries = (TlbEntry*)NativeMemory.AlignedAlloc((nuint)(Sets * Ways * sizeof(TlbEntry)), 64);
    private readonly bool[] _used = new bool[Sets];

    /// <summary>Makes an empty one.</summary>
    public SecondTlb()
    {
        NativeMemory.Clear(_entries, (nuint)(Sets * Ways * sizeof(TlbEntry)));
    }

    /// <summary>For translated code.</summary>
    public TlbEntry* Entries => _entries;

    /// <summary>Finds the page of a load in the current mode, whose translation is on.</summary>
    public bool TryFind(CpuState* s, uint ea, out ulong page)
    {
        TlbEntry* entry = Entry(s, ea, out ulong tag);
        page = entry->Physical;
        return entry->Tag == tag;
    }

    /// <summary>Remembers a page that may be read.</summary>
    public void Add(CpuState* s, uint ea, ulong page, nint addend)
    {
        TlbEntry* entry = Entry(s, ea, out ulong tag);
        (entry->Tag, entry->Addend, entry->Physical) = (tag, addend, page);
        _used[SetOf(ea)] = true;
    }

    /// <summary>tlbie: empties the set of an address.</summary>
    public void DropSet(uint ea)
    {
        int set = SetOf(ea);
        if (_used[set])
        {
            NativeMemory.Clear(_entries + (set * Ways), (nuint)(Ways * sizeof(TlbEntry)));
            _used[set] = false;
        }
    }

    /// <summary>Empties all of it.</summary>
    public void Drop()
    {
        for (uint set = 0; set < Sets; set++)
        {
            DropSet(set << 12);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => NativeMemory.AlignedFree(_entries);

    private static int SetOf(uint ea) => (int)(ea >> 12) & (Sets - 1);

    private TlbEntry* Entry(CpuState* s, uint ea, out ulong tag)
    {
        uint segment = s->Sr[ea >> 28];
        tag = ((ulong)segment << 32) | (ea & 0xffff_f000) | ((s->Msr & MsrBits.Pr) != 0 ? 1u : 0u) | Valid;
        return _entries + (SetOf(ea) * Ways) + (((ea >> 18) ^ segment) & (Ways - 1));
    }
}
