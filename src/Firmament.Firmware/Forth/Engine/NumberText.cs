namespace Firmament.Firmware.Forth.Engine;

/// <summary>
/// Numbers as the text interpreter reads them: digits of the current base with an optional sign. Periods and commas between digits are ignored,
/// a last period makes a double-cell number; "0x", "$", "#" and "%" in front choose the base (Forth 2012 3.4.1.3).
/// </summary>
internal static class NumberText
{
    public static bool TryParse(ReadOnlySpan<byte> text, uint numberBase, out long value, out bool isDouble)
    {
        value = 0;
        isDouble = false;
        if (text.Length == 3 && text[0] == '\'' && text[2] == '\'')
        {
            value = text[1];
            return true;
        }

        bool negative = TakeSign(ref text);
        numberBase = TakePrefix(ref text, numberBase);
        negative |= !negative && TakeSign(ref text);
        if (text.Length > 1 && text[^1] == '.')
        {
            isDouble = true;
            text = text[..^1];
        }

        bool any = false;
        ulong total = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is (byte)'.' or (byte)',' && any && i + 1 < text.Length)
            {
                continue;
            }

            if (!TryDigit(text[i], numberBase, out uint digit))
            {
                return false;
            }

            total = (total * numberBase) + digit;
            any = true;
        }

        value = negative ? -(long)total : (long)total;
        return any;
    }

    /// <summary>The value of a digit in a base. False when it is none.</summary>
    public static bool TryDigit(byte character, uint numberBase, out uint digit)
    {
        digit = character switch
        {
            >= (byte)'0' and <= (byte)'9' => (uint)(character - '0'),
            >= (byte)'a' and <= (byte)'z' => (uint)(character - 'a' + 10),
            >= (byte)'A' and <= (byte)'Z' => (uint)(character - 'A' + 10),
            _ => uint.MaxValue,
        };
        return digit < numberBase;
    }

    private static bool TakeSign(ref ReadOnlySpan<byte> text)
    {
        bool negative = text.Length > 1 && text[0] == '-';
        text = negative ? text[1..] : text;
        return negative;
    }

    private static uint TakePrefix(ref ReadOnlySpan<byte> text, uint numberBase)
    {
        if (text.Length > 2 && text[0] == '0' && (text[1] | 0x20) == 'x')
        {
            text = text[2..];
            return 16;
        }

        uint found = text.Length < 2 ? 0u : text[0] switch
        {
            (byte)'$' => 16u,
            (byte)'#' => 10u,
            (byte)'%' => 2u,
            _ => 0u,
        };
        text = found == 0 ? text : text[1..];
        return found == 0 ? numberBase : found;
    }
}
