using Firmament.Core.Hypercalls;

namespace Firmament.PowerPC.Mmu.Book3S;

/// <summary>What the page frame table hypercalls do to a table. They return PAPR's status; callers see to the CPUs' TLBs.</summary>
public sealed partial class HashedPageTable
{
    private const ulong Pp0 = 0x8000_0000_0000_0000;
    private const ulong KeyHigh = 0x3000_0000_0000_0000;
    private const ulong KeyLow = 0x0e00;
    private const ulong NoExecute = 0x4;
    private const ulong Pp = 0x3;
    private const ulong MemoryCoherent = 0x10;
    private const ulong CachingInhibited = 0x20;
    private const ulong WriteThrough = 0x40;

    // The hypervisor's own bits of the first doubleword.
    private const ulong HypervisorBits = 0x60;

    // What H_AVPN compares: all but software's bits, L, H and V.
    private const ulong AvpnMask = ~0x7fUL;

    /// <summary>H_ENTER: adds an entry.</summary>
    /// <param name="flags">Of <see cref="HashTableFlags"/>, Exact counts.</param>
    /// <param name="index">The group, and with Exact the slot.</param>
    /// <param name="first">First doubleword.</param>
    /// <param name="second">Second doubleword. Memory must have WIMG = 0010, anything else I with or without M.</param>
    /// <param name="ramSize">Bytes of memory, from real address 0.</param>
    /// <param name="used">The index it went to.</param>
    /// <returns>H_SUCCESS, H_PARAMETER, H_PTEG_FULL.</returns>
    public long Enter(ulong flags, ulong index, ulong first, ulong second, ulong ramSize, out ulong used)
    {
        used = index;
        if (!HashPageSizes.TryDecode(first, second, out _, out int pageShift) || pageShift > LargestPageShift || first >> 62 > 1)
        {
            return PaprStatus.Parameter;
        }

        bool allowed = RealAddress(second, pageShift) < ramSize
            ? (second & StorageControl) == MemoryCoherent
            : (second & (WriteThrough | CachingInhibited)) == CachingInhibited;
        if (!allowed || !Contains(index))
        {
            return PaprStatus.Parameter;
        }

        bool exact = (flags & HashTableFlags.Exact) != 0;
        ulong slot = exact ? index : index & ~7UL;
        ulong last = exact ? index : index | 7;
        while (IsValid(slot))
        {
            if (slot++ == last)
            {
                return PaprStatus.PtegFull;
            }
        }

        used = slot;
        WriteEntry(slot, (first & ~HypervisorBits) | Valid, second);
        return PaprStatus.Success;
    }

    /// <summary>H_REMOVE: takes an entry out.</summary>
    /// <param name="flags">Of <see cref="HashTableFlags"/>, Avpn and AndCondition count.</param>
    /// <param name="index">The entry.</param>
    /// <param name="value">What the flags compare with.</param>
    /// <param name="first">Its first doubleword; written on success only.</param>
    /// <param name="second">Its second.</param>
    /// <returns>H_SUCCESS, H_PARAMETER, H_NOT_FOUND.</returns>
    public long Remove(ulong flags, ulong index, ulong value, out ulong first, out ulong second)
    {
        long status = Match(flags, index, value, out first, out second);
        if (status == PaprStatus.Success)
        {
            WriteEntry(index, 0, 0);
        }

        return status;
    }

    /// <summary>H_PROTECT: changes protection, no-execute and key of an entry. R and C stay.</summary>
    /// <param name="flags">Avpn; the new pp1, pp2 and N in bits 61:63, key in 52:54 and (from bit 48 up) 2:3, pp0 in bit 55 down.</param>
    /// <param name="index">The entry.</param>
    /// <param name="avpn">What Avpn compares with.</param>
    /// <param name="page">The page changed.</param>
    /// <returns>H_SUCCESS, H_PARAMETER, H_NOT_FOUND.</returns>
    public long Protect(ulong flags, ulong index, ulong avpn, out SegmentPage page)
    {
        page = default;
        long status = Match(flags & HashTableFlags.Avpn, index, avpn, out ulong first, out ulong second);
        if (status == PaprStatus.Success)
        {
            second &= ~(Pp0 | KeyHigh | KeyLow | NoExecute | Pp);
            second |= ((flags << 55) & Pp0) | ((flags << 48) & KeyHigh) | (flags & (KeyLow | NoExecute | Pp));
            WriteEntry(index, first, second);
            page = PageOf(index, first, second);
        }

        return status;
    }

    /// <summary>H_CLEAR_REF, H_CLEAR_MOD: clears the R or the C bit of an entry.</summary>
    /// <param name="index">The entry.</param>
    /// <param name="changed">True for C, false for R.</param>
    /// <param name="second">The second doubleword as it was.</param>
    /// <param name="page">The page changed.</param>
    /// <returns>H_SUCCESS, H_PARAMETER, H_NOT_FOUND.</returns>
    public long ClearBit(ulong index, bool changed, out ulong second, out SegmentPage page)
    {
        page = default;
        long status = Match(0, index, 0, out ulong first, out second);
        if (status == PaprStatus.Success)
        {
            WriteEntry(index, first, second & ~(changed ? Changed : Referenced));
            page = PageOf(index, first, second);
        }

        return status;
    }

    /// <summary>
    /// The page an entry maps, by its place in the segment: the abbreviated address has the bits from 2^23 up, where the entry lies has
    /// those below.
    /// </summary>
    public SegmentPage PageOf(ulong index, ulong first, ulong second) =>
        TryLocate(index, first, second, out ulong offset, out _, out int pageShift)
            ? new SegmentPage(offset & (ulong.MaxValue << pageShift), pageShift)
            : new SegmentPage(0, 40);

    /// <summary>The real addresses a valid entry maps; nothing for one that is not valid.</summary>
    public (ulong Address, ulong Length) RealRangeOf(ulong index)
    {
        ReadEntry(index, out ulong first, out ulong second);
        return (first & Valid) != 0 && HashPageSizes.TryDecode(first, second, out _, out int pageShift)
            ? (RealAddress(second, pageShift), 1UL << pageShift)
            : (0, 0);
    }

    internal static ulong RealAddress(ulong second, int pageShift) => second & RealPageNumber & (ulong.MaxValue << pageShift);

    /// <summary>The segment offset of an entry to its base page, and its whole hash.</summary>
    private bool TryLocate(ulong index, ulong first, ulong second, out ulong offset, out ulong hash, out int pageShift)
    {
        (offset, hash) = (0, 0);
        if (!HashPageSizes.TryDecode(first, second, out int baseShift, out pageShift) || first >> 62 > 1)
        {
            return false;
        }

        ulong group = (first & Secondary) != 0 ? ~(index >> 3) : index >> 3;
        ulong address = (first & AbbreviatedAddress) >> 7;
        bool terabyte = first >> 62 == 1;
        int segmentBits = terabyte ? 40 - 23 : 28 - 23;
        ulong vsid = address >> segmentBits;
        ulong key = terabyte ? vsid ^ (vsid << 25) : vsid;
        offset = (address & ((1UL << segmentBits) - 1)) << 23;
        if (baseShift < 23)
        {
            // The smallest table's 11 bits of hash are all bits of the offset that the address leaves out.
            offset |= (((key ^ group) & _groupMask) << baseShift) & 0x7f_ffff;
        }

        hash = key ^ (offset >> baseShift);
        return true;
    }

    private bool IsValid(ulong index)
    {
        ReadEntry(index, out ulong first, out _);
        return (first & Valid) != 0;
    }

    private long Match(ulong flags, ulong index, ulong value, out ulong first, out ulong second)
    {
        ReadEntry(index, out first, out second);
        if (!Contains(index))
        {
            return PaprStatus.Parameter;
        }

        bool differs = (flags & HashTableFlags.Avpn) != 0 && (first & AvpnMask) != value;
        bool forbidden = (flags & HashTableFlags.AndCondition) != 0 && (first & value) != 0;
        return (first & Valid) == 0 || differs || forbidden ? PaprStatus.NotFound : PaprStatus.Success;
    }
}
