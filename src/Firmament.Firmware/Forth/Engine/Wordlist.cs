using System.Text;

namespace Firmament.Firmware.Forth.Engine;

/// <summary>Names and the newest word of each. Names are lower case, and looked up whatever their case (IEEE 1275-1994 2.3.3).</summary>
internal sealed class Wordlist
{
    private readonly Dictionary<string, int> _words = new(StringComparer.Ordinal);

    public int Count => _words.Count;

    /// <summary>Names and word indexes, in no order that matters.</summary>
    public IEnumerable<KeyValuePair<string, int>> Words => _words;

    public void Set(string name, int word) => _words[name] = word;

    public void Clear() => _words.Clear();

    /// <summary>The index of a word, or -1.</summary>
    public int Find(ReadOnlySpan<char> lowerName) =>
        _words.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(lowerName, out int word) ? word : -1;

    /// <summary>Makes characters of a name, in lower case. False when it is longer than any word's.</summary>
    public static bool TryLower(ReadOnlySpan<byte> name, Span<char> text, out ReadOnlySpan<char> lower)
    {
        lower = default;
        if (name.Length > ForthDictionary.LongestName)
        {
            return false;
        }

        int length = Encoding.Latin1.GetChars(name, text);
        for (int i = 0; i < length; i++)
        {
            text[i] = char.IsAsciiLetterUpper(text[i]) ? (char)(text[i] | 0x20) : text[i];
        }

        lower = text[..length];
        return true;
    }
}
