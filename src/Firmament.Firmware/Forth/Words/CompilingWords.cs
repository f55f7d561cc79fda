using Firmament.Firmware.Forth.Engine;

namespace Firmament.Firmware.Forth.Words;

/// <summary>The compiler's own words (IEEE 1275-1994 7.3.9.2).</summary>
internal static class CompilingWords
{
    public static void AddTo(WordTable t)
    {
        t.Variable("state", DataSpace.StateVariable, 0xdc);
        t.Immediate("[", "--", static f => f.Compiler.IsCompiling = false);
        t.Add("]", "--", static f => f.Compiler.IsCompiling = true);
        t.CompileOnly("literal", "x --", static f => f.Compiler.Literal(f.Pop()));
        t.CompileOnly("2literal", "x1 x2 --", static f => { int second = f.Pop(); f.Compiler.Literal(f.Pop()); f.Compiler.Literal(second); });
        t.CompileOnly("sliteral", "addr len --", static f => StringLiteral(f));
        t.Add("compile,", "xt --", static f => CompileToken(f), 0xdd);
        t.CompileOnly("postpone", "--", static f => f.Compiler.Postpone(f.Compiler.ParseWord()));
        t.CompileOnly("compile", "--", static f => f.Compiler.PostponeCompilation(f.Compiler.ParseWord()));
        t.CompileOnly("[compile]", "--", static f => CompileParsed(f));
        t.Add("'", "-- xt", static f => f.Push(ForthDictionary.TokenOf(f.Compiler.ParseWord())));
        t.Immediate("[']", "-- xt", static f => f.Compiler.PushOrCompileAlways(ForthDictionary.TokenOf(f.Compiler.ParseWord())));
        t.Add("$find", "addr len -- xt true | addr len false", static f => Find(f), 0xcb);
        t.Add("find", "pstr -- xt n | pstr false", static f => FindCounted(f));
        t.Add("environment?", "addr len -- false", static f => { _ = f.Pop(); _ = f.Pop(); f.Push(false); });
    }

    private static void StringLiteral(ForthEngine f)
    {
        uint length = f.PopUnsigned();
        if (!f.Memory.TryCopy(f.PopUnsigned(), length, DataSpace.LongestText, out byte[] text))
        {
            f.Throw(ThrowCode.InvalidAddress);
            return;
        }

        f.Compiler.String(text);
    }

    private static void CompileToken(ForthEngine f)
    {
        int word = f.Dictionary.WordOf(f.Pop());
        if (word < 0)
        {
            f.Throw(ThrowCode.UnsupportedOperation);
            return;
        }

        f.Compiler.CompileWord(word);
    }

    private static void CompileParsed(ForthEngine f)
    {
        int word = f.Compiler.ParseWord();
        if (word >= 0)
        {
            f.Compiler.CompileWord(word);
        }
    }

    private static void Find(ForthEngine f)
    {
        int word = f.Memory.TryCopy((uint)f.Peek(1), (uint)f.Peek(0), ForthDictionary.LongestName, out byte[] name) ? f.Dictionary.Find(name) : -1;
        if (word >= 0)
        {
            _ = f.PopDouble();
            f.Push(ForthDictionary.TokenOf(word));
        }

        f.Push(word >= 0);
    }

    private static void FindCounted(ForthEngine f)
    {
        uint address = (uint)f.Peek(0);
        int word = f.Memory.TryFetch8(address, out uint length) && f.Memory.TryCopy(address + 1, length, ForthDictionary.LongestName, out byte[] name)
            ? f.Dictionary.Find(name)
            : -1;
        if (word < 0)
        {
            f.Push(0);
            return;
        }

        _ = f.Pop();
        f.Push(ForthDictionary.TokenOf(word));
        f.Push(f.Dictionary.Words[word].IsImmediate ? 1 : -1);
    }
}
