using System.Globalization;
using System.Text;
using Firmament.Core.Time;

namespace Firmament.Core.Tracing;

/// <summary>
/// The text form of a trace event, written and read: <c>0.001234000 firmware client getprop phandle=0x3(/chosen) name="stdout" size=4</c>.
/// </summary>
/// <remarks>
/// docs/tracing.md has the format. Control characters are escaped, so that guest text can forge no line. A value is text in quotes (in it a backslash
/// before a quote or a backslash), bytes in brackets, or words up to the next <c> key=</c>; a name is words likewise.
/// </remarks>
public static class TextTraceFormat
{
    /// <summary>Appends an event's line without its end.</summary>
    public static void Append(StringBuilder line, in TraceEvent traceEvent)
    {
        ArgumentNullException.ThrowIfNull(line);
        long time = traceEvent.Time.Nanoseconds;
        line.Append(CultureInfo.InvariantCulture, $"{time / 1_000_000_000}.{time % 1_000_000_000:d9} ");
        line.Append(TraceCategories.NameOf(traceEvent.Category)).Append(' ');
        AppendEscaped(line, traceEvent.Source);
        line.Append(' ');
        AppendEscaped(line, traceEvent.Name);
        foreach (KeyValuePair<string, string> field in traceEvent.Fields)
        {
            line.Append(' ');
            AppendEscaped(line, field.Key);
            line.Append('=');
            AppendEscaped(line, field.Value);
        }
    }

    /// <summary>An event's line without its end.</summary>
    public static string Line(in TraceEvent traceEvent)
    {
        StringBuilder line = new();
        Append(line, traceEvent);
        return line.ToString();
    }

    /// <summary>Reads a line without its end. False when it is not one of a trace.</summary>
    public static bool TryParse(ReadOnlySpan<char> line, out TraceEvent traceEvent)
    {
        traceEvent = default;
        if (!TryTakeTime(ref line, out VirtualTime time) || TraceCategories.Find(TakeWord(ref line)) is not (not TraceCategory.None and var category))
        {
            return false;
        }

        string source = Unescape(TakeWord(ref line));
        if (source.Length == 0 || line.IsEmpty)
        {
            return false;
        }

        if (category == TraceCategory.GuestErrors)
        {
            // A sentence that may have a = in it.
            traceEvent = new TraceEvent(time, category, source, Unescape(line), []);
            return true;
        }

        int end = EndOfValue(line);
        string name = Unescape(line[..end]);
        List<KeyValuePair<string, string>> fields = [];
        while (end < line.Length)
        {
            line = line[(end + 1)..];
            int equals = line.IndexOf('=');
            string key = Unescape(line[..equals]);
            line = line[(equals + 1)..];
            end = EndOfValue(line);
            fields.Add(new(key, Unescape(line[..end])));
        }

        traceEvent = new TraceEvent(time, category, source, name, fields);
        return true;
    }

    private static bool TryTakeTime(ref ReadOnlySpan<char> line, out VirtualTime time)
    {
        time = default;
        int point = line.IndexOf('.');
        const int Decimals = 9;
        if (point < 1 || line.Length < point + Decimals + 2 || line[point + 1 + Decimals] != ' '
            || !long.TryParse(line[..point], NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
            || !long.TryParse(line.Slice(point + 1, Decimals), NumberStyles.None, CultureInfo.InvariantCulture, out long rest)
            || seconds > long.MaxValue / 1_000_000_000 - 1)
        {
            return false;
        }

        time = new VirtualTime((seconds * 1_000_000_000) + rest);
        line = line[(point + Decimals + 2)..];
        return true;
    }

    private static ReadOnlySpan<char> TakeWord(ref ReadOnlySpan<char> line)
    {
        int space = line.IndexOf(' ');
        ReadOnlySpan<char> word = space < 0 ? line : line[..space];
        line = space < 0 ? [] : line[(space + 1)..];
        return word;
    }

    /// <summary>The length of what stands before the next <c> key=</c>; quoted text and brackets are passed over as a whole.</summary>
    private static int EndOfValue(ReadOnlySpan<char> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            char close = text[i] switch { '"' => '"', '[' => ']', '(' => ')', _ => '\0' };
            if (close != '\0')
            {
                int end = EndOfQuoted(text, i + 1, close);
                i = end < 0 ? i : end;
            }
            else if (text[i] == ' ' && StartsField(text[(i + 1)..]))
            {
                return i;
            }
        }

        return text.Length;
    }

    private static int EndOfQuoted(ReadOnlySpan<char> text, int from, char close)
    {
        for (int i = from; i < text.Length; i++)
        {
            if (text[i] == '\\' && close == '"')
            {
                i++;
            }
            else if (text[i] == close)
            {
                return i;
            }
        }

        return -1;
    }

    private static bool StartsField(ReadOnlySpan<char> text)
    {
        int i = 0;
        while (i < text.Length && (char.IsAsciiLetterOrDigit(text[i]) || text[i] is '-' or '_' or '.' or '#' or ',' or '\\'))
        {
            i++;
        }

        return i > 0 && i < text.Length && text[i] == '=';
    }

    private static void AppendEscaped(StringBuilder line, string text)
    {
        foreach (char c in text)
        {
            if (c is < ' ' or (>= '\x7f' and < '\xa0') or '\u2028' or '\u2029')
            {
                line.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}");
            }
            else
            {
                line.Append(c);
            }
        }
    }

    /// <summary>Undoes <see cref="AppendEscaped"/>. A backslash before anything else stays, and the character after it is passed over.</summary>
    private static string Unescape(ReadOnlySpan<char> text)
    {
        if (!text.Contains('\\'))
        {
            return text.ToString();
        }

        StringBuilder plain = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            // No space is ever escaped, so 20 begins the four digits of U+2028 and U+2029.
            int digits = i + 3 < text.Length && text[i + 2] == '2' && text[i + 3] == '0' ? 4 : 2;
            if (text[i] == '\\' && i + 1 + digits < text.Length && text[i + 1] == 'x'
                && ushort.TryParse(text.Slice(i + 2, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code))
            {
                plain.Append((char)code);
                i += 1 + digits;
                continue;
            }

            plain.Append(text[i]);
            if (text[i] == '\\' && i + 1 < text.Length)
            {
                plain.Append(text[++i]);
            }
        }

        return plain.ToString();
    }
}
