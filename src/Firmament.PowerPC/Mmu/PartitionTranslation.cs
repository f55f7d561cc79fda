using Firmament.Core.Hypercalls;
using Firmament.Core.State;
using Firmament.PowerPC.Mmu.Book3S;

namespace Firmament.PowerPC.Mmu;

/// <summary>
/// How a partition's effective addresses become real ones: a hashed page table that the hypervisor keeps, or radix trees that the guest
/// keeps behind a process table. One object, shared by all CPUs of the partition. Source: Power ISA 3.0B Book III chapter 5.
/// </summary>
/// <remarks>A partition begins with hash translation and no table; the machine makes one (<see cref="ResetToHash"/>) before a CPU runs.</remarks>
public sealed class PartitionTranslation : IStateful, IDisposable
{
    // B = 01, VSID 0x1ffffff (2.07B Book III-S 5.7.3.3).
    private const ulong VirtualRealModeVsid = 0x4001_ffff_ff00_0000;

    private const ulong UprtBit = 0x40_0000;
    private const ulong HrBit = 0x10_0000;
    private const ulong GtseBit = 0x400;

    private bool _isRadix;
    private bool _guestInvalidates;
    private ulong _processTable;
    private ulong _processTableSize;
    private HashedPageTable? _hashTable;
    private HashedPageTable? _preparedTable;

    /// <summary>True for radix translation (LPCR[HR]).</summary>
    public bool IsRadix
    {
        get => _isRadix;
        set => _isRadix = value;
    }

    /// <summary>True when the guest may invalidate translations itself (LPCR[GTSE]).</summary>
    public bool GuestInvalidates
    {
        get => _guestInvalidates;
        set => _guestInvalidates = value;
    }

    /// <summary>Logical real address of the process table; 0 while none is registered.</summary>
    public ulong ProcessTable
    {
        get => _processTable;
        set => _processTable = value;
    }

    /// <summary>Bytes of the process table; 0 while none is registered.</summary>
    public ulong ProcessTableSize
    {
        get => _processTableSize;
        set => _processTableSize = value;
    }

    /// <summary>The hashed page table; null for a radix partition.</summary>
    public HashedPageTable? HashTable => _hashTable;

    /// <summary>log2 of the bytes a hashed page table has from the start, 18 to 46. 2^23 suits 1 GiB of memory.</summary>
    public int HashTableShift { get; init; } = 23;

    /// <summary>True when the guest may resize its table (the machine offers it: hcall-hpt-resize).</summary>
    public bool AllowsResize { get; init; } = true;

    /// <summary>log2 of the largest page a hash guest may enter: 12, 16 or 24.</summary>
    public int LargestHashPageShift { get; init; } = HashPageSizes.Shift64K;

    /// <summary>True on CPUs of ISA 3.0, which have radix trees and process tables.</summary>
    public bool HasRadix { get; init; } = true;

    /// <summary>Bytes from address 0 that a hash guest reaches with relocation off; radix guests reach all.</summary>
    public ulong RealModeArea { get; init; } = ulong.MaxValue;

    /// <summary>LPCR[VRMASD]'s L||LP (0x100, 0x30) when real mode goes through the table (LPCR[VPM0]); null, the usual, when it does not.</summary>
    public uint? VirtualRealModePages { get; init; }

    /// <summary>Called when the mode or a whole table changed: every CPU must choose its translator anew and forget translations.</summary>
    public event Action? Changed;

    /// <summary>LPCR's UPRT, HR and GTSE as they follow from the mode.</summary>
    public ulong LpcrBits => (_isRadix ? UprtBit | HrBit : 0) | (_guestInvalidates ? GtseBit : 0);

    /// <summary>The bits of LPCR that <see cref="LpcrBits"/> speaks for.</summary>
    public static ulong LpcrMask => UprtBit | HrBit | GtseBit;

    /// <summary>The segment real mode goes through; null when it goes straight to the real mode area.</summary>
    internal ulong? VirtualRealModeSegment => VirtualRealModePages is { } pages ? VirtualRealModeVsid | (pages & 0x130) : null;

    /// <summary>Machine reset: hash translation with an empty table of the first size, nothing registered.</summary>
    /// <exception cref="InsufficientMemoryException">The host has no room for the table.</exception>
    public void ResetToHash()
    {
        (_isRadix, _guestInvalidates, _processTable, _processTableSize) = (false, false, 0, 0);
        Discard(ref _preparedTable);
        MakeTable(HashTableShift);
        Changed?.Invoke();
    }

    /// <summary>Client-architecture-support chose radix: the hashed page table goes.</summary>
    public void ResetToRadix()
    {
        (_isRadix, _guestInvalidates, _processTable, _processTableSize) = (true, false, 0, 0);
        Discard(ref _preparedTable);
        Discard(ref _hashTable);
        Changed?.Invoke();
    }

    /// <summary>H_REGISTER_PROC_TBL. The caller sets <see cref="LpcrBits"/> in all CPUs after success.</summary>
    /// <param name="flags">0x10 modify, 0x08 register, 0x04 radix, 0x02 hash with segment tables, 0x01 the guest invalidates.</param>
    /// <param name="table">Logical real address.</param>
    /// <param name="pageSize">Page size encoding of a table in virtual memory; 0.</param>
    /// <param name="size">log2 of its bytes, minus 12; at most 24.</param>
    /// <returns>H_SUCCESS, H_FUNCTION, H_PARAMETER, H_P2 to H_P4, H_NO_MEM.</returns>
    public long RegisterProcessTable(ulong flags, ulong table, ulong pageSize, ulong size)
    {
        const ulong Modify = 0x10, Register = 0x08, Radix = 0x04, SegmentTables = 0x02, Gtse = 0x01;
        bool radix = (flags & Radix) != 0;
        if (!HasRadix)
        {
            return PaprStatus.Function;
        }

        if ((flags & ~(Modify | Register | Radix | SegmentTables | Gtse)) != 0)
        {
            return PaprStatus.Parameter;
        }

        (ulong newTable, ulong newSize, bool newRadix) = (_processTable, _processTableSize, _isRadix);
        switch (flags & (Modify | Register))
        {
            case Modify | Register:
                long status = CheckProcessTable(radix, (flags & SegmentTables) != 0, table, pageSize, size);
                if (status != PaprStatus.Success)
                {
                    return status;
                }

                (newTable, newSize, newRadix) = (radix ? table : 0, radix ? 0x1000UL << (int)size : 0, radix);
                break;
            case Modify:
                (newTable, newSize) = (0, 0);
                break;
            default:
                // Nothing changes but the guest's right to invalidate, and only in the mode it is in.
                if (radix != _isRadix || (flags & SegmentTables) != 0)
                {
                    return PaprStatus.Parameter;
                }

                break;
        }

        if (!TrySwitch(newRadix))
        {
            return PaprStatus.NoMemory;
        }

        (_processTable, _processTableSize, _guestInvalidates) = (newTable, newSize, (flags & Gtse) != 0);
        Changed?.Invoke();
        return PaprStatus.Success;
    }

    /// <summary>H_RESIZE_HPT_PREPARE: makes a table of another size ready, or with 0 drops the one made ready. Done at once.</summary>
    /// <returns>H_SUCCESS, H_AUTHORITY, H_NOT_AVAILABLE, H_PARAMETER, H_RESOURCE, H_NO_MEM.</returns>
    public long PrepareResize(ulong flags, ulong shift)
    {
        long status = CheckResize(flags);
        if (status != PaprStatus.Success)
        {
            return status;
        }

        if (shift != 0 && shift is < HashedPageTable.LeastShift or > HashedPageTable.MostShift)
        {
            return PaprStatus.Parameter;
        }

        // Twice the first size is enough for any use, and keeps a guest from taking the host's memory.
        if (shift > (ulong)HashTableShift + 1)
        {
            return PaprStatus.Resource;
        }

        if (shift == (ulong)(_preparedTable?.Shift ?? 0))
        {
            return PaprStatus.Success;
        }

        Discard(ref _preparedTable);
        _preparedTable = shift == 0 ? null : TryMake((int)shift);
        return shift == 0 || _preparedTable != null ? PaprStatus.Success : PaprStatus.NoMemory;
    }

    /// <summary>H_RESIZE_HPT_COMMIT: moves the bolted entries to the table made ready, which becomes the partition's.</summary>
    /// <returns>H_SUCCESS, H_AUTHORITY, H_NOT_AVAILABLE, H_PARAMETER, H_CLOSED (none of this size is ready), H_PTEG_FULL.</returns>
    public long CommitResize(ulong flags, ulong shift)
    {
        long status = CheckResize(flags);
        if (status != PaprStatus.Success)
        {
            return status;
        }

        if (_preparedTable is not { } prepared || (ulong)prepared.Shift != shift)
        {
            return PaprStatus.Closed;
        }

        status = _hashTable!.CopyBoltedTo(prepared);
        if (status != PaprStatus.Success)
        {
            Discard(ref _preparedTable);
            return status;
        }

        Discard(ref _hashTable);
        (_hashTable, _preparedTable) = (prepared, null);
        Changed?.Invoke();
        return status;
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Field("radix", ref _isRadix);
        state.Field("guest-invalidates", ref _guestInvalidates);
        state.Field("process-table", ref _processTable);
        state.Field("process-table-size", ref _processTableSize);
        VisitTable(state, "hash-table", ref _hashTable);
        VisitTable(state, "prepared-table", ref _preparedTable);
        if (state.IsLoading)
        {
            Changed?.Invoke();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Discard(ref _hashTable);
        Discard(ref _preparedTable);
    }

    private static void Discard(ref HashedPageTable? table)
    {
        table?.Dispose();
        table = null;
    }

    private static long CheckProcessTable(bool radix, bool segmentTables, ulong table, ulong pageSize, ulong size)
    {
        if (radix)
        {
            return (table & 0xfff) != 0 || table >> 60 != 0 ? PaprStatus.Parameter2
                : pageSize != 0 ? PaprStatus.Parameter3
                : size > 24 ? PaprStatus.Parameter4
                : PaprStatus.Success;
        }

        if (segmentTables)
        {
            // Not modelled: segment tables in memory; no guest uses them under PAPR.
            return PaprStatus.Parameter;
        }

        return table != 0 ? PaprStatus.Parameter2 : pageSize != 0 ? PaprStatus.Parameter3 : size != 0 ? PaprStatus.Parameter4 : PaprStatus.Success;
    }

    private long CheckResize(ulong flags) =>
        !AllowsResize ? PaprStatus.Authority
        : _hashTable == null ? PaprStatus.NotAvailable
        : flags != 0 ? PaprStatus.Parameter
        : PaprStatus.Success;

    private bool TrySwitch(bool radix)
    {
        if (radix)
        {
            Discard(ref _preparedTable);
            Discard(ref _hashTable);
        }
        else if (_hashTable == null)
        {
            _hashTable = TryMake(HashTableShift);
            if (_hashTable == null)
            {
                return false;
            }
        }

        _isRadix = radix;
        return true;
    }

    private void MakeTable(int shift)
    {
        if (_hashTable?.Shift == shift)
        {
            _hashTable.Clear();
            return;
        }

        Discard(ref _hashTable);
        _hashTable = new HashedPageTable(shift, LargestHashPageShift);
    }

    private HashedPageTable? TryMake(int shift)
    {
        try
        {
            return new HashedPageTable(shift, LargestHashPageShift);
        }
        catch (InsufficientMemoryException)
        {
            return null;
        }
    }

    private void VisitTable(StateVisitor state, string name, ref HashedPageTable? table)
    {
        int shift = table?.Shift ?? 0;
        state.Field(name + "-shift", ref shift);
        if (state.IsLoading && shift != (table?.Shift ?? 0))
        {
            Discard(ref table);
            if (shift != 0)
            {
                table = shift >= HashedPageTable.LeastShift && shift <= HashTableShift + 1
                    ? new HashedPageTable(shift, LargestHashPageShift)
                    : throw new StateFormatException(name, $"its size of 2^{shift} bytes does not fit this machine's memory");
            }
        }

        if (table != null)
        {
            state.Component(name, table);
        }
    }
}
