namespace Firmament.PowerPC.Mmu;

/// <summary>Which address spaces the contexts of a software TLB hold, and which entries of each are in use.</summary>
internal sealed class TlbContextSet
{
    private readonly ulong[] _keys;
    private readonly long[] _lastUse;
    private readonly IndexSet[] _used;
    private long _clock;
    private int _last;

    /// <summary>Makes contexts that hold nothing.</summary>
    /// <param name="contexts">How many.</param>
    /// <param name="entries">Entries of each.</param>
    public TlbContextSet(int contexts, int entries)
    {
        _keys = new ulong[contexts];
        // No key has all bits set.
        Array.Fill(_keys, ulong.MaxValue);
        _lastUse = new long[contexts];
        _used = new IndexSet[contexts];
        for (int n = 0; n < contexts; n++)
        {
            _used[n] = new IndexSet(entries);
        }
    }

    /// <summary>The key of a context; all ones while it has none.</summary>
    public ulong Key(int context) => _keys[context];

    /// <summary>Entries in use in a context.</summary>
    public IndexSet Used(int context) => _used[context];

    /// <summary>The context of a key.</summary>
    public bool TryFind(ulong key, out int context)
    {
        context = _keys[_last] == key ? _last : Array.IndexOf(_keys, key);
        if (context < 0)
        {
            return false;
        }

        _last = context;
        _lastUse[context] = ++_clock;
        return true;
    }

    /// <summary>Gives the context that was not used for longest to a key. The caller empties it.</summary>
    public int Replace(ulong key)
    {
        int oldest = 0;
        for (int n = 1; n < _keys.Length; n++)
        {
            oldest = _lastUse[n] < _lastUse[oldest] ? n : oldest;
        }

        _keys[oldest] = key;
        _lastUse[oldest] = ++_clock;
        _last = oldest;
        return oldest;
    }
}
