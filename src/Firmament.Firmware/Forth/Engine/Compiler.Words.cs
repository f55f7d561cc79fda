using Firmament.Firmware.Forth.Words;

namespace Firmament.Firmware.Forth.Engine;

/// <content>Strings, references to words, and words with data.</content>
internal sealed partial class Compiler
{
    /// <summary>A string: its address and length, pushed now or compiled.</summary>
    public void String(ReadOnlySpan<byte> text)
    {
        PushOrCompile((int)Keep(text, counted: false));
        PushOrCompile(text.Length);
    }

    /// <summary>A counted string.</summary>
    public void CountedString(ReadOnlySpan<byte> text) => PushOrCompile((int)Keep(text[..Math.Min(text.Length, 255)], counted: true));

    /// <summary>Appends a word the firmware brings, whether it can be typed or not.</summary>
    public void CompileNamed(string name) => CompileWord(BuiltinWords.Instance.WordOf(name));

    /// <summary>Runs such a word now, or compiles it.</summary>
    public void CompileOrRun(string name)
    {
        if (_compiling)
        {
            CompileNamed(name);
        }
        else
        {
            _forth.ExecuteNext(BuiltinWords.Instance.WordOf(name));
        }
    }

    /// <summary>The word parsed next; throws and gives -1 when there is none.</summary>
    public int ParseWord()
    {
        if (!_forth.Input.TryParseWord(out ReadOnlySpan<byte> name))
        {
            _forth.Throw(ThrowCode.NoName);
            return -1;
        }

        int word = Dictionary.Find(name);
        word = word >= 0 ? word : _forth.Devices.FindActiveHostMethod(name);
        if (word < 0)
        {
            _forth.Throw(ThrowCode.UndefinedWord);
        }

        return word;
    }

    /// <summary>`postpone`: compiles a word that runs while compiling, and the compilation of any other.</summary>
    public void Postpone(int word)
    {
        if (word < 0)
        {
            return;
        }

        if (Dictionary.Words[word].IsImmediate)
        {
            CompileWord(word);
            return;
        }

        PostponeCompilation(word);
    }

    /// <summary>`compile`: when this code runs, the word is compiled.</summary>
    public void PostponeCompilation(int word)
    {
        if (word >= 0)
        {
            Literal(ForthDictionary.TokenOf(word));
            CompileNamed("compile,");
        }
    }

    /// <summary>`to`: stores now, or compiles the store.</summary>
    public void To(int word)
    {
        if (word < 0)
        {
            return;
        }

        if (_compiling)
        {
            Literal(ForthDictionary.TokenOf(word));
            CompileNamed("(to)");
        }
        else
        {
            SetValue(word, _forth.Pop());
        }
    }

    /// <summary>Changes a value, a deferred word, or what a variable holds.</summary>
    public void SetValue(int word, int value)
    {
        ForthWord? entry = (uint)word < (uint)Dictionary.WordCount ? Dictionary.Words[word] : null;
        switch (entry?.Kind)
        {
            case WordKind.Value or WordKind.Defer:
                entry.Value = value;
                break;
            case WordKind.Created when _forth.Memory.TryStore((uint)entry.Value, (uint)value):
                break;
            case WordKind.InstanceValue or WordKind.InstanceVariable or WordKind.InstanceDefer:
                _forth.Devices.SetInstanceValue(entry, value);
                break;
            case WordKind.Primitive when entry.Name == "my-self":
                _forth.Self = (uint)value;
                break;
            default:
                _forth.Throw(ThrowCode.InvalidName);
                break;
        }
    }

    /// <summary>`value`.</summary>
    public int AddValue(string? name, int value) => TakeInstance()
        ? AddInstanceWord(name, WordKind.InstanceValue, 4, value)
        : Add(name, WordKind.Value, value);

    /// <summary>`variable`.</summary>
    public int AddVariable(string? name) => TakeInstance()
        ? AddInstanceWord(name, WordKind.InstanceVariable, 4, 0)
        : AddData(name, 4);

    /// <summary>`defer`; it throws until it is set.</summary>
    public int AddDefer(string? name) => TakeInstance()
        ? AddInstanceWord(name, WordKind.InstanceDefer, 4, 0)
        : Add(name, WordKind.Defer, 0);

    /// <summary>`buffer:`.</summary>
    public int AddBuffer(string? name, uint bytes) => TakeInstance()
        ? AddInstanceWord(name, WordKind.InstanceVariable, bytes, 0)
        : AddData(name, bytes);

    /// <summary>`create`.</summary>
    public int AddCreated(string? name)
    {
        if (!_forth.Memory.TryAlign())
        {
            _forth.Throw(ThrowCode.DictionaryOverflow);
        }

        return Add(name, WordKind.Created, (int)_forth.Memory.Here);
    }

    private int AddData(string? name, uint bytes)
    {
        int word = AddCreated(name);
        if (bytes > int.MaxValue - 3 || !_forth.Memory.TryAllot((int)(bytes + 3) & ~3))
        {
            _forth.Throw(ThrowCode.DictionaryOverflow);
        }

        return word;
    }

    private int AddInstanceWord(string? name, WordKind kind, uint bytes, int initial)
    {
        int offset = _forth.Devices.AddInstanceData(bytes, initial, out uint owner);
        return offset < 0 ? -1 : Add(name, kind, offset, 0, owner);
    }

    private uint Keep(ReadOnlySpan<byte> text, bool counted)
    {
        int prefix = counted ? 1 : 0;
        if (text.Length + 2 > DataSpace.LongestText)
        {
            _forth.Throw(ThrowCode.StringOverflow);
            return 0;
        }

        Span<byte> bytes = stackalloc byte[text.Length + prefix];
        bytes[0..prefix].Fill((byte)text.Length);
        text.CopyTo(bytes[prefix..]);
        if (!_compiling)
        {
            return _forth.Memory.KeepForAWhile(bytes);
        }

        // One byte more, which stays 0: strings of definitions are also C's.
        if (!_forth.Memory.TryTakeFromEnd(bytes.Length + 1, out uint address))
        {
            _forth.Throw(ThrowCode.DictionaryOverflow);
            return 0;
        }

        _ = _forth.Memory.TryWrite(address, bytes);
        return address;
    }
}
