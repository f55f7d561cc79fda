using System.Runtime.InteropServices;

namespace Firmament.PowerPC.Mmu;

/// <summary>Which of a fixed number of TLB entries are in use: each at most once, so that no guest can make it grow.</summary>
/// <param name="capacity">Entries, numbered from 0.</param>
internal sealed class IndexSet(int capacity)
{
    private readonly bool[] _present = new bool[capacity];
    private readonly List<int> _members = new(capacity);

    /// <summary>How many are in it.</summary>
    public int Count => _members.Count;

    /// <summary>The members, in the order they came.</summary>
    public ReadOnlySpan<int> Members => CollectionsMarshal.AsSpan(_members);

    /// <summary>Puts one in; nothing happens when it is there.</summary>
    public void Add(int index)
    {
        if (!_present[index])
        {
            _present[index] = true;
            _members.Add(index);
        }
    }

    /// <summary>Empties the set.</summary>
    public void Clear()
    {
        foreach (int index in Members)
        {
            _present[index] = false;
        }

        _members.Clear();
    }
}
