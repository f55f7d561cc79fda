using Firmament.Core.Hypercalls;
using Firmament.Core.Memory;
using Firmament.Firmware.Hypercalls;
using Firmament.PowerPC;
using Firmament.PowerPC.Mmu;
using Firmament.PowerPC.Mmu.Book3S;

namespace Firmament.Machines.Pseries.Hypercalls;

/// <summary>
/// Hypercalls of memory: the hashed page table, its resizing, the process table of radix guests, page initialisation, cache-inhibited
/// accesses. Source: LoPAPR 1.1 14.5.4.1 to 14.5.4.3, 14.5.4.6; PAPR+ for H_RPT_INVALIDATE.
/// </summary>
/// <remarks>
/// What the table holds is decided in <see cref="HashedPageTable"/> and <see cref="PartitionTranslation"/>; here arguments are fetched,
/// and the CPUs told which pages to forget. A radix guest has no table: the calls for it answer H_FUNCTION.
/// Not modelled: H_CLEAN_SLB, H_INVALIDATE_PID (segment tables) and nested H_RPT_INVALIDATE; they answer H_FUNCTION.
/// </remarks>
/// <param name="translation">The partition's translation.</param>
/// <param name="memory">Its logical real addresses.</param>
/// <param name="processors">Its CPUs.</param>
internal sealed class MemoryHypercalls(PartitionTranslation translation, MemoryMap memory, IReadOnlyList<IPartitionProcessor> processors)
{
    private const int BulkRemoveRequests = 4;

    /// <summary>Adds the rows.</summary>
    public void AddTo(HypercallTable table)
    {
        table.Add(0x004, "H_REMOVE", 3, 2, Remove);
        table.Add(0x008, "H_ENTER", 4, 1, Enter);
        table.Add(0x00c, "H_READ", 2, 8, Read);
        table.Add(0x010, "H_CLEAR_MOD", 2, 1, call => ClearBit(call, changed: true));
        table.Add(0x014, "H_CLEAR_REF", 2, 1, call => ClearBit(call, changed: false));
        table.Add(0x018, "H_PROTECT", 3, 0, Protect);
        table.Add(0x02c, "H_PAGE_INIT", 3, 0, InitializePage);
        table.Add(0x03c, "H_LOGICAL_CI_LOAD", 2, 1, Load);
        table.Add(0x040, "H_LOGICAL_CI_STORE", 3, 0, Store);
        table.Add(0x044, "H_LOGICAL_CACHE_LOAD", 2, 1, Load);
        table.Add(0x048, "H_LOGICAL_CACHE_STORE", 3, 0, Store);
        // Caches are not modelled, and stores drop decoded code.
        table.Add(0x04c, "H_LOGICAL_ICBI", 1, 0, static _ => PaprStatus.Success);
        table.Add(0x050, "H_LOGICAL_DCBF", 1, 0, static _ => PaprStatus.Success);
        table.Add(0x124, "H_BULK_REMOVE", 8, 8, BulkRemove);
        table.Add(0x36c, "H_RESIZE_HPT_PREPARE", 2, 0, call => translation.PrepareResize(call[0], call[1]));
        table.Add(0x370, "H_RESIZE_HPT_COMMIT", 2, 0, CommitResize);
        table.Add(0x374, "H_CLEAN_SLB", 0, 0, static _ => PaprStatus.Function);
        table.Add(0x378, "H_INVALIDATE_PID", 1, 0, static _ => PaprStatus.Function);
        table.Add(0x37c, "H_REGISTER_PROC_TBL", 4, 0, RegisterProcessTable);
        table.Add(0x448, "H_RPT_INVALIDATE", 6, 0, InvalidateRadix);
    }

    private long Enter(HypercallCall call)
    {
        if (translation.HashTable is not { } table)
        {
            return PaprStatus.Function;
        }

        ulong flags = call[0];
        ulong second = call[3];
        long status = table.Enter(flags, call[1], call[2], second, memory.Ram.Size, out ulong used);
        if (status != PaprStatus.Success)
        {
            return status;
        }

        // A CPU remembers only what it found, so that a new entry is nothing to forget.
        call.Return(0, used);
        if ((flags & HashTableFlags.ZeroPage) != 0)
        {
            Zero(table.RealRangeOf(used));
        }

        return status;
    }

    private long Remove(HypercallCall call)
    {
        if (translation.HashTable is not { } table)
        {
            return PaprStatus.Function;
        }

        long status = table.Remove(call[0], call[1], call[2], out ulong first, out ulong second);
        if (status == PaprStatus.Success)
        {
            Forget(table.PageOf(call[1], first, second));
            call.Return(0, first);
            call.Return(1, second);
        }

        return status;
    }

    private long Read(HypercallCall call)
    {
        if (translation.HashTable is not { } table)
        {
            return PaprStatus.Function;
        }

        bool four = (call[0] & HashTableFlags.ReadFour) != 0;
        ulong index = four ? call[1] & ~3UL : call[1];
        if (!table.Contains(index))
        {
            return PaprStatus.Parameter;
        }

        for (int n = 0; n < (four ? 4 : 1); n++)
        {
            table.ReadEntry(index + (ulong)n, out ulong first, out ulong second);
            call.Return(2 * n, first);
            call.Return((2 * n) + 1, second);
        }

        return PaprStatus.Success;
    }

    private long ClearBit(HypercallCall call, bool changed)
    {
        if (translation.HashTable is not { } table)
        {
            return PaprStatus.Function;
        }

        long status = table.ClearBit(call[1], changed, out ulong second, out SegmentPage page);
        if (status == PaprStatus.Success)
        {
            Forget(page);
            call.Return(0, second);
        }

        return status;
    }

    private long Protect(HypercallCall call)
    {
        if (translation.HashTable is not { } table)
        {
            return PaprStatus.Function;
        }

        long status = table.Protect(call[0], call[1], call[2], out SegmentPage page);
        if (status == PaprStatus.Success)
        {
            Forget(page);
        }

        return status;
    }

    /// <summary>Up to four removals; each request becomes its response, in place.</summary>
    private long BulkRemove(HypercallCall call)
    {
        const ulong TypeMask = 0xc000_0000_0000_0000, Request = 0x4000_0000_0000_0000, Response = 0x8000_0000_0000_0000;
        const ulong AndCondition = 0x0100_0000_0000_0000, Avpn = 0x0200_0000_0000_0000, IndexMask = 0x00ff_ffff_ffff_ffff;
        const ulong NotFound = 0x1000_0000_0000_0000, BadParameter = 0x2000_0000_0000_0000;
        if (translation.HashTable is not { } table)
        {
            return PaprStatus.Function;
        }

        for (int n = 0; n < BulkRemoveRequests; n++)
        {
            ulong request = call[2 * n];
            if ((request & TypeMask) == TypeMask)
            {
                break;
            }

            if ((request & TypeMask) != Request)
            {
                return PaprStatus.Parameter;
            }

            ulong flags = (request & (AndCondition | Avpn)) >> 26;
            ulong index = request & IndexMask;
            ulong response = (request & (AndCondition | Avpn | IndexMask)) | Response;
            ulong first = 0, second = 0;
            long status = flags == (HashTableFlags.AndCondition | HashTableFlags.Avpn)
                ? PaprStatus.Parameter
                : table.Remove(flags, index, call[(2 * n) + 1], out first, out second);
            switch (status)
            {
                case PaprStatus.Success:
                    Forget(table.PageOf(index, first, second));
                    // R and C, which are 0x180 there, to bits 4:5 here.
                    call.Return(2 * n, response | ((second & 0x180) << 51));
                    break;
                case PaprStatus.NotFound:
                    call.Return(2 * n, response | NotFound);
                    break;
                default:
                    call.Return(2 * n, response | BadParameter);
                    return status;
            }
        }

        return PaprStatus.Success;
    }

    private long CommitResize(HypercallCall call)
    {
        long status = translation.CommitResize(call[0], call[1]);
        if (status == PaprStatus.Success)
        {
            ForgetAll();
        }

        return status;
    }

    private long RegisterProcessTable(HypercallCall call)
    {
        long status = translation.RegisterProcessTable(call[0], call[1], call[2], call[3]);
        if (status != PaprStatus.Success)
        {
            return status;
        }

        foreach (IPartitionProcessor processor in processors)
        {
            processor.Lpcr = (processor.Lpcr & ~PartitionTranslation.LpcrMask) | translation.LpcrBits;
            processor.InvalidateTranslations();
        }

        return status;
    }

    /// <summary>H_RPT_INVALIDATE: process ID, target, type, page sizes, first and last address of a radix guest's translations.</summary>
    private long InvalidateRadix(HypercallCall call)
    {
        const ulong Cores = 1, CallerOnly = 2, Accelerators = 4;
        const ulong Nested = 1, Translations = 2, WalkCache = 4, ProcessTableEntry = 8;
        const ulong MostBytes = 0x4_0000;
        (ulong target, ulong type, ulong start, ulong end) = (call[1], call[2], call[4], call[5]);
        if (!translation.IsRadix)
        {
            return PaprStatus.Unsupported;
        }

        if (end < start)
        {
            return PaprStatus.Parameter5;
        }

        if ((type & Nested) != 0)
        {
            return PaprStatus.Function;
        }

        if (target == 0 || (target & ~(Cores | CallerOnly | Accelerators)) != 0)
        {
            return PaprStatus.Parameter2;
        }

        if (type == 0 || (type & ~(Translations | WalkCache | ProcessTableEntry)) != 0)
        {
            return PaprStatus.Parameter3;
        }

        foreach (IPartitionProcessor processor in processors)
        {
            if ((target & Cores) == 0 && !((target & CallerOnly) != 0 && processor.Index == call.Processor.Index))
            {
                continue;
            }

            if (type != Translations || end - start > MostBytes)
            {
                processor.InvalidateTranslations();
                continue;
            }

            const int Shift = 16;
            for (ulong page = start >> Shift; page <= end >> Shift; page++)
            {
                processor.InvalidatePage(page << Shift, Shift);
            }
        }

        return PaprStatus.Success;
    }

    /// <summary>H_PAGE_INIT: zeroes a 4 KiB page, or copies one. Both flags: copies.</summary>
    private long InitializePage(HypercallCall call)
    {
        const ulong Known = HashTableFlags.InvalidateInstructionCache | HashTableFlags.SynchronizeInstructionCache
            | HashTableFlags.ZeroPage | HashTableFlags.CopyPage;
        (ulong flags, ulong destination, ulong source) = (call[0], call[1], call[2]);
        if ((flags & ~Known) != 0 || !IsPage(destination))
        {
            return PaprStatus.Parameter;
        }

        if ((flags & HashTableFlags.CopyPage) == 0)
        {
            if ((flags & HashTableFlags.ZeroPage) != 0)
            {
                _ = memory.Ram.TryFill(new PhysicalAddress(destination), GuestMemory.PageSize, 0);
            }

            return PaprStatus.Success;
        }

        if (!IsPage(source))
        {
            return PaprStatus.Parameter;
        }

        Span<byte> page = stackalloc byte[GuestMemory.PageSize];
        _ = memory.Ram.TryRead(new PhysicalAddress(source), page);
        _ = memory.Ram.TryWrite(new PhysicalAddress(destination), page);
        return PaprStatus.Success;
    }

    private long Load(HypercallCall call)
    {
        if (call[0] is not (1 or 2 or 4 or 8))
        {
            return PaprStatus.Parameter;
        }

        ulong value = memory.Read(new PhysicalAddress(call[1]), (int)call[0], out bool answered);
        if (!answered)
        {
            return PaprStatus.Parameter;
        }

        call.Return(0, value);
        return PaprStatus.Success;
    }

    private long Store(HypercallCall call) =>
        call[0] is 1 or 2 or 4 or 8 && memory.Write(new PhysicalAddress(call[1]), call[2], (int)call[0]) ? PaprStatus.Success : PaprStatus.Parameter;

    private bool IsPage(ulong address) => (address & (GuestMemory.PageSize - 1)) == 0 && memory.Ram.Contains(address, GuestMemory.PageSize);

    private void Zero((ulong Address, ulong Length) page)
    {
        if (page.Address < memory.Ram.Size)
        {
            _ = memory.Ram.TryFill(new PhysicalAddress(page.Address), Math.Min(page.Length, memory.Ram.Size - page.Address), 0);
        }
    }

    private void Forget(SegmentPage page)
    {
        foreach (IPartitionProcessor processor in processors)
        {
            processor.InvalidatePage(page.Offset, page.PageShift);
        }
    }

    private void ForgetAll()
    {
        foreach (IPartitionProcessor processor in processors)
        {
            processor.InvalidateTranslations();
        }
    }
}
