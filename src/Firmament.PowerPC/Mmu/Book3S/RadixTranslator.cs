using System.Buffers.Binary;
using Firmament.Core.Memory;
using Firmament.PowerPC.Exceptions;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Mmu.Book3S;

/// <summary>
/// Translation of one CPU by the radix trees behind the partition's process table, MSR[HV] = 0. Source: Power ISA 3.0B Book III 5.7.10
/// to 5.7.13, and for the shape of trees POWER9 Processor User's Manual 4.10.4.1.
/// </summary>
/// <remarks>
/// The tree translates 52 bits: a root of 13, two directories of 9, and 9 (4 KiB pages) or 5 (64 KiB). Other shapes, and tables outside
/// memory, are configurations this CPU does not support. A walk reads at most four entries, so that a tree that leads back to itself ends.
/// Entries: V 0, leaf 1, then of a leaf the real page number 7:51, R 55, C 56, attributes 58:59 (00 normal, 01 SAO, 10 non-idempotent,
/// 11 tolerant), EAA 60:63 (privileged, read, read and write, execute); of a directory the next one 4:55 and its size 59:63.
/// R and C are set by the CPU.
/// </remarks>
/// <param name="ram">The partition's memory.</param>
/// <param name="registers">The CPU's PID, AMR and IAMR.</param>
/// <param name="partition">Holds the process table's place.</param>
internal sealed unsafe class RadixTranslator(GuestMemory ram, TranslationRegisters registers, PartitionTranslation partition) : IStorageTranslator
{
    private const ulong Valid = 0x8000_0000_0000_0000;
    private const ulong Leaf = 0x4000_0000_0000_0000;
    private const ulong RealPageNumber = 0x01ff_ffff_ffff_f000;
    private const ulong NextTable = 0x0fff_ffff_ffff_ff00;
    private const ulong SizeMask = 0x1f;
    private const ulong Referenced = 0x100;
    private const ulong Changed = 0x80;
    private const ulong Attributes = 0x30;
    private const ulong NonIdempotent = 0x20;
    private const ulong CachingInhibited = 0x20;
    private const ulong Privileged = 0x8;
    private const ulong Read = 0x4;
    private const ulong ReadWrite = 0x2;
    private const ulong Execute = 0x1;

    // AMR and IAMR bits of key 0, the only key of a radix tree.
    private const ulong NoStores = 0x8000_0000_0000_0000;
    private const ulong NoLoads = 0x4000_0000_0000_0000;
    private const ulong NoFetches = 0x4000_0000_0000_0000;

    private const int AddressBits = 52;
    private const ulong Quadrant = 0xc000_0000_0000_0000;

    // Bits between the quadrant and the 52 that a tree translates.
    private const ulong Untranslated = 0x3ff0_0000_0000_0000;

    /// <inheritdoc/>
    public bool Translate(ulong ea, AccessKind kind, ulong msr, bool updateReferenceChange, out StorageTranslation result, out StorageFault fault)
    {
        result = default;
        ulong quadrant = ea & Quadrant;
        if ((ea & Untranslated) != 0 || (quadrant != 0 && quadrant != Quadrant))
        {
            fault = new StorageFault(StorageFaultKind.Segment, 0);
            return false;
        }

        uint causes = Walk(ea, quadrant == 0 ? registers.Pid : 0, out ulong leafAt, out ulong leaf, out int pageShift);
        bool readable = false;
        bool writable = false;
        bool executable = false;
        if (causes == 0)
        {
            Permit(leaf, (msr & MsrBits.Pr) != 0, out readable, out writable, out executable);
            causes = kind switch
            {
                AccessKind.Fetch => executable ? 0 : FetchCause(leaf),
                AccessKind.Store => writable ? 0 : Interrupts.Protection,
                _ => readable ? 0 : Interrupts.Protection,
            };
        }

        if (causes != 0)
        {
            fault = new StorageFault(StorageFaultKind.Storage, causes | (kind == AccessKind.Store ? Interrupts.IsStore : 0));
            return false;
        }

        ulong updated = leaf | Referenced | (kind == AccessKind.Store ? Changed : 0);
        if (updateReferenceChange && updated != leaf)
        {
            _ = ram.TryWriteUInt64(new PhysicalAddress(leafAt), updated);
            leaf = updated;
        }

        ulong inPage = (1UL << pageShift) - 1;
        fault = default;
        result = new StorageTranslation(
            (leaf & RealPageNumber & ~inPage) | (ea & inPage),
            pageShift,
            Writable: writable && (leaf & Changed) != 0,
            Executable: executable,
            CacheInhibited: (leaf & CachingInhibited) != 0);
        return true;
    }

    /// <summary>What a leaf allows: its encoded access authority and, for supervisor accesses to user pages, key 0 (3.0B Book III 5.7.13.3).</summary>
    private void Permit(ulong leaf, bool problemState, out bool readable, out bool writable, out bool executable)
    {
        bool reachable = !problemState || (leaf & Privileged) == 0;
        readable = reachable && (leaf & (Read | ReadWrite)) != 0;
        writable = reachable && (leaf & ReadWrite) != 0;
        executable = reachable && (leaf & Execute) != 0 && (leaf & Attributes) != NonIdempotent;
        if (!problemState && (leaf & Privileged) == 0)
        {
            readable &= (registers.Amr & NoLoads) == 0;
            writable &= (registers.Amr & NoStores) == 0;
            executable &= (registers.Iamr & NoFetches) == 0;
        }
    }

    /// <summary>Guarded storage and pages without execute authority are no-execute; privilege and the key are protection.</summary>
    private static uint FetchCause(ulong leaf) =>
        (leaf & Execute) == 0 || (leaf & Attributes) == NonIdempotent ? Interrupts.NoExecute : Interrupts.Protection;

    /// <summary>Walks from the process table to a leaf. Returns the cause of a storage interrupt, 0 when there is a leaf.</summary>
    private uint Walk(ulong ea, ulong pid, out ulong leafAt, out ulong leaf, out int pageShift)
    {
        (leafAt, leaf, pageShift) = (0, 0, 0);
        ulong tableSize = partition.ProcessTableSize;
        if (pid >= tableSize >> 4)
        {
            return Interrupts.NotFound;
        }

        ulong processTable = partition.ProcessTable;
        if ((processTable & (tableSize - 1)) != 0 || !TryRead(processTable + (pid << 4), out ulong table))
        {
            return Book3SCause.BadConfiguration;
        }

        int treeSize = (int)(((table >> 58) & 0x18) | ((table >> 5) & 7)) + 31;
        int shift = AddressBits;
        for (int level = 0; level < 4; level++)
        {
            int bits = (int)(table & SizeMask);
            bool supported = level switch
            {
                0 => treeSize == AddressBits && bits == 13,
                3 => bits is 9 or 5,
                _ => bits == 9,
            };
            if (!supported)
            {
                return Book3SCause.BadConfiguration;
            }

            shift -= bits;
            // A table is aligned to its size; address bits below are not looked at.
            ulong at = (table & NextTable & (ulong.MaxValue << (bits + 3))) + (((ea >> shift) & ((1UL << bits) - 1)) << 3);
            if (!TryRead(at, out ulong entry))
            {
                return Book3SCause.BadConfiguration;
            }

            if ((entry & Valid) == 0)
            {
                return Interrupts.NotFound;
            }

            if ((entry & Leaf) != 0)
            {
                (leafAt, leaf, pageShift) = (at, entry, shift);
                // The root maps no pages: 512 GiB is not a page size of this CPU.
                return level == 0 ? Book3SCause.BadConfiguration : 0;
            }

            table = entry;
        }

        return Book3SCause.BadConfiguration;
    }

    private bool TryRead(ulong address, out ulong value)
    {
        if (!ram.Contains(address, sizeof(ulong)))
        {
            value = 0;
            return false;
        }

        // SAFETY: the address was checked to lie in RAM.
        value = BinaryPrimitives.ReverseEndianness(*(ulong*)(ram.Base + address));
        return true;
    }
}
