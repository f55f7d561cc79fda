using Firmament.Core.State;

namespace Firmament.Firmware.Forth.Engine;

/// <summary>
/// Words, wordlists, the search order and threaded code, all on the host and all bounded. Execution tokens are numbers that no guest has RAM at.
/// </summary>
/// <remarks>
/// A cell of code is an operation when it is not negative, and the call of word ~cell when it is. Words the firmware brings come first and
/// are not part of a saved state.
/// </remarks>
internal sealed class ForthDictionary : IStateful
{
    public const int LongestName = 63;
    public const int MostWords = 1 << 15;
    public const int MostCode = 1 << 20;
    public const int MostWordlists = 512;
    public const int MostSearched = 16;
    public const int ForthWordlist = 0;

    /// <summary>An xt is this with the word's index in its low bits.</summary>
    private const uint TokenBase = 0xfa000000;

    private readonly List<Wordlist> _wordlists = [new Wordlist()];
    private readonly int[] _order = new int[MostSearched];
    private ForthWord[] _words = new ForthWord[1024];
    private int[] _code = new int[4096];
    private int _wordCount;
    private int _codeCount;
    private int _orderCount = 1;
    private int _current;
    private int _builtinWords;
    private int _builtinCode;

    public ForthWord[] Words => _words;

    public int WordCount => _wordCount;

    public int[] Code => _code;

    public int CodeCount => _codeCount;

    /// <summary>The wordlist that takes new words.</summary>
    public int Current
    {
        get => _current;
        set => _current = value;
    }

    public int WordlistCount => _wordlists.Count;

    public ReadOnlySpan<int> SearchOrder => _order.AsSpan(0, _orderCount);

    /// <summary>The first words that a program, not the firmware, defined.</summary>
    public int FirstUserWord => _builtinWords;

    public static int TokenOf(int word) => (int)(TokenBase | (uint)word);

    /// <summary>The word of an xt, or -1.</summary>
    public int WordOf(int token)
    {
        int word = (int)((uint)token ^ TokenBase);
        return (uint)word < (uint)_wordCount ? word : -1;
    }

    public ForthWord? Find(int token) => WordOf(token) is >= 0 and int word ? _words[word] : null;

    public Wordlist List(int id) => _wordlists[id];

    public bool IsWordlist(int id) => (uint)id < (uint)_wordlists.Count;

    /// <summary>Makes a wordlist; -1 when there are too many.</summary>
    public int AddWordlist()
    {
        if (_wordlists.Count >= MostWordlists)
        {
            return -1;
        }

        _wordlists.Add(new Wordlist());
        return _wordlists.Count - 1;
    }

    /// <summary>Sets the search order, first searched first. False when it has too many.</summary>
    public bool TrySetOrder(ReadOnlySpan<int> order)
    {
        if (order.Length > MostSearched)
        {
            return false;
        }

        order.CopyTo(_order);
        _orderCount = order.Length;
        return true;
    }

    /// <summary>Adds a word that no wordlist names yet; -1 when the dictionary is full.</summary>
    public int Add(ForthWord word)
    {
        if (_wordCount >= MostWords)
        {
            return -1;
        }

        if (_wordCount == _words.Length)
        {
            Array.Resize(ref _words, _words.Length * 2);
        }

        _words[_wordCount] = word;
        return _wordCount++;
    }

    /// <summary>Lets a wordlist name a word.</summary>
    public void Reveal(int word, int wordlist)
    {
        ForthWord entry = _words[word];
        entry.Wordlist = wordlist;
        if (entry.Name.Length > 0)
        {
            _wordlists[wordlist].Set(entry.Name, word);
        }
    }

    /// <summary>Appends a cell of code. False when there is no room.</summary>
    public bool TryEmit(int cell)
    {
        if (_codeCount >= MostCode)
        {
            return false;
        }

        // One cell more than is used, so that an operand can always be read.
        if (_codeCount + 1 >= _code.Length)
        {
            Array.Resize(ref _code, _code.Length * 2);
        }

        _code[_codeCount++] = cell;
        return true;
    }

    /// <summary>Drops the code from an address on.</summary>
    public void TruncateCode(int count)
    {
        if (count >= _builtinCode && count < _codeCount)
        {
            Array.Clear(_code, count, _codeCount - count);
            _codeCount = count;
        }
    }

    /// <summary>The word of a name in the search order, aliases followed; -1 when there is none.</summary>
    public int Find(ReadOnlySpan<byte> name)
    {
        Span<char> text = stackalloc char[LongestName];
        if (!Wordlist.TryLower(name, text, out ReadOnlySpan<char> lower))
        {
            return -1;
        }

        for (int i = 0; i < _orderCount; i++)
        {
            int word = _wordlists[_order[i]].Find(lower);
            if (word >= 0)
            {
                return Resolve(word);
            }
        }

        return -1;
    }

    /// <summary>The word of a name in one wordlist, aliases followed; -1 when there is none.</summary>
    public int FindIn(int wordlist, ReadOnlySpan<byte> name)
    {
        Span<char> text = stackalloc char[LongestName];
        int word = Wordlist.TryLower(name, text, out ReadOnlySpan<char> lower) ? _wordlists[wordlist].Find(lower) : -1;
        return word < 0 ? -1 : Resolve(word);
    }

    /// <summary>Forgets every word and all code from a word on, and empty names what they hid again.</summary>
    public void Forget(int word, int code)
    {
        Array.Clear(_words, word, _wordCount - word);
        _wordCount = word;
        TruncateCode(code);
        Relink();
    }

    /// <summary>Ends the words that the firmware itself brings.</summary>
    public void EndBuiltins()
    {
        _builtinWords = _wordCount;
        _builtinCode = _codeCount;
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        int lists = _wordlists.Count;
        int builtins = _builtinWords;
        int builtinCode = _builtinCode;
        state.Field("builtins", ref builtins);
        state.Field("builtin-code", ref builtinCode);
        if (builtins != _builtinWords || builtinCode != _builtinCode)
        {
            throw new StateFormatException("forth", "its Forth has other words of its own");
        }

        state.Field("words", ref _wordCount);
        state.Field("code", ref _codeCount);
        state.Field("wordlists", ref lists);
        state.Field("current", ref _current);
        state.Field("searched", ref _orderCount);
        foreach (ref int list in _order.AsSpan())
        {
            state.Field("order", ref list);
        }

        if (state.IsLoading)
        {
            MakeRoom(lists);
        }

        for (int i = _builtinWords; i < _wordCount; i++)
        {
            _words[i] ??= new ForthWord();
            _words[i].Visit(state);
        }

        for (int i = _builtinCode; i < _codeCount; i++)
        {
            state.Field("cell", ref _code[i]);
        }

        if (state.IsLoading)
        {
            Relink();
        }
    }

    private void MakeRoom(int lists)
    {
        _wordCount = Math.Clamp(_wordCount, _builtinWords, MostWords);
        _codeCount = Math.Clamp(_codeCount, _builtinCode, MostCode);
        _orderCount = Math.Clamp(_orderCount, 0, MostSearched);
        lists = Math.Clamp(lists, 1, MostWordlists);
        _current = Math.Clamp(_current, 0, lists - 1);
        foreach (ref int list in _order.AsSpan())
        {
            list = Math.Clamp(list, 0, lists - 1);
        }

        Array.Resize(ref _words, Math.Max(_words.Length, _wordCount));
        Array.Resize(ref _code, Math.Max(_code.Length, _codeCount + 1));
        Array.Clear(_words, _builtinWords, _words.Length - _builtinWords);
        Array.Clear(_code, _builtinCode, _code.Length - _builtinCode);
        while (_wordlists.Count < lists)
        {
            _wordlists.Add(new Wordlist());
        }

        _wordlists.RemoveRange(lists, _wordlists.Count - lists);
    }

    private void Relink()
    {
        foreach (Wordlist list in _wordlists)
        {
            list.Clear();
        }

        for (int i = 0; i < _wordCount; i++)
        {
            if (_words[i].Name.Length > 0 && IsWordlist(_words[i].Wordlist))
            {
                _wordlists[_words[i].Wordlist].Set(_words[i].Name, i);
            }
        }
    }

    private int Resolve(int word)
    {
        for (int depth = 0; depth < 8 && _words[word].Kind == WordKind.Alias; depth++)
        {
            word = _words[word].Value;
            if ((uint)word >= (uint)_wordCount)
            {
                return -1;
            }
        }

        return word;
    }
}
