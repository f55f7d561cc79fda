using Firmament.Firmware.Forth.Engine;

namespace Firmament.Firmware.Forth.Words;

/// <summary>Numbers to text and back (IEEE 1275-1994 7.3.5).</summary>
internal static class NumberWords
{
    public static void AddTo(WordTable t)
    {
        t.Variable("base", DataSpace.BaseVariable, 0xa0);
        t.Add("hex", "--", static f => SetBase(f, 16));
        t.Add("decimal", "--", static f => SetBase(f, 10));
        t.Add("octal", "--", static f => SetBase(f, 8));
        t.Add("binary", "--", static f => SetBase(f, 2));
        t.Immediate("h#", "--", static f => ParseIn(f, 16));
        t.Immediate("d#", "--", static f => ParseIn(f, 10));
        t.Immediate("o#", "--", static f => ParseIn(f, 8));
        t.Immediate("b#", "--", static f => ParseIn(f, 2));
        AddOutput(t);
        AddPictured(t);
        AddInput(t);
    }

    private static void AddOutput(WordTable t)
    {
        t.Add(".", "n --", static f => Show(f, f.Numbers.Signed(f.Pop()), 0), 0x9d);
        t.Add("s.", "n --", static f => Show(f, f.Numbers.Signed(f.Pop()), 0));
        t.Add("u.", "u --", static f => Show(f, f.Numbers.Unsigned(f.PopUnsigned()), 0), 0x9b);
        t.Add(".r", "n width --", static f => { int width = f.Pop(); Right(f, f.Numbers.Signed(f.Pop()), width); }, 0x9e);
        t.Add("u.r", "u width --", static f => { int width = f.Pop(); Right(f, f.Numbers.Unsigned(f.PopUnsigned()), width); }, 0x9c);
        t.Add(".d", "n --", static f => Show(f, f.Pop().ToString(System.Globalization.CultureInfo.InvariantCulture), 0));
        t.Add(".h", "n --", static f => Show(f, NumberOutput.Unsigned(f.PopUnsigned(), 16), 0));
        t.Add("d.", "d d --", static f => Show(f, f.Numbers.Signed(f.PopDouble()), 0));
        t.Add("ud.", "ud ud --", static f => Show(f, f.Numbers.Unsigned((ulong)f.PopDouble()), 0));
        t.Add("d.r", "d d width --", static f => { int width = f.Pop(); Right(f, f.Numbers.Signed(f.PopDouble()), width); });
        t.Add("?", "addr --", static f => Show(f, f.Memory.TryFetch(f.PopUnsigned(), out uint value) ? f.Numbers.Signed((int)value) : "?", 0));
        t.Add(".s", "... -- ...", static f => ShowStack(f), 0x9f);
    }

    private static void AddPictured(WordTable t)
    {
        t.Add("<#", "--", static f => f.Numbers.Begin(), 0x96);
        t.Add("hold", "char --", static f => f.Numbers.Hold((byte)f.Pop()), 0x95);
        t.Add("holds", "addr len --", static f => Holds(f));
        t.Add("sign", "n --", static f => { if (f.Pop() < 0) { f.Numbers.Hold((byte)'-'); } }, 0x98);
        t.Add("#", "ud ud -- ud", static f => f.PushDouble((long)f.Numbers.HoldDigit((ulong)f.PopDouble())), 0xc7);
        t.Add("#s", "ud ud -- 0 0", static f => { HoldAll(f, (ulong)f.PopDouble()); f.PushDouble(0); }, 0xc8);
        t.Add("#>", "ud ud -- addr len", static f => { _ = f.PopDouble(); f.Push(f.Numbers.HoldAddress); f.Push(f.Numbers.HoldLength); }, 0xc9);
        t.Add("u#", "u -- u", static f => f.Push((uint)f.Numbers.HoldDigit(f.PopUnsigned())), 0x99);
        t.Add("u#s", "u -- 0", static f => { HoldAll(f, f.PopUnsigned()); f.Push(0); }, 0x9a);
        t.Add("u#>", "u -- addr len", static f => { _ = f.Pop(); f.Push(f.Numbers.HoldAddress); f.Push(f.Numbers.HoldLength); }, 0x97);
        t.Add("(.)", "n -- addr len", static f => PushText(f, f.Numbers.Signed(f.Pop())));
        t.Add("(u.)", "u -- addr len", static f => PushText(f, f.Numbers.Unsigned(f.PopUnsigned())));
    }

    private static void AddInput(WordTable t)
    {
        t.Add("digit", "char base -- digit true | char false", static f => ToDigit(f), 0xa3);
        t.Add("$number", "addr len -- true | n false", static f => ToNumber(f), 0xa2);
        t.Add(">number", "ud ud addr len -- ud addr len", static f => Accumulate(f));
        t.Add("convert", "ud ud addr -- ud addr", static f => Convert(f), 0xa1);
    }

    private static void SetBase(ForthEngine f, uint value) => f.Memory.SetVariable(DataSpace.BaseVariable, value);

    private static void ParseIn(ForthEngine f, uint numberBase)
    {
        if (!f.Input.TryParseWord(out ReadOnlySpan<byte> text) || !NumberText.TryParse(text, numberBase, out long value, out _))
        {
            f.Throw(ThrowCode.UndefinedWord);
            return;
        }

        f.Compiler.PushOrCompile((int)value);
    }

    private static void Show(ForthEngine f, string text, int width)
    {
        Right(f, text, width);
        f.Output.Emit((byte)' ');
    }

    private static void Right(ForthEngine f, string text, int width) => f.Output.Type(text.PadLeft(Math.Clamp(width, 0, 255)));

    private static void ShowStack(ForthEngine f)
    {
        if (f.Depth == 0)
        {
            f.Output.Type("Empty "u8);
        }

        for (int i = f.Depth - 1; i >= 0; i--)
        {
            Show(f, f.Numbers.Signed(f.Peek(i)), 0);
        }
    }

    private static void HoldAll(ForthEngine f, ulong value)
    {
        do
        {
            value = f.Numbers.HoldDigit(value);
        }
        while (value != 0 && f.Fault == 0);
    }

    private static void Holds(ForthEngine f)
    {
        uint length = f.PopUnsigned();
        if (!f.Memory.TryCopy(f.PopUnsigned(), length, DataSpace.LongestText, out byte[] text))
        {
            f.Throw(ThrowCode.InvalidAddress);
        }

        for (int i = text.Length - 1; i >= 0; i--)
        {
            f.Numbers.Hold(text[i]);
        }
    }

    private static void PushText(ForthEngine f, string text)
    {
        f.Push(f.Memory.KeepForAWhile(TextOutput.Bytes(text)));
        f.Push(text.Length);
    }

    private static void ToDigit(ForthEngine f)
    {
        uint numberBase = f.PopUnsigned();
        int character = f.Pop();
        bool ok = NumberText.TryDigit((byte)character, numberBase, out uint digit);
        f.Push(ok ? (int)digit : character);
        f.Push(ok);
    }

    private static void ToNumber(ForthEngine f)
    {
        uint length = f.PopUnsigned();
        bool ok = f.Memory.TryCopy(f.PopUnsigned(), length, 256, out byte[] text) & NumberText.TryParse(text, f.Numbers.Base, out long value, out _);
        if (ok)
        {
            f.Push((int)value);
        }

        f.Push(!ok);
    }

    private static void Accumulate(ForthEngine f)
    {
        uint length = f.PopUnsigned();
        uint address = f.PopUnsigned();
        ulong value = (ulong)f.PopDouble();
        f.Charge(length);
        while (length > 0 && f.Memory.TryFetch8(address, out uint character) && NumberText.TryDigit((byte)character, f.Numbers.Base, out uint digit))
        {
            value = (value * f.Numbers.Base) + digit;
            address++;
            length--;
        }

        f.PushDouble((long)value);
        f.Push(address);
        f.Push(length);
    }

    private static void Convert(ForthEngine f)
    {
        uint address = f.PopUnsigned() + 1;
        f.Push(address);
        f.Push(255);
        Accumulate(f);
        _ = f.Pop();
    }
}
