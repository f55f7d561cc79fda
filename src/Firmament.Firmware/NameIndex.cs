using System.Text;

namespace Firmament.Firmware;

/// <summary>A dictionary asked with names as guests spell them: ISO 8859-1 bytes. Asking allocates nothing.</summary>
internal sealed class NameIndex<TValue>
    where TValue : class
{
    /// <summary>Longest name; IEEE 1275-1994 2.4.1 allows 31 characters.</summary>
    public const int LongestName = 63;

    private readonly Dictionary<string, TValue> _values = new(StringComparer.Ordinal);

    public TValue this[string name] => _values[name];

    public void Add(string name, TValue value) => _values.Add(name, value);

    public TValue? Find(ReadOnlySpan<byte> name)
    {
        if (name.Length > LongestName)
        {
            return null;
        }

        Span<char> text = stackalloc char[LongestName];
        int length = Encoding.Latin1.GetChars(name, text);
        return _values.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text[..length], out TValue? value) ? value : null;
    }
}
