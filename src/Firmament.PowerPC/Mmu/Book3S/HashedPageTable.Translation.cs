using System.Buffers.Binary;
using Firmament.PowerPC.Exceptions;

namespace Firmament.PowerPC.Mmu.Book3S;

/// <summary>Translation of one access once its segment is known: search, protection, R and C.</summary>
public sealed unsafe partial class HashedPageTable
{
    private const ulong Guarded = 0x8;

    // Which of the 8 values of pp0..pp2 allow loads (and fetches) and stores, by the key (2.07B Book III-S 5.7.9.1, figure 28).
    private const uint ReadableWithoutKey = 0b0100_1111;
    private const uint ReadableWithKey = 0b0000_1110;
    private const uint WritableWithoutKey = 0b0000_0111;
    private const uint WritableWithKey = 0b0000_0100;

    /// <summary>Translates an access in a segment.</summary>
    /// <param name="ea">The effective address.</param>
    /// <param name="segment">The segment's VSID doubleword, as slbmte has it.</param>
    /// <param name="kind">What the access does.</param>
    /// <param name="problemState">MSR[PR].</param>
    /// <param name="registers">AMR and IAMR.</param>
    /// <param name="updateReferenceChange">True to set R and C.</param>
    /// <param name="result">Where it leads.</param>
    /// <param name="causes">DSISR's or SRR1's bits of a storage interrupt.</param>
    internal bool Translate(
        ulong ea, ulong segment, AccessKind kind, bool problemState, TranslationRegisters registers, bool updateReferenceChange,
        out StorageTranslation result, out uint causes)
    {
        result = default;
        if (kind == AccessKind.Fetch && (segment & Slb.NoExecute) != 0)
        {
            causes = Interrupts.NoExecute;
            return false;
        }

        ulong* entry = Find(segment, ea, HashPageSizes.BaseShift(segment), out ulong second, out int pageShift);
        if (entry == null)
        {
            causes = Interrupts.NotFound | (kind == AccessKind.Store ? Interrupts.IsStore : 0);
            return false;
        }

        bool key = (segment & (problemState ? Slb.ProblemKey : Slb.SupervisorKey)) != 0;
        int pp = (int)((second & Pp) | ((second & Pp0) >> 61));
        bool readable = (((key ? ReadableWithKey : ReadableWithoutKey) >> pp) & 1) != 0;
        bool writable = (((key ? WritableWithKey : WritableWithoutKey) >> pp) & 1) != 0;
        bool executable = readable && (second & (NoExecute | Guarded)) == 0;

        int keyShift = 62 - (2 * (int)(((second & KeyHigh) >> 57) | ((second & KeyLow) >> 9)));
        uint amr = (uint)(registers.Amr >> keyShift) & 3;
        bool fetchKey = ((registers.Iamr >> keyShift) & 1) != 0;

        causes = kind switch
        {
            AccessKind.Fetch => FetchCauses(second, readable, fetchKey),
            AccessKind.Store => (writable ? 0 : Interrupts.Protection) | ((amr & 2) != 0 ? Book3SCause.KeyProtection : 0),
            _ => (readable ? 0 : Interrupts.Protection) | ((amr & 1) != 0 ? Book3SCause.KeyProtection : 0),
        };
        if (causes != 0)
        {
            causes |= kind == AccessKind.Store ? Interrupts.IsStore : 0;
            return false;
        }

        ulong updated = second | Referenced | (kind == AccessKind.Store ? Changed : 0);
        if (updateReferenceChange && updated != second)
        {
            // SAFETY: Find gave a doubleword of the table.
            *entry = BinaryPrimitives.ReverseEndianness(updated);
            second = updated;
        }

        ulong inPage = (1UL << pageShift) - 1;
        result = new StorageTranslation(
            RealAddress(second, pageShift) | (ea & inPage),
            pageShift,
            Writable: writable && (amr & 2) == 0 && (second & Changed) != 0,
            Executable: executable && !fetchKey,
            CacheInhibited: (second & CachingInhibited) != 0);
        return true;
    }

    /// <summary>SRR1 says no-execute or the pp bits, in this order, and the key beside either (2.07B Book III-S 6.5.5).</summary>
    private static uint FetchCauses(ulong second, bool readable, bool fetchKey)
    {
        uint causes = (second & (NoExecute | Guarded)) != 0 ? Interrupts.NoExecute : readable ? 0 : Interrupts.Protection;
        return causes | (fetchKey ? Book3SCause.KeyProtection : 0);
    }
}
