using Firmament.Firmware.Forth.Engine;

namespace Firmament.Firmware.Forth.Words;

/// <summary>Strings (IEEE 1275-1994 7.3.4.7 and 5.3.2.3).</summary>
internal static class StringWords
{
    public static void AddTo(WordTable t)
    {
        t.Immediate("\"", "-- addr len", static f => Quote(f));
        t.Immediate("s\"", "-- addr len", static f => f.Compiler.String(f.Input.Parse((byte)'"', false, out _)));
        t.Immediate("c\"", "-- pstr", static f => f.Compiler.CountedString(f.Input.Parse((byte)'"', false, out _)));
        t.Immediate("p\"", "-- pstr", static f => f.Compiler.CountedString(f.Input.Parse((byte)'"', false, out _)));
        t.Immediate(".\"", "--", static f => Print(f, (byte)'"'));
        t.Immediate(".(", "--", static f => f.Output.Type(f.Input.Parse((byte)')', false, out _)));
        t.Immediate("abort\"", "--", static f => { f.Compiler.String(f.Input.Parse((byte)'"', false, out _)); f.Compiler.CompileOrRun("(abort\")"); });
        t.Nameless("(abort\")", "flag addr len --", static f => AbortQuote(f));
        t.Add("count", "pstr -- addr len", static f => Count(f), 0x84);
        t.Add("pack", "addr len target -- pstr", static f => Pack(f), 0x83);
        t.Add("place", "addr len target --", static f => { Pack(f); _ = f.Pop(); });
        t.Add("upc", "char1 -- char2", static f => { int c = f.Pop(); f.Push(c is >= 'a' and <= 'z' ? c & ~0x20 : c); }, 0x81);
        t.Add("lcc", "char1 -- char2", static f => { int c = f.Pop(); f.Push(c is >= 'A' and <= 'Z' ? c | 0x20 : c); }, 0x82);
        t.Add("-trailing", "addr len1 -- addr len2", static f => TrimEnd(f));
        t.Add("/string", "addr1 len1 n -- addr2 len2", static f => { int n = f.Pop(); f.Poke(0, f.Peek(0) - n); f.Poke(1, f.Peek(1) + n); });
        t.Add("$=", "addr1 len1 addr2 len2 -- equal?", static f => f.Push(CompareTexts(f) == 0));
        t.Add("compare", "addr1 len1 addr2 len2 -- n", static f => f.Push(CompareTexts(f)));
        t.Add("search", "addr1 len1 addr2 len2 -- addr3 len3 found?", static f => Search(f));
        t.Add("left-parse-string", "addr len char -- R-addr R-len L-addr L-len", static f => SplitText(f, last: false), 0x240);
        t.Add("right-parse-string", "addr len char -- R-addr R-len L-addr L-len", static f => SplitText(f, last: true));
        t.Add("left-split-string", "addr len char -- R-addr R-len L-addr L-len", static f => SplitText(f, last: false));
        t.Add("right-split-string", "addr len char -- R-addr R-len L-addr L-len", static f => SplitText(f, last: true));
        t.Add("parse-2int", "addr len -- lo hi", static f => ParseTwo(f), 0x11b);
        t.Add("cstrlen", "addr -- len", static f => f.Push(Length(f, f.PopUnsigned())));
        t.Add("cscount", "addr -- addr len", static f => f.Push(Length(f, (uint)f.Peek(0))));
        t.Constant("bl", ' ', 0xa9);
        t.Constant("bs", '\b', 0xaa);
        t.Constant("bell", '\a', 0xab);
        t.Constant("linefeed", '\n');
        t.Constant("carret", '\r');
        t.Constant("newline", '\n');
    }

    /// <summary>`"`: text up to a quote, in which "(…)" right after a quote holds hexadecimal bytes (IEEE 1275-1994 7.3.4.7).</summary>
    private static void Quote(ForthEngine f)
    {
        byte[] text = new byte[DataSpace.LongestText];
        int length = 0;
        ReadOnlySpan<byte> rest = f.Input.Rest(out _);
        int at = 0;
        while (true)
        {
            int end = rest[at..].IndexOf((byte)'"');
            ReadOnlySpan<byte> part = end < 0 ? rest[at..] : rest.Slice(at, end);
            part = part[..Math.Min(part.Length, text.Length - length)];
            part.CopyTo(text.AsSpan(length));
            length += part.Length;
            at = end < 0 ? rest.Length : at + end + 1;
            if (at >= rest.Length || rest[at] != '(')
            {
                break;
            }

            at = HexBytes(rest, at + 1, text, ref length);
        }

        // A blank after the closing quote belongs to it.
        f.Input.Skip(Math.Min(rest.Length, at + 1));
        f.Compiler.String(text.AsSpan(0, length));
    }

    private static int HexBytes(ReadOnlySpan<byte> rest, int at, byte[] text, ref int length)
    {
        uint value = 0;
        int digits = 0;
        for (; at < rest.Length && rest[at] != ')'; at++)
        {
            // Anything but a digit separates; two digits make a byte.
            bool isDigit = NumberText.TryDigit(rest[at], 16, out uint digit);
            value = isDigit ? (value << 4) | digit : value;
            digits += isDigit ? 1 : 0;
            if ((digits == 2 || (!isDigit && digits == 1)) && length < text.Length)
            {
                text[length++] = (byte)value;
                (value, digits) = (0, 0);
            }
        }

        if (digits > 0 && length < text.Length)
        {
            text[length++] = (byte)value;
        }

        return Math.Min(at + 1, rest.Length);
    }

    private static void Print(ForthEngine f, byte delimiter)
    {
        ReadOnlySpan<byte> text = f.Input.Parse(delimiter, false, out _);
        if (!f.Compiler.IsCompiling)
        {
            f.Output.Type(text);
            return;
        }

        f.Compiler.String(text);
        f.Compiler.CompileNamed("type");
    }

    private static void AbortQuote(ForthEngine f)
    {
        uint length = f.PopUnsigned();
        uint address = f.PopUnsigned();
        if (f.Pop() == 0)
        {
            return;
        }

        f.Message = f.Memory.TryCopy(address, Math.Min(length, 256), 256, out byte[] text) ? System.Text.Encoding.Latin1.GetString(text) : "";
        f.Throw(ThrowCode.AbortMessage);
    }

    private static void Count(ForthEngine f)
    {
        uint address = f.PopUnsigned();
        if (!f.Memory.TryFetch8(address, out uint length))
        {
            f.Throw(ThrowCode.InvalidAddress);
        }

        f.Push(address + 1);
        f.Push(length);
    }

    private static void Pack(ForthEngine f)
    {
        uint target = f.PopUnsigned();
        uint length = Math.Min(f.PopUnsigned(), 255);
        if (!f.Memory.TryCopy(f.PopUnsigned(), length, 255, out byte[] text) || !f.Memory.TryStore8(target, length) || !f.Memory.TryWrite(target + 1, text))
        {
            f.Throw(ThrowCode.InvalidAddress);
        }

        f.Push(target);
    }

    private static void TrimEnd(ForthEngine f)
    {
        uint length = f.PopUnsigned();
        uint address = (uint)f.Peek(0);
        f.Charge(length);
        while (length > 0 && f.Memory.TryFetch8(address + length - 1, out uint character) && character == ' ')
        {
            length--;
        }

        f.Push(length);
    }

    private static int CompareTexts(ForthEngine f)
    {
        uint secondLength = f.PopUnsigned();
        uint second = f.PopUnsigned();
        uint firstLength = f.PopUnsigned();
        uint first = f.PopUnsigned();
        if (!f.Memory.TryCopy(first, firstLength, 1 << 20, out byte[] left) || !f.Memory.TryCopy(second, secondLength, 1 << 20, out byte[] right))
        {
            f.Throw(ThrowCode.InvalidAddress);
            return 0;
        }

        f.Charge(left.Length / 16);
        return Math.Sign(left.AsSpan().SequenceCompareTo(right));
    }

    private static void Search(ForthEngine f)
    {
        uint wantedLength = f.PopUnsigned();
        uint wanted = f.PopUnsigned();
        uint length = f.PopUnsigned();
        uint address = f.PopUnsigned();
        if (!f.Memory.TryCopy(address, length, 1 << 20, out byte[] text) || !f.Memory.TryCopy(wanted, wantedLength, 1 << 20, out byte[] pattern))
        {
            f.Throw(ThrowCode.InvalidAddress);
            return;
        }

        f.Charge(text.Length / 4);
        int at = text.AsSpan().IndexOf(pattern);
        f.Push(address + (uint)Math.Max(at, 0));
        f.Push(length - (uint)Math.Max(at, 0));
        f.Push(at >= 0);
    }

    private static void SplitText(ForthEngine f, bool last)
    {
        byte delimiter = (byte)f.Pop();
        uint length = f.PopUnsigned();
        uint address = f.PopUnsigned();
        if (!f.Memory.TryCopy(address, length, 1 << 20, out byte[] text))
        {
            f.Throw(ThrowCode.InvalidAddress);
            return;
        }

        int at = last ? Array.LastIndexOf(text, delimiter) : Array.IndexOf(text, delimiter);

        // Without the delimiter the part that was asked for has everything: the left one, or the right one.
        uint left = at >= 0 ? (uint)at : last ? 0 : length;
        uint right = at >= 0 ? (uint)at + 1 : left;
        f.Push(address + right);
        f.Push(length - right);
        f.Push(address);
        f.Push(left);
    }

    private static void ParseTwo(ForthEngine f)
    {
        uint length = f.PopUnsigned();
        if (!f.Memory.TryCopy(f.PopUnsigned(), length, 256, out byte[] text))
        {
            f.Throw(ThrowCode.InvalidAddress);
        }

        int comma = Array.IndexOf(text, (byte)',');
        _ = NumberText.TryParse(comma < 0 ? text : text.AsSpan(0, comma), 16, out long high, out _);
        _ = NumberText.TryParse(comma < 0 ? default : text.AsSpan(comma + 1), 16, out long low, out _);
        f.Push((int)low);
        f.Push((int)high);
    }

    private static int Length(ForthEngine f, uint address)
    {
        int length = 0;
        while (length < 1 << 20 && f.Memory.TryFetch8(address + (uint)length, out uint character) && character != 0)
        {
            length++;
        }

        f.Charge(length);
        return length;
    }
}
