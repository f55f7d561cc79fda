using Firmament.Firmware.Forth.Engine;

namespace Firmament.Firmware.Forth.Words;

/// <summary>The input text (ANS Forth X3.215 3.4.1; IEEE 1275-1994 7.3.9.2).</summary>
internal static class ParsingWords
{
    public static void AddTo(WordTable t)
    {
        t.Variable(">in", DataSpace.ToInVariable);
        t.Add("source", "-- addr len", static f => { f.Push(f.Input.Current.Address); f.Push(f.Input.Current.Length); });
        t.Add("source-id", "-- n", static f => f.Push(f.Input.Current.Id));
        t.Add("refill", "-- more?", static f => f.Push(false));
        t.Add("save-input", "-- n", static f => f.Push(0));
        t.Add("restore-input", "n -- failed?", static f => { _ = f.Pop(); f.Push(true); });
        t.Add("tib", "-- addr", static f => f.Push(f.Memory.Input));
        t.Add("#tib", "-- addr", static f => { f.Memory.SetVariable(DataSpace.ScratchVariable, f.Input.Current.Length); f.Push(f.Memory.VariableAddress(DataSpace.ScratchVariable)); });
        t.Add("parse", "char -- addr len", static f => Parse(f, skip: false));
        t.Add("parse-word", "-- addr len", static f => ParseWord(f));
        t.Add("parse-name", "-- addr len", static f => ParseWord(f));
        t.Add("word", "char -- pstr", static f => Word(f));
        t.Immediate("\\", "--", static f => Line(f));
        t.Immediate("(", "--", static f => _ = f.Input.Parse((byte)')', false, out _));
        t.Immediate("ascii", "-- char", static f => Character(f, 0xff));
        t.Immediate("[char]", "-- char", static f => f.Compiler.PushOrCompileAlways(FirstOf(f)));
        t.Add("char", "-- char", static f => f.Push(FirstOf(f)));
        t.Immediate("control", "-- char", static f => Character(f, 0x1f));
        t.Add("evaluate", "addr len -- ...", static f => Evaluate(f), 0xcd);
        t.Add("eval", "addr len -- ...", static f => Evaluate(f));
        t.Immediate("[if]", "flag --", static f => { if (f.Pop() == 0) { SkipBranch(f, orElse: true); } });
        t.Immediate("[else]", "--", static f => SkipBranch(f, orElse: false));
        t.Immediate("[then]", "--", static _ => { });
        t.Immediate("[defined]", "-- flag", static f => f.Push(Known(f)));
        t.Immediate("[undefined]", "-- flag", static f => f.Push(!Known(f)));
    }

    private static void Parse(ForthEngine f, bool skip)
    {
        ReadOnlySpan<byte> text = f.Input.Parse((byte)f.Pop(), skip, out uint address);
        f.Push(address);
        f.Push(text.Length);
    }

    private static void ParseWord(ForthEngine f)
    {
        f.Push(' ');
        Parse(f, skip: true);
    }

    private static void Word(ForthEngine f)
    {
        ReadOnlySpan<byte> text = f.Input.Parse((byte)f.Pop(), true, out _);
        text = text[..Math.Min(text.Length, 255)];
        uint target = f.Memory.WordAddress;
        _ = f.Memory.TryStore8(target, (uint)text.Length);
        _ = f.Memory.TryWrite(target + 1, text);
        _ = f.Memory.TryStore8(target + 1 + (uint)text.Length, ' ');
        f.Push(target);
    }

    /// <summary>The rest of the line; a program may come in one text of several lines.</summary>
    private static void Line(ForthEngine f)
    {
        ReadOnlySpan<byte> rest = f.Input.Rest(out uint position);
        if (position > 0 && f.Memory.TryFetch8(f.Input.Current.Address + position - 1, out uint before) && before is '\n' or '\r')
        {
            return;
        }

        int end = rest.IndexOfAny((byte)'\n', (byte)'\r');
        f.Input.Skip(end < 0 ? rest.Length : end);
    }

    private static int FirstOf(ForthEngine f)
    {
        if (f.Input.TryParseWord(out ReadOnlySpan<byte> text))
        {
            return text[0];
        }

        f.Throw(ThrowCode.NoName);
        return 0;
    }

    private static void Character(ForthEngine f, int mask) => f.Compiler.PushOrCompile(FirstOf(f) & mask);

    private static void Evaluate(ForthEngine f)
    {
        uint length = f.PopUnsigned();
        f.Input.Evaluate(f.PopUnsigned(), length);
    }

    private static bool Known(ForthEngine f) => f.Input.TryParseWord(out ReadOnlySpan<byte> name) && f.Dictionary.Find(name) >= 0;

    private static void SkipBranch(ForthEngine f, bool orElse)
    {
        int depth = 1;
        Span<char> text = stackalloc char[ForthDictionary.LongestName];
        while (depth > 0 && f.Input.TryParseWord(out ReadOnlySpan<byte> word))
        {
            f.Charge(1);
            if (!Wordlist.TryLower(word, text, out ReadOnlySpan<char> lower))
            {
                continue;
            }

            depth += lower.SequenceEqual("[if]") ? 1 : lower.SequenceEqual("[then]") ? -1 : 0;
            depth -= orElse && depth == 1 && lower.SequenceEqual("[else]") ? 1 : 0;
        }
    }
}
