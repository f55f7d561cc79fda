using Firmament.Firmware.Forth.Engine;

namespace Firmament.Firmware.Forth.Words;

/// <summary>Defining words (IEEE 1275-1994 7.3.9.1).</summary>
internal static class DefiningWords
{
    public static void AddTo(WordTable t)
    {
        t.Add(":", "--", static f => _ = f.Compiler.BeginDefinition(f.Compiler.ParseName()));
        t.Add(":noname", "-- xt", static f => { int word = f.Compiler.BeginDefinition(""); f.Push(ForthDictionary.TokenOf(word)); });
        t.CompileOnly(";", "--", static f => f.Compiler.EndDefinition());
        t.Add("constant", "x --", static f => _ = f.Compiler.Add(f.Compiler.ParseName(), WordKind.Constant, f.Pop()));
        t.Add("2constant", "x1 x2 --", static f => { int second = f.Pop(); _ = f.Compiler.Add(f.Compiler.ParseName(), WordKind.TwoConstant, second, f.Pop()); });
        t.Add("value", "x --", static f => _ = f.Compiler.AddValue(f.Compiler.ParseName(), f.Pop()));
        t.Add("variable", "--", static f => _ = f.Compiler.AddVariable(f.Compiler.ParseName()));
        t.Add("2variable", "--", static f => _ = f.Compiler.AddBuffer(f.Compiler.ParseName(), 8));
        t.Add("buffer:", "len --", static f => _ = f.Compiler.AddBuffer(f.Compiler.ParseName(), f.PopUnsigned()));
        t.Add("defer", "--", static f => _ = f.Compiler.AddDefer(f.Compiler.ParseName()));
        t.Add("vectored", "--", static f => _ = f.Compiler.AddDefer(f.Compiler.ParseName()));
        t.Add("create", "--", static f => _ = f.Compiler.AddCreated(f.Compiler.ParseName()));
        t.Add("$create", "addr len --", static f => Create(f));
        t.Add("alias", "--", static f => Alias(f));
        t.Constant("struct", 0);
        t.Add("field", "offset size -- offset+size", static f => Field(f));
        t.Add("instance", "--", static f => f.Compiler.NextIsInstance(), 0xc0);
        t.CompileOnly("does>", "--", static f => f.Compiler.CompileNamed("(does>)"));
        t.Nameless("(does>)", "--", static f => f.DoesHere());
        t.Immediate("to", "--", static f => f.Compiler.To(f.Compiler.ParseWord()));
        t.Immediate("is", "--", static f => f.Compiler.To(f.Compiler.ParseWord()));
        t.Nameless("(to)", "x xt --", static f => { int word = f.Dictionary.WordOf(f.Pop()); f.Compiler.SetValue(word, f.Pop()); });
        t.Add("behavior", "defer-xt -- xt", static f => Behavior(f), 0xde);
        t.Add("defer@", "defer-xt -- xt", static f => Behavior(f));
        t.Add("defer!", "xt defer-xt --", static f => { int word = f.Dictionary.WordOf(f.Pop()); f.Compiler.SetValue(word, f.Pop()); });
        t.Add("immediate", "--", static f => Immediate(f));
        t.Add(">body", "xt -- addr", static f => Body(f), 0x86);
        t.Add("body>", "addr -- xt", static f => Owner(f), 0x85);
        t.CompileOnly("recurse", "--", static f => f.Compiler.Emit(~f.Compiler.Definition));
        t.CompileOnly("recursive", "--", static f => f.Compiler.RevealDefinition());
    }

    private static void Create(ForthEngine f)
    {
        uint length = f.PopUnsigned();
        if (!f.Memory.TryCopy(f.PopUnsigned(), length, ForthDictionary.LongestName, out byte[] name))
        {
            f.Throw(ThrowCode.NameTooLong);
            return;
        }

        _ = f.Compiler.AddCreated(f.Compiler.NameOf(name));
    }

    private static void Alias(ForthEngine f)
    {
        string? name = f.Compiler.ParseName();
        int target = f.Compiler.ParseWord();
        if (target >= 0)
        {
            _ = f.Compiler.Add(name, WordKind.Alias, target);
        }
    }

    private static void Field(ForthEngine f)
    {
        int size = f.Pop();
        int offset = f.Pop();
        _ = f.Compiler.Add(f.Compiler.ParseName(), WordKind.Field, offset);
        f.Push(offset + size);
    }

    private static void Behavior(ForthEngine f)
    {
        ForthWord? word = f.Dictionary.Find(f.Pop());
        switch (word?.Kind)
        {
            case WordKind.Defer:
                f.Push(word.Value);
                break;
            case WordKind.InstanceDefer:
                f.Devices.PushInstanceValue(word);
                break;
            default:
                f.Throw(ThrowCode.InvalidName);
                break;
        }
    }

    private static void Immediate(ForthEngine f)
    {
        if (f.Compiler.Latest >= 0)
        {
            f.Dictionary.Words[f.Compiler.Latest].IsImmediate = true;
        }
    }

    private static void Body(ForthEngine f)
    {
        if (f.Dictionary.Find(f.Pop()) is { Kind: WordKind.Created or WordKind.Does or WordKind.Constant } word)
        {
            f.Push(word.Value);
            return;
        }

        f.Throw(ThrowCode.NotCreated);
    }

    private static void Owner(ForthEngine f)
    {
        int address = f.Pop();
        f.Charge(f.Dictionary.WordCount / 8);
        for (int i = f.Dictionary.WordCount - 1; i >= f.Dictionary.FirstUserWord; i--)
        {
            if (f.Dictionary.Words[i] is { Kind: WordKind.Created or WordKind.Does } word && word.Value == address)
            {
                f.Push(ForthDictionary.TokenOf(i));
                return;
            }
        }

        f.Throw(ThrowCode.NotCreated);
    }
}
