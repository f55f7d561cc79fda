using System.Text;
using Firmament.Core.State;

namespace Firmament.Firmware.Forth.Engine;

/// <summary>Makes words: definitions in threaded code, and words with data.</summary>
internal sealed partial class Compiler : IStateful
{
    private const int MostControls = 256;

    private readonly ForthEngine _forth;
    private readonly List<ControlItem> _controls = [];
    private readonly List<ControlItem> _leaves = [];
    private bool _compiling;
    private bool _temporary;
    private bool _instance;
    private int _definition = -1;
    private int _definitionCode;
    private int _latest = -1;
    private int _loops;

    public Compiler(ForthEngine forth) => _forth = forth;

    /// <summary>`state`: true while words are compiled.</summary>
    public bool IsCompiling
    {
        get => _compiling;
        set
        {
            _compiling = value;
            _forth.Memory.SetVariable(DataSpace.StateVariable, value ? uint.MaxValue : 0);
        }
    }

    /// <summary>The definition being made, or -1.</summary>
    public int Definition => _definition;

    /// <summary>The newest word, or -1.</summary>
    public int Latest => _latest;

    private ForthDictionary Dictionary => _forth.Dictionary;

    /// <summary>The next value, variable, defer or buffer: is one of each instance (IEEE 1275-1994 7.4.6 `instance`).</summary>
    public void NextIsInstance() => _instance = true;

    /// <summary>True once after `instance`.</summary>
    public bool TakeInstance()
    {
        bool instance = _instance;
        _instance = false;
        return instance;
    }

    public void Emit(int cell)
    {
        if (!Dictionary.TryEmit(cell))
        {
            _forth.Throw(ThrowCode.DictionaryOverflow);
        }
    }

    public void Emit(Op op) => Emit((int)op);

    public void Literal(int value)
    {
        Emit(Op.Literal);
        Emit(value);
    }

    /// <summary>Appends a word's run to the code.</summary>
    public void CompileWord(int word)
    {
        ForthWord entry = Dictionary.Words[word];
        switch (entry.Kind)
        {
            case WordKind.Primitive:
                Emit(entry.Op);
                break;
            case WordKind.Constant:
                Literal(entry.Value);
                break;
            default:
                Emit(~word);
                break;
        }
    }

    /// <summary>A literal, pushed now or compiled.</summary>
    public void PushOrCompile(int value)
    {
        if (_compiling)
        {
            Literal(value);
        }
        else
        {
            _forth.Push(value);
        }
    }

    /// <summary>As <see cref="PushOrCompile"/>, for words that compile between `[` and `]` too.</summary>
    public void PushOrCompileAlways(int value)
    {
        if (_compiling || _definition >= 0)
        {
            Literal(value);
        }
        else
        {
            _forth.Push(value);
        }
    }

    /// <summary>The word parsed next as a new word's name; throws and gives null when there is none.</summary>
    public string? ParseName()
    {
        if (!_forth.Input.TryParseWord(out ReadOnlySpan<byte> name))
        {
            _forth.Throw(ThrowCode.NoName);
            return null;
        }

        return NameOf(name);
    }

    public string? NameOf(ReadOnlySpan<byte> name)
    {
        if (name.Length > ForthDictionary.LongestName)
        {
            _forth.Throw(ThrowCode.NameTooLong);
            return null;
        }

        return Encoding.Latin1.GetString(name).ToLowerInvariant();
    }

    /// <summary>Adds a word that can be found at once. Returns its index, or -1 after a throw.</summary>
    public int Add(string? name, WordKind kind, int value, int extra = 0, uint owner = 0)
    {
        int word = AddHidden(name, kind, value, extra, owner);
        if (word >= 0)
        {
            _latest = word;
            Dictionary.Reveal(word, Dictionary.Current);
        }

        return word;
    }

    /// <summary>Adds a word that no wordlist names yet.</summary>
    public int AddHidden(string? name, WordKind kind, int value, int extra = 0, uint owner = 0)
    {
        if (name == null)
        {
            return -1;
        }

        int word = Dictionary.Add(new ForthWord { Name = name, Kind = kind, Value = value, Extra = extra, Owner = owner });
        if (word < 0)
        {
            _forth.Throw(ThrowCode.DictionaryOverflow);
        }

        return word;
    }

    /// <summary>`:` and what begins as it does. Returns the word's index, or -1 after a throw.</summary>
    public int BeginDefinition(string? name)
    {
        if (_definition >= 0 || _temporary)
        {
            _forth.Throw(ThrowCode.CompilerNesting);
            return -1;
        }

        int word = AddHidden(name, WordKind.Colon, 0);
        if (word >= 0)
        {
            Adopt(word);
        }

        return word;
    }

    /// <summary>Compiles into a word that exists already: an FCode token's.</summary>
    public void Adopt(int word)
    {
        ForthWord entry = Dictionary.Words[word];
        entry.Kind = WordKind.Colon;
        entry.Code = Dictionary.CodeCount;
        _definition = word;
        _definitionCode = entry.Code;
        IsCompiling = true;
    }

    /// <summary>`;`.</summary>
    public void EndDefinition()
    {
        if (_definition < 0 || _controls.Count > 0)
        {
            _forth.Throw(ThrowCode.ControlMismatch);
            return;
        }

        Emit(Op.Exit);
        ForthWord word = Dictionary.Words[_definition];
        if (word.Name.Length > 0 && word.Wordlist < 0)
        {
            Dictionary.Reveal(_definition, Dictionary.Current);
        }

        _latest = _definition;
        _definition = -1;
        IsCompiling = false;
    }

    /// <summary>`recursive`: the definition can be found before it ends.</summary>
    public void RevealDefinition()
    {
        if (_definition >= 0)
        {
            Dictionary.Reveal(_definition, Dictionary.Current);
        }
    }

    /// <summary>The run of `does>`: the newest word runs what follows, and the definition ends here.</summary>
    public void Does(int code)
    {
        if (_latest < 0 || Dictionary.Words[_latest] is not { Kind: WordKind.Created or WordKind.Does } word)
        {
            _forth.Throw(ThrowCode.NotCreated);
            return;
        }

        (word.Kind, word.Code) = (WordKind.Does, code);
        _forth.ReturnFromCode();
    }

    /// <summary>The newest word forgets itself and what follows when it runs.</summary>
    public void MakeMarker()
    {
        if (_latest >= 0)
        {
            ForthWord word = Dictionary.Words[_latest];
            (word.Kind, word.Code) = (WordKind.Does, _forth.MarkerCode);
        }
    }

    /// <summary>Gives up an unfinished definition.</summary>
    public void Abandon()
    {
        if (_definition >= 0 || _temporary)
        {
            Dictionary.TruncateCode(_definitionCode);
        }

        _definition = -1;
        _instance = false;
        _temporary = false;
        _loops = 0;
        _controls.Clear();
        _leaves.Clear();
        if (_compiling)
        {
            IsCompiling = false;
        }
    }

    /// <summary>Puts a wordlist in front of the search order in place of the first.</summary>
    public void SearchFirst(int wordlist)
    {
        int[] order = [.. Dictionary.SearchOrder];
        if (order.Length == 0)
        {
            order = [wordlist];
        }

        order[0] = wordlist;
        _ = Dictionary.TrySetOrder(order);
    }

    /// <summary>After `forget`: words from here on are gone.</summary>
    public void ForgetFrom(int word) => _latest = _latest >= word ? -1 : _latest;

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Field("compiling", ref _compiling);
        state.Field("temporary", ref _temporary);
        state.Field("instance", ref _instance);
        state.Field("definition", ref _definition);
        state.Field("definition-code", ref _definitionCode);
        state.Field("latest", ref _latest);
        state.Field("loops", ref _loops);
        VisitItems(state, "controls", _controls);
        VisitItems(state, "leaves", _leaves);
    }

    public static void VisitItems(StateVisitor state, string name, List<ControlItem> items)
    {
        int count = items.Count;
        state.Field(name, ref count);
        count = Math.Clamp(count, 0, 2 * MostControls);
        List<ControlItem> loaded = [];
        for (int i = 0; i < count; i++)
        {
            ControlItem item = i < items.Count ? items[i] : default;
            (int kind, int address, int extra) = ((int)item.Kind, item.Address, item.Extra);
            state.Field("kind", ref kind);
            state.Field("address", ref address);
            state.Field("extra", ref extra);
            loaded.Add(new ControlItem((ControlKind)kind, address, extra));
        }

        if (state.IsLoading)
        {
            items.Clear();
            items.AddRange(loaded);
        }
    }
}
