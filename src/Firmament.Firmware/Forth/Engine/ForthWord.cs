using Firmament.Core.State;

namespace Firmament.Firmware.Forth.Engine;

/// <summary>One entry of the dictionary. What its numbers mean depends on <see cref="Kind"/>.</summary>
internal sealed class ForthWord
{
    private string _name = "";

    /// <summary>Lower case; "" for a word without a name.</summary>
    public string Name
    {
        get => _name;
        init => _name = value;
    }

    public WordKind Kind { get; set; }

    public int Op { get; init; }

    public int Code { get; set; }

    public int Value { get; set; }

    public int Extra { get; set; }

    public bool IsImmediate { get; set; }

    public bool IsCompileOnly { get; init; }

    /// <summary>Cells a primitive takes.</summary>
    public int Needs { get; init; }

    /// <summary>The wordlist it is in, -1 for none.</summary>
    public int Wordlist { get; set; } = -1;

    /// <summary>The phandle of the node an instance word or a host method belongs to.</summary>
    public uint Owner { get; set; }

    public void Visit(StateVisitor state)
    {
        int kind = (int)Kind;
        int code = Code;
        int value = Value;
        int extra = Extra;
        bool immediate = IsImmediate;
        int wordlist = Wordlist;
        uint owner = Owner;
        state.Text("name", ref _name);
        state.Field("kind", ref kind);
        state.Field("code", ref code);
        state.Field("value", ref value);
        state.Field("extra", ref extra);
        state.Field("immediate", ref immediate);
        state.Field("wordlist", ref wordlist);
        state.Field("owner", ref owner);
        (Kind, Code, Value, Extra, IsImmediate, Wordlist, Owner) = ((WordKind)kind, code, value, extra, immediate, wordlist, owner);
    }
}
