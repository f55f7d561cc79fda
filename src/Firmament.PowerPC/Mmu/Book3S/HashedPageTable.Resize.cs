using Firmament.Core.Hypercalls;

namespace Firmament.PowerPC.Mmu.Book3S;

/// <summary>Moving a partition to a table of another size.</summary>
public sealed partial class HashedPageTable
{
    /// <summary>
    /// H_RESIZE_HPT_COMMIT: enters the bolted entries of this table into a new one, in the slot they have here. The others are dropped;
    /// the guest enters them again when it misses them.
    /// </summary>
    /// <param name="target">A new, empty table.</param>
    /// <returns>H_SUCCESS, or H_PTEG_FULL when two bolted entries meet in one slot of a smaller table.</returns>
    public long CopyBoltedTo(HashedPageTable target)
    {
        const ulong Kept = Valid | Bolted;
        for (ulong index = 0; Contains(index); index++)
        {
            ReadEntry(index, out ulong first, out ulong second);
            if ((first & Kept) != Kept || !TryLocate(index, first, second, out _, out ulong hash, out _))
            {
                continue;
            }

            ulong group = ((first & Secondary) != 0 ? ~hash : hash) & target._groupMask;
            ulong to = (group << 3) | (index & 7);
            if (target.IsValid(to))
            {
                return PaprStatus.PtegFull;
            }

            target.WriteEntry(to, first, second);
        }

        return PaprStatus.Success;
    }
}
