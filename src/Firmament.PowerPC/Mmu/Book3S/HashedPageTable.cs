using System.Buffers.Binary;
using Firmament.Core.Memory;
using Firmament.Core.State;

namespace Firmament.PowerPC.Mmu.Book3S;

/// <summary>
/// The hashed page table of a partition. The hypervisor owns it: it lies in host memory outside the guest's, and the guest changes it
/// by hypercalls only. Source: Power ISA 2.07B Book III-S 5.7.7, LoPAPR 1.1 14.5.4.1.
/// </summary>
/// <remarks>
/// Entries are 16 bytes, big-endian, 8 in a group, in ISA 2.07's format on all CPUs: PAPR's calls use it on ISA 3.0 processors too, and
/// nothing else shows the table to a guest, so that no entry is ever converted.
/// <code>
/// first:  B 0:1 | abbreviated virtual address 2:56 | software 57:60 | L 61 | H 62 | V 63
/// second: pp0 0 | key 2:3 | real page number 4:51 | key 52:54 | R 55 | C 56 | WIMG 57:60 | N 61 | pp 62:63
/// </code>
/// Host memory is committed as groups are used. Not modelled: the AC and tag bits, which ISA 2.07 no longer has.
/// </remarks>
public sealed unsafe partial class HashedPageTable : IStateful, IDisposable
{
    /// <summary>log2 of the smallest table's bytes.</summary>
    public const int LeastShift = 18;

    /// <summary>log2 of the largest table's bytes that the architecture has.</summary>
    public const int MostShift = 46;

    /// <summary>First doubleword: the entry is valid.</summary>
    internal const ulong Valid = 0x1;

    /// <summary>First doubleword: the entry was put where the secondary hash leads.</summary>
    internal const ulong Secondary = 0x2;

    /// <summary>First doubleword: the page is larger than 4 KiB.</summary>
    internal const ulong Large = 0x4;

    /// <summary>First doubleword: software's mark of an entry that a resize keeps.</summary>
    internal const ulong Bolted = 0x10;

    /// <summary>Second doubleword: referenced.</summary>
    internal const ulong Referenced = 0x100;

    /// <summary>Second doubleword: changed.</summary>
    internal const ulong Changed = 0x80;

    /// <summary>Second doubleword: WIMG.</summary>
    internal const ulong StorageControl = 0x78;

    /// <summary>Second doubleword: real page number, with the LP encoding in its low bits.</summary>
    internal const ulong RealPageNumber = 0x0fff_ffff_ffff_f000;

    private const ulong AbbreviatedAddress = 0x3fff_ffff_ffff_ff80;

    // Software bits and L take no part in the comparison. In memory's byte order, as a little-endian host reads it.
    private const ulong Compared = 0x83ff_ffff_ffff_ffff;

    private readonly GuestMemory _memory;
    private readonly ulong* _entries;
    private readonly ulong _groupMask;

    /// <summary>Makes an empty table.</summary>
    /// <param name="shift">log2 of its bytes, 18 to 46.</param>
    /// <param name="largestPageShift">log2 of the largest page the guest may enter: 12, 16 or 24.</param>
    /// <exception cref="InsufficientMemoryException">The host has no room.</exception>
    public HashedPageTable(int shift, int largestPageShift = HashPageSizes.Shift64K)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shift, LeastShift);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shift, MostShift);
        Shift = shift;
        LargestPageShift = largestPageShift;
        _memory = new GuestMemory(1UL << shift);
        _entries = (ulong*)_memory.Base;
        _groupMask = (1UL << (shift - 7)) - 1;
    }

    /// <summary>log2 of the table's bytes.</summary>
    public int Shift { get; }

    /// <summary>log2 of the largest page the guest may enter.</summary>
    public int LargestPageShift { get; }

    /// <summary>Reads an entry; zeros outside the table.</summary>
    /// <param name="index">Group times 8, plus slot.</param>
    /// <param name="first">Its first doubleword.</param>
    /// <param name="second">Its second doubleword.</param>
    public void ReadEntry(ulong index, out ulong first, out ulong second)
    {
        (first, second) = (0, 0);
        if (Contains(index))
        {
            // SAFETY: the index was checked against the table.
            first = BinaryPrimitives.ReverseEndianness(_entries[2 * index]);
            second = BinaryPrimitives.ReverseEndianness(_entries[(2 * index) + 1]);
        }
    }

    /// <summary>Empties the table.</summary>
    public void Clear() => _memory.Clear();

    /// <inheritdoc/>
    public void Visit(StateVisitor state) => state.Memory("entries", _memory);

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    /// <summary>True for the index of an entry.</summary>
    public bool Contains(ulong index) => index >> 3 <= _groupMask;

    /// <summary>Writes an entry; the index must be in the table.</summary>
    internal void WriteEntry(ulong index, ulong first, ulong second)
    {
        // SAFETY: callers check the index.
        _entries[2 * index] = BinaryPrimitives.ReverseEndianness(first);
        _entries[(2 * index) + 1] = BinaryPrimitives.ReverseEndianness(second);
    }

    /// <summary>
    /// Finds the entry of a virtual page: 8 slots where the hash leads, then 8 where its complement leads.
    /// </summary>
    /// <param name="segment">The VSID doubleword of the segment, as slbmte has it.</param>
    /// <param name="ea">The effective address.</param>
    /// <param name="baseShift">log2 of the segment's base page size.</param>
    /// <param name="second">The entry's second doubleword.</param>
    /// <param name="pageShift">log2 of the page's size.</param>
    /// <returns>Where the second doubleword is, in memory's byte order; null when there is no entry.</returns>
    internal ulong* Find(ulong segment, ulong ea, int baseShift, out ulong second, out int pageShift)
    {
        bool terabyte = (segment & Slb.Terabyte) != 0;
        ulong offset = ea & (terabyte ? 0xff_ffff_ffffUL : 0x0fff_ffffUL) & (ulong.MaxValue << baseShift);
        ulong vsid = (segment & ~0xc000_0000_0000_0000) >> (terabyte ? 24 : 12);
        ulong hash = (terabyte ? vsid ^ (vsid << 25) : vsid) ^ (offset >> baseShift);
        ulong wanted = (segment & 0xffff_ffff_ffff_f000) | ((offset >> 16) & AbbreviatedAddress) | Valid;
        for (int pass = 0; pass < 2; pass++)
        {
            // SAFETY: the mask keeps the group in the table.
            ulong* group = _entries + ((hash & _groupMask) << 4);
            ulong pattern = BinaryPrimitives.ReverseEndianness(wanted);
            for (int slot = 0; slot < 16; slot += 2)
            {
                if (((group[slot] ^ pattern) & Compared) != 0)
                {
                    continue;
                }

                second = BinaryPrimitives.ReverseEndianness(group[slot + 1]);
                pageShift = HashPageSizes.PageShift(baseShift, BinaryPrimitives.ReverseEndianness(group[slot]), second);

                // An entry of another base page size does not match: guests leave those behind when they change a segment's size.
                if (pageShift != 0)
                {
                    return group + slot + 1;
                }
            }

            hash = ~hash;
            wanted |= Secondary;
        }

        (second, pageShift) = (0, 0);
        return null;
    }
}
