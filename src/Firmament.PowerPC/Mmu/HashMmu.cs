using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Firmament.Core.Memory;
using Firmament.PowerPC.Exceptions;
using Firmament.PowerPC.Interpreter;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Mmu;

/// <summary>
/// The 32-bit OEA memory management unit: BATs, segments, hashed page table, and in front of them three software TLBs (real,
/// supervisor, user) whose entries point straight into guest RAM. Source: PEM chapter 7, MPC7450 RM chapter 5.
/// </summary>
/// <remarks>
/// The software TLBs play the part of the chip's: a page table change is seen after tlbie, tlbia, a BAT or SDR1 write.
/// Not modelled: HID0[STEN] software table search and HID0[XAEN] 36-bit addresses; setting them is traced.
/// </remarks>
internal sealed unsafe class HashMmu : SoftwareMmu
{
    private const int FetchEntries = SoftTlb.FetchEntries;
    private const int Contexts = 3;
    private const int FetchContexts = 2 * Contexts;
    private const int RealContext = 0;
    private const int SupervisorContext = 1;
    private const int UserContext = 2;
    private const int ContextEntries = SoftTlb.ContextEntries;

    // SAFETY: allocated here, freed in Dispose; the CPU outlives every pointer handed to its state.
    private readonly TlbEntry* _data;
    private readonly TlbEntry* _neverHits;
    private readonly FetchEntry* _fetch;
    private readonly CpuState* _s;
    private readonly GuestMemory _ram;
    private readonly SegmentUse* _usedData;
    private readonly IndexSet[] _usedFetch = new IndexSet[SegmentUse.Segments];
    private readonly SecondTlb _second = new();
    private readonly Bat[] _instructionBats = new Bat[8];
    private readonly Bat[] _dataBats = new Bat[8];
    private int _batCount = 4;
    private ulong _tableBase;
    private uint _tableMask;

    /// <summary>Makes an MMU with nothing mapped.</summary>
    public HashMmu(CpuState* state, GuestMemory ram)
    {
        _s = state;
        _ram = ram;
        _data = (TlbEntry*)NativeMemory.AlignedAlloc((nuint)((Contexts + 1) * ContextEntries * sizeof(TlbEntry)), 64);
        _neverHits = _data + (Contexts * ContextEntries);
        _fetch = (FetchEntry*)NativeMemory.AlignedAlloc((nuint)(FetchContexts * FetchEntries * sizeof(FetchEntry)), 64);
        NativeMemory.Fill(_data, (nuint)((Contexts + 1) * ContextEntries * sizeof(TlbEntry)), 0xff);
        NativeMemory.Fill(_fetch, (nuint)(FetchContexts * FetchEntries * sizeof(FetchEntry)), 0xff);
        _usedData = (SegmentUse*)NativeMemory.AllocZeroed((nuint)sizeof(SegmentUse));
        _usedData->First = _data;
        for (int segment = 0; segment < SegmentUse.Segments; segment++)
        {
            _usedFetch[segment] = new IndexSet(FetchContexts * FetchEntries);
        }
    }

    /// <summary>Points the fast paths at the TLBs of the current MSR.</summary>
    public override void SelectContext()
    {
        ulong msr = _s->Msr;
        int user = (msr & MsrBits.Pr) != 0 ? UserContext : SupervisorContext;
        // Little-endian mode changes addresses: every access takes the slow path.
        _s->Tlb = (msr & MsrBits.Le) != 0 ? _neverHits : _data + (((msr & MsrBits.Dr) != 0 ? user : RealContext) * ContextEntries);
        // A page decodes differently in little-endian mode, so that mode has fetch contexts of its own.
        int fetch = ((msr & MsrBits.Ir) != 0 ? user : RealContext) + ((msr & MsrBits.Le) != 0 ? Contexts : 0);
        _s->FetchTlb = _fetch + (fetch * FetchEntries);
        // Here since a reset clears the state.
        _s->SecondTlb = _second.Entries;
        _s->TlbUse = _usedData;
    }

    /// <summary>Reloads what is derived from SDR1 and the BAT registers, and flushes.</summary>
    /// <param name="highBats">BAT pairs 4 to 7 take part.</param>
    /// <param name="extendedBlocks">The BATs' XBL field counts.</param>
    public void ReloadRegisters(bool highBats, bool extendedBlocks)
    {
        uint sdr1 = (uint)_s->Spr[SprNumber.Sdr1];
        _tableMask = (sdr1 & 0x1ff) << 10 | 0x3ff;
        _tableBase = sdr1 & 0xffff_0000;
        _batCount = highBats ? 8 : 4;
        for (int n = 0; n < 8; n++)
        {
            int low = n < 4 ? SprNumber.Ibat0U + (2 * n) : SprNumber.Ibat4U + (2 * (n - 4));
            _instructionBats[n] = new Bat((uint)_s->Spr[low], (uint)_s->Spr[low + 1], extendedBlocks);
            _dataBats[n] = new Bat((uint)_s->Spr[low + 8], (uint)_s->Spr[low + 9], extendedBlocks);
        }

        Flush();
    }

    /// <summary>mtsr, mtsrin: what was translated through the register goes. The second TLB's entries know it, and stay.</summary>
    public override void WriteSegment(int index, uint value)
    {
        if (_s->Sr[index] != value)
        {
            _s->Sr[index] = value;
            DropSegment(index);
        }
    }

    /// <summary>Drops every translated entry. Real-mode entries depend on nothing and stay.</summary>
    public override void Flush()
    {
        bool any = false;
        for (int segment = 0; segment < SegmentUse.Segments; segment++)
        {
            any |= DropSegment(segment);
        }

        _second.Drop();
        Flushes += any ? 1 : 0;
    }

    /// <summary>Drops every entry of every context.</summary>
    public override void FlushAll()
    {
        NativeMemory.Fill(_data, (nuint)(Contexts * ContextEntries * sizeof(TlbEntry)), 0xff);
        NativeMemory.Fill(_fetch, (nuint)(FetchContexts * FetchEntries * sizeof(FetchEntry)), 0xff);
        Flush();
    }

    /// <summary>tlbie: drops the page's entries in the translated contexts, whatever segment they came through.</summary>
    public override void InvalidatePage(ulong address)
    {
        uint ea = (uint)address;
        // The chip's TLB is indexed by EA[14:19] and tlbie clears that whole set (MPC7450 RM 5.4.4.2).
        uint set = (ea >> 12) & 63;
        _second.DropSet(ea);
        for (int context = SupervisorContext; context <= UserContext; context++)
        {
            for (uint n = set; n < ContextEntries; n += 64)
            {
                _data[(context * ContextEntries) + n].Tag = ulong.MaxValue;
            }

            for (uint n = set; n < FetchEntries; n += 64)
            {
                _fetch[(context * FetchEntries) + n].Tag = ulong.MaxValue;
                _fetch[((Contexts + context) * FetchEntries) + n].Tag = ulong.MaxValue;
            }
        }
    }

    /// <summary>Software TLB loads belong to HID0[STEN], which is not modelled: dropped.</summary>
    public override void LoadTlb(uint ea, bool instruction) =>
        Cpu.From(_s).Tracer.GuestError("mmu", $"{(instruction ? "tlbli" : "tlbld")} of 0x{ea:x8}: software table search is not modelled");

    /// <summary>A page got its first decoded instructions: stores to it must take the slow path from now on.</summary>
    public override void ProtectCodePage(ulong physicalPage)
    {
        for (int context = 0; context < Contexts; context++)
        {
            for (int n = (context * ContextEntries) + SoftTlb.DataEntries; n < (context + 1) * ContextEntries; n++)
            {
                if (_data[n].Tag != ulong.MaxValue && _data[n].Physical == physicalPage)
                {
                    _data[n].Tag = ulong.MaxValue;
                }
            }
        }
    }

    /// <inheritdoc/>
    public override bool TranslateData(ulong address, bool write, out ulong physical, out StorageFault fault)
    {
        uint ea = (uint)address;
        bool translated = (_s->Msr & MsrBits.Dr) != 0;
        bool user = (_s->Msr & MsrBits.Pr) != 0;
        bool bigEndian = (_s->Msr & MsrBits.Le) == 0;
        if (translated && !write && bigEndian && _second.TryFind(_s, ea, out ulong page))
        {
            physical = page | (ea & 0xfff);
            fault = default;
            Remember(ea, page, user ? UserContext : SupervisorContext, false, true);
            return true;
        }

        if (!Translate(ea, translated, user, write ? AccessKind.Store : AccessKind.Load, updateReferenceChange: true, out physical, out bool writable, out uint cause))
        {
            fault = new(StorageFaultKind.Storage, cause | (write ? Interrupts.IsStore : 0));
            return false;
        }

        fault = default;
        if (MatchesBreakpoint(ea, write))
        {
            fault = new(StorageFaultKind.Storage, Interrupts.Breakpoint | (write ? Interrupts.IsStore : 0));
            return false;
        }

        if (bigEndian)
        {
            Fill(ea, physical, translated ? (user ? UserContext : SupervisorContext) : RealContext, write, writable);
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Probe(ulong ea, bool write, out ulong physical)
    {
        physical = 0;
        return ea <= uint.MaxValue
            && Translate((uint)ea, (_s->Msr & MsrBits.Dr) != 0, (_s->Msr & MsrBits.Pr) != 0, write ? AccessKind.Store : AccessKind.Load, false, out physical, out _, out _);
    }

    /// <inheritdoc/>
    public override bool TranslateFetch(ulong ea, out ulong physical, out StorageFault fault)
    {
        bool ok = Translate((uint)ea, (_s->Msr & MsrBits.Ir) != 0, (_s->Msr & MsrBits.Pr) != 0, AccessKind.Fetch, true, out physical, out _, out uint srr1);
        fault = new(StorageFaultKind.Storage, srr1);
        return ok;
    }

    /// <inheritdoc/>
    public override void FillFetch(ulong address, Isa.Insn* insns)
    {
        uint ea = (uint)address;
        int context = (int)((_s->FetchTlb - _fetch) / FetchEntries);
        int index = (context * FetchEntries) + (int)((ea >> 12) & (FetchEntries - 1));
        if (context % Contexts != RealContext)
        {
            _usedFetch[SegmentUse.SegmentOf(ea)].Add(index);
        }

        _fetch[index].Tag = ea & 0xffff_f000;
        _fetch[index].Insns = insns;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        NativeMemory.AlignedFree(_data);
        NativeMemory.AlignedFree(_fetch);
        NativeMemory.Free(_usedData);
        _second.Dispose();
    }

    /// <summary>Drops what was translated in a segment; true if there was anything.</summary>
    private bool DropSegment(int segment)
    {
        IndexSet fetch = _usedFetch[segment];
        bool any = _usedData->Drop(segment) || fetch.Count != 0;
        foreach (int index in fetch.Members)
        {
            if (SegmentUse.SegmentOf(_fetch[index].Tag) == segment)
            {
                _fetch[index].Tag = ulong.MaxValue;
            }
        }

        fetch.Clear();
        return any;
    }

    private bool Translate(
        uint ea, bool translated, bool user, AccessKind kind, bool updateReferenceChange, out ulong physical, out bool writable, out uint cause)
    {
        cause = 0;
        writable = true;
        if (!translated)
        {
            physical = ea;
            return true;
        }

        Walks++;
        ReadOnlySpan<Bat> bats = (kind == AccessKind.Fetch ? _instructionBats : _dataBats).AsSpan(0, _batCount);
        foreach (ref readonly Bat bat in bats)
        {
            if (bat.Matches(ea, user))
            {
                physical = bat.Translate(ea);
                writable = bat.Protection == 2;
                if (bat.Protection == 0 || (kind == AccessKind.Store && !writable))
                {
                    cause = Interrupts.Protection;
                    return false;
                }

                return true;
            }
        }

        return TranslatePage(ea, user, kind, updateReferenceChange, out physical, out writable, out cause);
    }

    private bool TranslatePage(uint ea, bool user, AccessKind kind, bool updateReferenceChange, out ulong physical, out bool writable, out uint cause)
    {
        physical = 0;
        writable = false;
        uint segment = _s->Sr[ea >> 28];
        if ((segment & 0x8000_0000) != 0)
        {
            cause = kind == AccessKind.Fetch ? Interrupts.NoExecute : Interrupts.DirectStore;
            return false;
        }

        if (kind == AccessKind.Fetch && (segment & 0x1000_0000) != 0)
        {
            cause = Interrupts.NoExecute;
            return false;
        }

        bool key = (segment & (user ? 0x2000_0000u : 0x4000_0000u)) != 0;
        uint vsid = segment & 0x00ff_ffff;
        uint hash = (vsid & 0x7_ffff) ^ ((ea >> 12) & 0xffff);
        uint wanted = 0x8000_0000 | (vsid << 7) | ((ea >> 22) & 0x3f);
        for (int secondary = 0; secondary < 2; secondary++)
        {
            ulong group = _tableBase | ((hash & _tableMask) << 6);
            if (!_ram.Contains(group, 64))
            {
                break;
            }

            // SAFETY: the group was checked to lie in RAM.
            uint* entries = (uint*)(_ram.Base + group);
            uint pattern = BinaryPrimitives.ReverseEndianness(wanted | ((uint)secondary << 6));
            for (int slot = 0; slot < 8; slot++)
            {
                if (entries[2 * slot] != pattern)
                {
                    continue;
                }

                uint lower = BinaryPrimitives.ReverseEndianness(entries[(2 * slot) + 1]);
                uint protection = lower & 3;
                bool readable = !(key && protection == 0);
                writable = key ? protection == 2 : protection != 3;
                if (!readable || (kind == AccessKind.Store && !writable))
                {
                    cause = Interrupts.Protection;
                    return false;
                }

                if (kind == AccessKind.Fetch && (lower & 0x08) != 0)
                {
                    cause = Interrupts.NoExecute;
                    return false;
                }

                uint updated = lower | 0x100 | (kind == AccessKind.Store ? 0x80u : 0);
                if (updated != lower && updateReferenceChange)
                {
                    _ram.TryWriteUInt32(new PhysicalAddress(group + (ulong)(8 * slot) + 4), updated);
                }

                // A page not yet changed must fault to here on its first store, to set C.
                writable &= (updated & 0x80) != 0;
                physical = (lower & 0xffff_f000) | (ea & 0xfff);
                cause = 0;
                return true;
            }

            hash = ~hash;
        }

        cause = Interrupts.NotFound;
        return false;
    }

    private void Fill(uint ea, ulong physical, int context, bool write, bool writable)
    {
        ulong page = physical & ~0xffful;
        if (!_ram.Contains(page, GuestMemory.PageSize) || BreakpointOnPage(ea))
        {
            return;
        }

        writable &= _ram.CodeGrains[page >> GuestMemory.PageShift] == 0;
        Remember(ea, page, context, false, !write || IsFree(ea, context, false));
        Remember(ea, page, context, true, writable && (write || IsFree(ea, context, true)));
        if (context != RealContext)
        {
            _second.Add(_s, ea, page, Addend(ea, page));
        }
    }

    private bool IsFree(uint ea, int context, bool write) => _data[(context * ContextEntries) + SoftTlb.Index(ea, write)].Tag == ulong.MaxValue;

    private void Remember(uint ea, ulong page, int context, bool write, bool allowed)
    {
        if (!allowed)
        {
            return;
        }

        int index = (context * ContextEntries) + SoftTlb.Index(ea, write);
        if (context != RealContext)
        {
            _usedData->Add(index, SegmentUse.SegmentOf(ea));
        }

        _data[index].Tag = ea & 0xffff_f000;
        _data[index].Addend = Addend(ea, page);
        _data[index].Physical = page;
    }

    private nint Addend(uint ea, ulong page) => (nint)(_ram.Base + page) - (nint)(ea & 0xffff_f000);

    /// <summary>DABR: bits 0:28 the doubleword, BT translation must match, DW, DR (MPC7450 RM 2.1.5.7).</summary>
    private bool MatchesBreakpoint(uint ea, bool write)
    {
        uint dabr = (uint)_s->Spr[SprNumber.Dabr];
        return (dabr & (write ? 2u : 1u)) != 0
            && (dabr & ~7u) == (ea & ~7u)
            && ((dabr & 4) != 0) == ((_s->Msr & MsrBits.Dr) != 0);
    }

    private bool BreakpointOnPage(uint ea)
    {
        uint dabr = (uint)_s->Spr[SprNumber.Dabr];
        return (dabr & 3) != 0 && ((dabr ^ ea) & 0xffff_f000) == 0;
    }
}
