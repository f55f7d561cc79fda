using System.Runtime.InteropServices;
using Firmament.Core.Memory;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Mmu.Book3S;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Mmu;

/// <summary>
/// The software TLBs of a 64-bit CPU, in front of the translators of Book III-S. Contexts carry what an entry's validity depends on
/// (process, problem state, keys; for fetches the mode too), so that changing it throws nothing away; the one not used for longest makes
/// room for another. Entries are of 4 KiB whatever the page's size is, and point only into guest RAM.
/// </summary>
internal sealed unsafe class Book3SMmu : SoftwareMmu
{
    private const int DataContexts = 16;
    private const int FetchContexts = 24;
    private const ulong Translated = 1ul << 63;
    private const ulong Problem = 1ul << 62;
    private const int KeyShift = 58;
    private const int ModeShift = 48;
    private const ulong PidMask = 0xffff_ffff;
    private const ulong NoTag = ulong.MaxValue;

    // SAFETY: allocated here, freed in Dispose; the CPU outlives every pointer handed to its state.
    private readonly TlbEntry* _data;
    private readonly FetchEntry* _fetch;
    private readonly CpuState* _s;
    private readonly GuestMemory _ram;
    private readonly PartitionTranslation _partition;
    private readonly HashTranslator _hash;
    private readonly RadixTranslator _radix;
    private readonly RealModeTranslator _real;
    private readonly TlbContextSet _dataContexts = new(DataContexts, SoftTlb.ContextEntries);
    private readonly TlbContextSet _fetchContexts = new(FetchContexts, SoftTlb.FetchEntries);
    private int _dataContext;
    private int _fetchContext;
    private ulong _watchedFirst = NoTag;
    private ulong _watchedLast;
    private ulong _steppedPage = NoTag;

    /// <summary>Makes an MMU that remembers nothing.</summary>
    public Book3SMmu(CpuState* state, GuestMemory ram, PartitionTranslation partition)
    {
        _s = state;
        _ram = ram;
        _partition = partition;
        _hash = new HashTranslator(Slb, Registers, partition);
        _radix = new RadixTranslator(ram, Registers, partition);
        _real = new RealModeTranslator(Registers, partition);
        _data = (TlbEntry*)NativeMemory.AlignedAlloc((nuint)(DataContexts * SoftTlb.ContextEntries * sizeof(TlbEntry)), 64);
        _fetch = (FetchEntry*)NativeMemory.AlignedAlloc((nuint)(FetchContexts * SoftTlb.FetchEntries * sizeof(FetchEntry)), 64);
        NativeMemory.Fill(_data, (nuint)(DataContexts * SoftTlb.ContextEntries * sizeof(TlbEntry)), 0xff);
        NativeMemory.Fill(_fetch, (nuint)(FetchContexts * SoftTlb.FetchEntries * sizeof(FetchEntry)), 0xff);
    }

    /// <summary>The segment lookaside buffer.</summary>
    public Slb Slb { get; } = new();

    /// <summary>PID, AMR and IAMR, where the translators find them.</summary>
    public TranslationRegisters Registers { get; } = new();

    /// <inheritdoc/>
    public override void SelectContext()
    {
        ulong msr = _s->Msr;
        bool user = (msr & MsrBits.Pr) != 0;
        ulong space = 0;
        if (_partition.IsRadix)
        {
            // Key 0 guards problem-state pages from supervisor accesses; Linux turns it on and off around each copy.
            ulong keys = user ? 0 : (Registers.Amr >> 62) | ((Registers.Iamr >> 62 & 1) << 2);
            space = (Registers.Pid & PidMask) | (keys << KeyShift);
        }

        ulong state = Translated | (user ? Problem : 0) | space;
        ulong data = (msr & MsrBits.Dr) != 0 ? state : 0;
        ulong fetch = ((msr & MsrBits.Ir) != 0 ? state : 0) | ((ulong)_s->Mode << ModeShift);
        if (!_dataContexts.TryFind(data, out _dataContext))
        {
            _dataContext = _dataContexts.Replace(data);
            FlushData(_dataContext);
        }

        if (!_fetchContexts.TryFind(fetch, out _fetchContext))
        {
            _fetchContext = _fetchContexts.Replace(fetch);
            FlushFetch(_fetchContext);
        }

        _s->Tlb = _data + (_dataContext * SoftTlb.ContextEntries);
        _s->FetchTlb = _fetch + (_fetchContext * SoftTlb.FetchEntries);
    }

    /// <inheritdoc/>
    public override void Flush()
    {
        Flushes++;
        for (int n = 0; n < DataContexts; n++)
        {
            if ((_dataContexts.Key(n) & Translated) != 0)
            {
                FlushData(n);
            }
        }

        for (int n = 0; n < FetchContexts; n++)
        {
            if ((_fetchContexts.Key(n) & Translated) != 0)
            {
                FlushFetch(n);
            }
        }
    }

    /// <inheritdoc/>
    public override void FlushAll()
    {
        Flushes++;
        for (int n = 0; n < DataContexts; n++)
        {
            FlushData(n);
        }

        for (int n = 0; n < FetchContexts; n++)
        {
            FlushFetch(n);
        }
    }

    /// <summary>Drops what was translated for a process; process 0 is in every context, since its addresses are in every address space.</summary>
    public void FlushProcess(ulong pid)
    {
        if ((pid & PidMask) == 0)
        {
            Flush();
            return;
        }

        Flushes++;
        for (int n = 0; n < DataContexts; n++)
        {
            if (Belongs(_dataContexts.Key(n), pid))
            {
                FlushData(n);
            }
        }

        for (int n = 0; n < FetchContexts; n++)
        {
            if (Belongs(_fetchContexts.Key(n), pid))
            {
                FlushFetch(n);
            }
        }
    }

    /// <summary>Drops every translated entry whose address agrees with <paramref name="ea"/> in the bits of <paramref name="mask"/>.</summary>
    public void InvalidateRange(ulong ea, ulong mask)
    {
        if (mask == ~0xffful)
        {
            InvalidatePage(ea);
            return;
        }

        for (int n = 0; n < DataContexts; n++)
        {
            if ((_dataContexts.Key(n) & Translated) == 0)
            {
                continue;
            }

            foreach (int used in _dataContexts.Used(n).Members)
            {
                TlbEntry* entry = _data + (n * SoftTlb.ContextEntries) + used;
                if (((entry->Tag ^ ea) & mask) == 0)
                {
                    entry->Tag = NoTag;
                }
            }
        }

        for (int n = 0; n < FetchContexts; n++)
        {
            if ((_fetchContexts.Key(n) & Translated) == 0)
            {
                continue;
            }

            foreach (int used in _fetchContexts.Used(n).Members)
            {
                FetchEntry* entry = _fetch + (n * SoftTlb.FetchEntries) + used;
                if (((entry->Tag ^ ea) & mask) == 0)
                {
                    entry->Tag = NoTag;
                }
            }
        }
    }

    /// <summary>Drops one page's entries, in whatever address space.</summary>
    public override void InvalidatePage(ulong ea)
    {
        ulong tag = ea & ~0xffful;
        for (int n = 0; n < DataContexts; n++)
        {
            if ((_dataContexts.Key(n) & Translated) != 0)
            {
                Forget(n, tag, write: false);
                Forget(n, tag, write: true);
            }
        }

        for (int n = 0; n < FetchContexts; n++)
        {
            FetchEntry* entry = _fetch + (n * SoftTlb.FetchEntries) + ((uint)(ea >> 12) & (SoftTlb.FetchEntries - 1));
            if (entry->Tag == tag && (_fetchContexts.Key(n) & Translated) != 0)
            {
                entry->Tag = NoTag;
            }
        }
    }

    /// <inheritdoc/>
    public override void ProtectCodePage(ulong physicalPage)
    {
        for (int n = 0; n < DataContexts; n++)
        {
            foreach (int used in _dataContexts.Used(n).Members)
            {
                TlbEntry* entry = _data + (n * SoftTlb.ContextEntries) + used;
                if (used >= SoftTlb.DataEntries && entry->Tag != NoTag && entry->Physical == physicalPage)
                {
                    entry->Tag = NoTag;
                }
            }
        }
    }

    /// <summary>
    /// Keeps pages with a watched byte out of the data TLBs, so that each access to them takes the slow path, where it is compared; the
    /// fast path compares nothing.
    /// </summary>
    /// <param name="first">Effective address of the first byte; above <paramref name="last"/> for none.</param>
    /// <param name="last">Of the last.</param>
    public void WatchData(ulong first, ulong last)
    {
        (_watchedFirst, _watchedLast) = first > last ? (NoTag, 0) : (first & ~0xffful, last | 0xfff);
        for (int n = 0; n < DataContexts; n++)
        {
            foreach (int used in _dataContexts.Used(n).Members)
            {
                TlbEntry* entry = _data + (n * SoftTlb.ContextEntries) + used;
                if (IsWatched(entry->Tag))
                {
                    entry->Tag = NoTag;
                }
            }
        }
    }

    /// <summary>Keeps a page out of the fetch TLBs, so that execution comes to it by the dispatcher only.</summary>
    /// <param name="page">Effective address of the page; all ones for none.</param>
    public void StepPage(ulong page)
    {
        _steppedPage = page;
        for (int n = 0; n < FetchContexts; n++)
        {
            foreach (int used in _fetchContexts.Used(n).Members)
            {
                FetchEntry* entry = _fetch + (n * SoftTlb.FetchEntries) + used;
                entry->Tag = entry->Tag == page ? NoTag : entry->Tag;
            }
        }
    }

    /// <inheritdoc/>
    public override bool TranslateData(ulong ea, bool write, out ulong physical, out StorageFault fault)
    {
        AccessKind kind = write ? AccessKind.Store : AccessKind.Load;
        if (!Translate(ea, MsrBits.Dr, kind, true, out StorageTranslation found, out fault))
        {
            physical = 0;
            return false;
        }

        physical = found.Physical;
        ulong page = physical & ~0xffful;
        if (_ram.Contains(page, GuestMemory.PageSize) && !IsWatched(ea & ~0xffful))
        {
            Remember(ea, page, write: false, !write || (found.Writable && IsFree(ea, false)));
            Remember(ea, page, write: true, found.Writable && _ram.CodeGrains[page >> GuestMemory.PageShift] == 0 && (write || IsFree(ea, true)));
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool TranslateFetch(ulong ea, out ulong physical, out StorageFault fault)
    {
        bool ok = Translate(ea, MsrBits.Ir, AccessKind.Fetch, true, out StorageTranslation found, out fault);
        physical = found.Physical;
        return ok;
    }

    /// <inheritdoc/>
    public override bool Probe(ulong ea, bool write, out ulong physical)
    {
        ulong address = (_s->Msr & MsrBits.Sf) != 0 ? ea : (uint)ea;
        bool ok = Translate(address, MsrBits.Dr, write ? AccessKind.Store : AccessKind.Load, false, out StorageTranslation found, out _);
        physical = found.Physical;
        return ok;
    }

    /// <inheritdoc/>
    public override void FillFetch(ulong ea, Insn* insns)
    {
        int index = (int)(ea >> 12) & (SoftTlb.FetchEntries - 1);
        _fetchContexts.Used(_fetchContext).Add(index);
        FetchEntry* entry = _fetch + (_fetchContext * SoftTlb.FetchEntries) + index;
        ulong page = ea & ~0xffful;
        entry->Tag = page == _steppedPage ? NoTag : page;
        entry->Insns = insns;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        NativeMemory.AlignedFree(_data);
        NativeMemory.AlignedFree(_fetch);
    }

    private bool IsWatched(ulong page) => page >= _watchedFirst && page <= _watchedLast;

    private static bool Belongs(ulong key, ulong pid) => (key & Translated) != 0 && ((key ^ pid) & PidMask) == 0;

    private bool Translate(ulong ea, ulong relocation, AccessKind kind, bool update, out StorageTranslation found, out StorageFault fault)
    {
        ulong msr = _s->Msr;
        if ((msr & relocation) == 0)
        {
            return _real.Translate(ea, kind, msr, update, out found, out fault);
        }

        Walks++;
        return _partition.IsRadix
            ? _radix.Translate(ea, kind, msr, update, out found, out fault)
            : _hash.Translate(ea, kind, msr, update, out found, out fault);
    }

    private bool IsFree(ulong ea, bool write) => _data[(_dataContext * SoftTlb.ContextEntries) + SoftTlb.Index(ea, write)].Tag == NoTag;

    private void Remember(ulong ea, ulong page, bool write, bool allowed)
    {
        if (!allowed)
        {
            return;
        }

        int index = SoftTlb.Index(ea, write);
        _dataContexts.Used(_dataContext).Add(index);
        TlbEntry* entry = _data + (_dataContext * SoftTlb.ContextEntries) + index;
        entry->Tag = ea & ~0xffful;
        entry->Addend = (nint)(_ram.Base + page) - (nint)(ea & ~0xffful);
        entry->Physical = page;
    }

    private void Forget(int context, ulong tag, bool write)
    {
        TlbEntry* entry = _data + (context * SoftTlb.ContextEntries) + SoftTlb.Index(tag, write);
        if (entry->Tag == tag)
        {
            entry->Tag = NoTag;
        }
    }

    private void FlushData(int context)
    {
        IndexSet used = _dataContexts.Used(context);
        foreach (int index in used.Members)
        {
            _data[(context * SoftTlb.ContextEntries) + index].Tag = NoTag;
        }

        used.Clear();
    }

    private void FlushFetch(int context)
    {
        IndexSet used = _fetchContexts.Used(context);
        foreach (int index in used.Members)
        {
            _fetch[(context * SoftTlb.FetchEntries) + index].Tag = NoTag;
        }

        used.Clear();
    }
}
