using Firmament.PowerPC.Exceptions;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Mmu.Book3S;

/// <summary>
/// Accesses of a partition with relocation off (MSR[HV] = 0): the effective address, without its top 4 bits, is the logical real one.
/// Source: Power ISA 2.07B Book III-S 5.7.3, 3.0B Book III 5.7.3.
/// </summary>
/// <remarks>
/// A hash partition reaches only its real mode area, or with LPCR[VPM0] what entries of VSID 0x1ffffff map: the virtual real mode area.
/// A radix partition reaches every logical real address, since the hypervisor's tree is behind all of them.
/// </remarks>
/// <param name="registers">The CPU's AMR and IAMR, for the virtual real mode area.</param>
/// <param name="partition">Holds the real mode area's size.</param>
internal sealed class RealModeTranslator(TranslationRegisters registers, PartitionTranslation partition) : IStorageTranslator
{
    private const ulong AddressMask = ulong.MaxValue >> 4;

    /// <inheritdoc/>
    public bool Translate(ulong ea, AccessKind kind, ulong msr, bool updateReferenceChange, out StorageTranslation result, out StorageFault fault)
    {
        ulong address = ea & AddressMask;
        fault = default;
        if (!partition.IsRadix && partition.VirtualRealModeSegment is { } segment)
        {
            uint causes = Interrupts.NotFound | (kind == AccessKind.Store ? Interrupts.IsStore : 0);
            result = default;
            bool reachable = address < 1UL << 40;
            if (reachable && partition.HashTable is { } table
                && table.Translate(address, segment, kind, (msr & MsrBits.Pr) != 0, registers, updateReferenceChange, out result, out causes))
            {
                return true;
            }

            fault = new StorageFault(StorageFaultKind.Storage, causes);
            return false;
        }

        if (!partition.IsRadix && address >= partition.RealModeArea)
        {
            result = default;
            fault = new StorageFault(StorageFaultKind.Storage, Interrupts.Protection | (kind == AccessKind.Store ? Interrupts.IsStore : 0));
            return false;
        }

        result = new StorageTranslation(address, HashPageSizes.Shift4K, Writable: true, Executable: true, CacheInhibited: false);
        return true;
    }
}
