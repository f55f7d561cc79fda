using Firmament.Firmware.Forth.Engine;

namespace Firmament.Firmware.Forth.Words;

/// <summary>Wordlists and the search order (ANS Forth X3.215 16; IEEE 1275-1994 7.3.9.3), and forgetting.</summary>
internal static class DictionaryWords
{
    public static void AddTo(WordTable t)
    {
        t.Constant("forth-wordlist", ForthDictionary.ForthWordlist);
        t.Add("wordlist", "-- wid", static f => f.Push(NewWordlist(f)));
        t.Add("vocabulary", "--", static f => { string? name = f.Compiler.ParseName(); _ = f.Compiler.Add(name, WordKind.Vocabulary, NewWordlist(f)); });
        t.Add("get-order", "-- widn ... wid1 n", static f => GetOrder(f));
        t.Add("set-order", "n --", static f => SetOrder(f));
        t.Add("search-wordlist", "addr len wid -- 0 | xt n", static f => SearchWordlist(f));
        t.Add("get-current", "-- wid", static f => f.Push(f.Dictionary.Current));
        t.Add("set-current", "wid --", static f => SetCurrent(f, f.Pop()));
        t.Add("definitions", "--", static f => Definitions(f));
        t.Add("only", "--", static f => SetOrder(f, [ForthDictionary.ForthWordlist]));
        t.Add("forth", "--", static f => f.Compiler.SearchFirst(ForthDictionary.ForthWordlist));
        t.Add("also", "--", static f => Also(f));
        t.Add("previous", "--", static f => Previous(f));
        t.Add("order", "--", static f => ShowOrder(f));
        t.Add("forget", "--", static f => Forget(f));
        t.Add("marker", "--", static f => Marker(f));
        t.Nameless("(marker)", "addr --", static f => RunMarker(f));
    }

    private static int NewWordlist(ForthEngine f)
    {
        int id = f.Dictionary.AddWordlist();
        if (id < 0)
        {
            f.Throw(ThrowCode.DictionaryOverflow);
        }

        return Math.Max(id, 0);
    }

    private static void GetOrder(ForthEngine f)
    {
        ReadOnlySpan<int> order = f.Dictionary.SearchOrder;
        for (int i = order.Length - 1; i >= 0; i--)
        {
            f.Push(order[i]);
        }

        f.Push(order.Length);
    }

    private static void SetOrder(ForthEngine f)
    {
        int count = f.Pop();
        if (count == -1)
        {
            SetOrder(f, [ForthDictionary.ForthWordlist]);
            return;
        }

        if (count is < 0 or > ForthDictionary.MostSearched)
        {
            f.Throw(ThrowCode.SearchOverflow);
            return;
        }

        int[] order = new int[count];
        for (int i = 0; i < count; i++)
        {
            order[i] = f.Pop();
        }

        SetOrder(f, order);
    }

    private static void SetOrder(ForthEngine f, ReadOnlySpan<int> order)
    {
        foreach (int id in order)
        {
            if (!f.Dictionary.IsWordlist(id))
            {
                f.Throw(ThrowCode.InvalidArgument);
                return;
            }
        }

        if (!f.Dictionary.TrySetOrder(order))
        {
            f.Throw(ThrowCode.SearchOverflow);
        }
    }

    private static void SearchWordlist(ForthEngine f)
    {
        int id = f.Pop();
        uint length = f.PopUnsigned();
        int word = f.Memory.TryCopy(f.PopUnsigned(), length, ForthDictionary.LongestName, out byte[] name) && f.Dictionary.IsWordlist(id)
            ? f.Dictionary.FindIn(id, name)
            : -1;
        if (word < 0)
        {
            f.Push(0);
            return;
        }

        f.Push(ForthDictionary.TokenOf(word));
        f.Push(f.Dictionary.Words[word].IsImmediate ? 1 : -1);
    }

    private static void SetCurrent(ForthEngine f, int id)
    {
        if (!f.Dictionary.IsWordlist(id))
        {
            f.Throw(ThrowCode.InvalidArgument);
            return;
        }

        f.Dictionary.Current = id;
    }

    private static void Definitions(ForthEngine f)
    {
        if (f.Dictionary.SearchOrder.IsEmpty)
        {
            f.Throw(ThrowCode.SearchUnderflow);
            return;
        }

        f.Dictionary.Current = f.Dictionary.SearchOrder[0];
    }

    private static void Also(ForthEngine f)
    {
        int[] order = [.. f.Dictionary.SearchOrder];
        if (order.Length > 0)
        {
            SetOrder(f, [order[0], .. order]);
        }
    }

    private static void Previous(ForthEngine f)
    {
        int[] order = [.. f.Dictionary.SearchOrder];
        if (order.Length == 0)
        {
            f.Throw(ThrowCode.SearchUnderflow);
            return;
        }

        SetOrder(f, order.AsSpan(1));
    }

    private static void ShowOrder(ForthEngine f)
    {
        foreach (int id in f.Dictionary.SearchOrder.ToArray())
        {
            f.Output.Type(f.Devices.NameOfWordlist(id) + " ");
        }

        f.Output.Type("   current: " + f.Devices.NameOfWordlist(f.Dictionary.Current) + " ");
    }

    private static void Forget(ForthEngine f)
    {
        int word = f.Compiler.ParseWord();
        if (word >= 0)
        {
            ForgetFrom(f, word, f.Dictionary.Words[word]);
        }
    }

    private static void ForgetFrom(ForthEngine f, int word, ForthWord entry)
    {
        if (word < f.Dictionary.FirstUserWord || f.Compiler.IsCompiling)
        {
            f.Throw(ThrowCode.InvalidForget);
            return;
        }

        // Code is given back from the first definition among the words that go. The code that is running may be among it: it lies in a run's
        // temporary part then, which ends by itself.
        int code = f.Dictionary.CodeCount;
        for (int i = word; i < f.Dictionary.WordCount; i++)
        {
            ForthWord gone = f.Dictionary.Words[i];
            code = gone.Kind == WordKind.Colon ? Math.Min(code, gone.Code) : code;
        }

        if (entry.Kind is WordKind.Created)
        {
            f.Memory.Rewind((uint)entry.Value);
        }

        f.Dictionary.Forget(word, code);
        f.Compiler.ForgetFrom(word);
    }

    private static void Marker(ForthEngine f)
    {
        if (f.Compiler.ParseName() is { } name)
        {
            _ = f.Compiler.AddCreated(name);
            f.Compiler.MakeMarker();
        }
    }

    /// <summary>Running a marker forgets it and what followed.</summary>
    public static void RunMarker(ForthEngine f)
    {
        uint body = f.PopUnsigned();
        for (int i = f.Dictionary.WordCount - 1; i >= f.Dictionary.FirstUserWord; i--)
        {
            if (f.Dictionary.Words[i] is { Kind: WordKind.Does } word && (uint)word.Value == body && word.Code == f.MarkerCode)
            {
                ForgetFrom(f, i, word);
                f.Memory.Rewind(body);
                return;
            }
        }

        f.Throw(ThrowCode.InvalidForget);
    }
}
