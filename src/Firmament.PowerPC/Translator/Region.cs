using Firmament.PowerPC.Interpreter;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Translator.X64;

namespace Firmament.PowerPC.Translator;

/// <summary>
/// What is translated together: the runs of one page that branches reach from a hot one, as far as they have been executed. Code that never
/// ran, and code that another region holds, is left out.
/// </summary>
internal sealed unsafe class Region
{
    private const int MostInsns = 768;

    private readonly List<RegionEntry> _entries = [];
    private readonly Stack<int> _open = new();
    private readonly bool[] _seen = new bool[PageCache.PageInsns];
    private int _insns;

    /// <summary>Instructions of its runs.</summary>
    public int Instructions => _insns;

    /// <summary>The page's decoded instructions.</summary>
    public Insn* Page { get; private set; }

    /// <summary>In the order of their addresses.</summary>
    public Span<RegionEntry> Entries => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_entries);

    /// <summary>Collects the region around a decoded instruction that has no code yet.</summary>
    public void Collect(Insn* head)
    {
        Page = head - head->Index;
        _entries.Clear();
        Array.Clear(_seen);
        _insns = 0;
        Visit(head->Index);
        while (_open.TryPop(out int index))
        {
            int end = index + Page[index].RunLength - 1;
            Insn* last = Page + end;
            if ((OpcodeTable.Row(last->Opcode).Flags & OpcodeFlags.EndsRun) == 0)
            {
                continue;
            }

            if (TryRelativeTarget(last, out int target))
            {
                Visit(target);
            }

            if (!IsUnconditional(last->Word))
            {
                Visit(end + 1);
            }
        }

        _entries.Sort(static (a, b) => a.Index.CompareTo(b.Index));
    }

    /// <summary>The label of an entry.</summary>
    public bool TryFind(int index, out CodeLabel label)
    {
        int at = Search(index);
        bool found = at < _entries.Count && _entries[at].Index == index;
        label = found ? _entries[at].Label : default;
        return found;
    }

    /// <summary>The first entry behind an instruction; -1 = none.</summary>
    public int EntryAfter(int index)
    {
        int at = Search(index + 1);
        return at < _entries.Count ? _entries[at].Index : -1;
    }

    /// <summary>The target of a relative branch that stays in the page.</summary>
    public static bool TryRelativeTarget(Insn* branch, out int index)
    {
        // Primary opcodes 16 and 18 with AA = 0.
        index = branch->Index + (branch->Imm >> 2);
        return branch->Word >> 26 is 16 or 18 && (branch->Word & 2) == 0 && index is >= 0 and < PageCache.PageInsns;
    }

    /// <summary>b, and bclr or bcctr that ignores condition and count, without link: nothing returns behind it.</summary>
    private static bool IsUnconditional(uint word) => (word & 1) == 0 && (word >> 26 == 18 || (word >> 26 == 19 && ((word >> 21) & 20) == 20));

    private void Visit(int index)
    {
        if (index >= PageCache.PageInsns || _seen[index])
        {
            return;
        }

        Insn* insn = Page + index;
        if (insn->RunLength == 0 || insn->Native != 0 || _insns >= MostInsns)
        {
            return;
        }

        _seen[index] = true;
        _insns += insn->RunLength;
        _entries.Add(new RegionEntry { Index = index });
        _open.Push(index);
    }

    /// <summary>The place of the first entry at or behind an index.</summary>
    private int Search(int index)
    {
        (int low, int high) = (0, _entries.Count);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _entries[middle].Index < index ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
