using Firmament.PowerPC.Exceptions;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Mmu.Book3S;

/// <summary>
/// Translation of one CPU by its SLB and the partition's hashed page table. Source: Power ISA 2.07B Book III-S 5.7.5 to 5.7.9.
/// </summary>
/// <param name="slb">The CPU's SLB.</param>
/// <param name="registers">The CPU's AMR and IAMR.</param>
/// <param name="partition">Holds the table.</param>
internal sealed class HashTranslator(Slb slb, TranslationRegisters registers, PartitionTranslation partition) : IStorageTranslator
{
    /// <inheritdoc/>
    public bool Translate(ulong ea, AccessKind kind, ulong msr, bool updateReferenceChange, out StorageTranslation result, out StorageFault fault)
    {
        fault = default;
        if (!slb.TryFind(ea, out ulong segment))
        {
            result = default;
            fault = new StorageFault(StorageFaultKind.Segment, 0);
            return false;
        }

        uint causes = Interrupts.NotFound | (kind == AccessKind.Store ? Interrupts.IsStore : 0);
        result = default;
        if (partition.HashTable is { } table
            && table.Translate(ea, segment, kind, (msr & MsrBits.Pr) != 0, registers, updateReferenceChange, out result, out causes))
        {
            return true;
        }

        fault = new StorageFault(StorageFaultKind.Storage, causes);
        return false;
    }
}
