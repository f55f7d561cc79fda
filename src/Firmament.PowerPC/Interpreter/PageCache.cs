using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Firmament.Core.Memory;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;
using Firmament.PowerPC.Translator;

namespace Firmament.PowerPC.Interpreter;

/// <summary>
/// Decoded instructions by physical page. A page is allocated when something first executes in it and decoded run by run, as
/// execution reaches each; overwriting a 64-byte grain that holds decoded code makes the whole page undecoded again.
/// </summary>
/// <remarks>
/// A run is a straight line up to a branch, a context change or the page's end. Each decoded instruction knows how many are
/// left of its run, so that a run is charged against the budget once, when it is entered, and still counted exactly.
/// </remarks>
internal sealed unsafe class PageCache : IDisposable
{
    /// <summary>Instructions in a page; one more entry follows, which goes on to the next page.</summary>
    public const int PageInsns = GuestMemory.PageSize / 4;

    // 32 bytes an instruction: 4096 pages are 134 MB, more code than a G4 guest of 512 MB keeps hot.
    private const int MostPages = 4096;

    private readonly GuestMemory _ram;
    private readonly Decoder _decoder;
    private readonly Engine _engine;
    private readonly Dictionary<ulong, nint> _pages = [];
    private readonly List<nint> _dropped = [];
    private readonly nuint _pageBytes = (nuint)((PageInsns + 1) * sizeof(Insn));

    /// <summary>Makes an empty cache.</summary>
    public PageCache(GuestMemory ram, Decoder decoder, Engine engine)
    {
        _ram = ram;
        _decoder = decoder;
        _engine = engine;
        _ram.CodeOverwritten = Overwritten;
    }

    /// <summary>Called with a physical page address when that page gets its first decoded code.</summary>
    public event Action<ulong>? FirstCode;

    /// <summary>Called when every decoded page has been thrown away.</summary>
    public event Action? Emptied;

    /// <summary>Called when one page has been made undecoded.</summary>
    public event Action? PageDropped;

    /// <summary>Instructions decoded so far.</summary>
    public long Decoded { get; private set; }

    /// <summary>CPUs that run from this cache.</summary>
    public int Users { get; set; }

    /// <summary>The decoded form of a RAM page in a mode, made if need be.</summary>
    public Insn* Page(ulong physicalPage, CpuMode mode)
    {
        ulong key = physicalPage | (uint)mode;
        if (_pages.TryGetValue(key, out nint known))
        {
            return (Insn*)known;
        }

        if (_pages.Count >= MostPages)
        {
            Clear();
        }

        Insn* page = (Insn*)NativeMemory.Alloc(_pageBytes);
        Undecode(page, key);
        _pages.Add(key, (nint)page);
        return page;
    }

    /// <summary>Decodes the run that starts at <paramref name="p"/>, up to where decoded code begins or the run ends.</summary>
    /// <param name="p">An undecoded instruction of a page of this cache.</param>
    public void DecodeRun(Insn* p)
    {
        Insn* page = p - p->Index;
        ulong key = PageKey(page);
        ulong physical = key & ~0xffful;
        CpuMode mode = (CpuMode)(key & 0xfff);
        // In the 74xx's little-endian mode words stand exchanged in each doubleword (PEM 3.1.4.3); POWER's reverses bytes.
        int swap = mode == CpuMode.ClassicLittle ? 1 : 0;
        bool reverse = mode is not (CpuMode.Little or CpuMode.NarrowLittle);
        HandlerTable handlers = _engine[mode];
        int index = p->Index;
        int end = index;
        ulong grains = 0;
        while (true)
        {
            Insn* insn = page + end;
            // SAFETY: pages in the cache lie in RAM.
            uint word = *(uint*)(_ram.Base + physical + (ulong)((end ^ swap) * 4));
            word = reverse ? BinaryPrimitives.ReverseEndianness(word) : word;
            Opcode opcode = _decoder.Decode(word, ref *insn);
            insn->Handler = handlers[opcode];
            grains |= 1ul << (end >> 4);
            Decoded++;
            end++;
            if ((OpcodeTable.Row(opcode).Flags & OpcodeFlags.EndsRun) != 0 || end == PageInsns || page[end].RunLength != 0)
            {
                break;
            }
        }

        // A run that meets decoded code goes on into it, unless the last instruction ended it.
        bool joins = end < PageInsns && page[end].RunLength != 0 && (OpcodeTable.Row(page[end - 1].Opcode).Flags & OpcodeFlags.EndsRun) == 0;
        int length = joins ? page[end].RunLength : 0;
        for (int n = end - 1; n >= index; n--)
        {
            page[n].RunLength = (ushort)++length;
        }

        if (_engine.Translations is { } translations && TranslationCache.CanTranslate(mode))
        {
            CountEntries(page, index, end, handlers, translations.InitialHeat);
        }

        ref ulong pageGrains = ref _ram.CodeGrains[physical >> GuestMemory.PageShift];
        bool first = pageGrains == 0;
        pageGrains |= grains;
        if (first)
        {
            FirstCode?.Invoke(physical);
        }
    }

    /// <summary>
    /// Entries are counted where runs begin: where decoding was asked for, and where branches are seen to lead, now or when that is decoded.
    /// </summary>
    private static void CountEntries(Insn* page, int first, int end, HandlerTable handlers, byte initialHeat)
    {
        Count(page + first);
        if (Region.TryRelativeTarget(page + end - 1, out int target))
        {
            page[target].Heat |= TranslationCache.BranchTarget;
            if (page[target].RunLength != 0 && page[target].Native == 0)
            {
                Count(page + target);
            }
        }

        for (int n = first + 1; n < end; n++)
        {
            if ((page[n].Heat & TranslationCache.BranchTarget) != 0)
            {
                Count(page + n);
            }
        }

        void Count(Insn* entry)
        {
            entry->Handler = handlers.Count;
            entry->Heat |= initialHeat;
        }
    }

    /// <summary>Decodes one word that is not in RAM, for single steps.</summary>
    public void DecodeSingle(uint word, CpuMode mode, ref Insn insn)
    {
        Opcode opcode = _decoder.Decode(word, ref insn);
        insn.Handler = _engine[mode][opcode];
        insn.RunLength = 1;
    }

    /// <summary>Frees the pages that <see cref="Clear"/> dropped. Only where no decoded instruction is at work.</summary>
    public void FreeDropped()
    {
        if (_dropped.Count == 0)
        {
            return;
        }

        foreach (nint page in _dropped)
        {
            NativeMemory.Free((void*)page);
        }

        _dropped.Clear();
    }

    /// <summary>Throws everything away; an instruction at work keeps its page until <see cref="FreeDropped"/>.</summary>
    public void Clear()
    {
        foreach ((ulong key, nint page) in _pages)
        {
            _ram.CodeGrains[key >> GuestMemory.PageShift] = 0;
            _dropped.Add(page);
        }

        _pages.Clear();
        Emptied?.Invoke();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        FreeDropped();
        foreach (nint page in _pages.Values)
        {
            NativeMemory.Free((void*)page);
        }

        _pages.Clear();
    }

    private void Overwritten(ulong pageNumber)
    {
        ulong page0 = pageNumber << GuestMemory.PageShift;
        for (ulong key = page0; key <= (page0 | (uint)CpuMode.NarrowLittle); key++)
        {
            if (_pages.TryGetValue(key, out nint page))
            {
                Undecode((Insn*)page, key);
            }
        }

        _ram.CodeGrains[pageNumber] = 0;
        PageDropped?.Invoke();
    }

    /// <summary>The last entry, which is no instruction, keeps the page's key.</summary>
    private static ulong PageKey(Insn* page) => ((ulong)page[PageInsns].Word << 32) | (uint)page[PageInsns].Imm;

    private void Undecode(Insn* page, ulong key)
    {
        HandlerTable handlers = _engine[(CpuMode)(key & 0xfff)];
        for (int n = 0; n < PageInsns; n++)
        {
            page[n].Handler = handlers.Decode;
            page[n].RunLength = 0;
            page[n].Index = (ushort)n;
            page[n].Heat = 0;
            page[n].Native = 0;
        }

        page[PageInsns] = new Insn { Handler = handlers.PageEnd, Word = (uint)(key >> 32), Imm = (int)key, Index = PageInsns };
    }
}
