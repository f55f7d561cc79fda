using System.Runtime.InteropServices;

namespace Firmament.PowerPC.Mmu;

/// <summary>
/// Which entries of a 32-bit CPU's translated data TLBs hold addresses of which segment, so that writing a segment register drops those and no others.
/// Translated code adds to it when it fills an entry from the <see cref="SecondTlb"/>.
/// </summary>
/// <remarks>An entry that another segment took over stays in the first one's list, at most once: its tag says whose it is.</remarks>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct SegmentUse
{
    /// <summary>Segments of an address space: EA[0:3].</summary>
    public const int Segments = 16;

    /// <summary>Entries that can be in use; they are numbered from <see cref="First"/>.</summary>
    public const int Entries = 3 * SoftTlb.ContextEntries;

    /// <summary>Entry 0.</summary>
    public TlbEntry* First;

    /// <summary>Length of each segment's list.</summary>
    public fixed int Counts[Segments];

    /// <summary>For each entry, bit n: the list of segment n has it.</summary>
    public fixed ushort Listed[Entries];

    /// <summary>The lists, one behind the other.</summary>
    public fixed ushort Members[Segments * Entries];

    /// <summary>The segment of an effective address.</summary>
    public static int SegmentOf(ulong ea) => (int)((uint)ea >> 28);

    /// <summary>Puts an entry into the list of a segment; nothing happens when it is there.</summary>
    public void Add(int entry, int segment)
    {
        ushort bit = (ushort)(1 << segment);
        if ((Listed[entry] & bit) == 0)
        {
            Listed[entry] |= bit;
            Members[(segment * Entries) + Counts[segment]++] = (ushort)entry;
        }
    }

    /// <summary>Empties a segment's entries and its list; true if there were any.</summary>
    public bool Drop(int segment)
    {
        int count = Counts[segment];
        for (int n = 0; n < count; n++)
        {
            int entry = Members[(segment * Entries) + n];
            Listed[entry] &= (ushort)~(1 << segment);
            if (SegmentOf(First[entry].Tag) == segment)
            {
                First[entry].Tag = ulong.MaxValue;
            }
        }

        Counts[segment] = 0;
        return count != 0;
    }
}
