using System.Globalization;

namespace Firmament.DeviceTree.Paths;

/// <summary>
/// Compares unit addresses by value. The buses of IEEE 1275 bindings write them as hexadecimal numbers with commas between, with
/// letters of the address space in front on PCI and ISA ("c,1", "i3f8", "71000000"). Anything else compares as text.
/// </summary>
public static class UnitAddress
{
    /// <summary>True when both texts mean the same address: "C,1" and "c,1", "0c" and "c", "c" and "c,0".</summary>
    public static bool Matches(ReadOnlySpan<char> first, ReadOnlySpan<char> second) =>
        first.SequenceEqual(second) || ValuesMatch(first, second);

    private static bool ValuesMatch(ReadOnlySpan<char> first, ReadOnlySpan<char> second)
    {
        int prefix = PrefixLength(first);
        if (prefix != PrefixLength(second) || !first[..prefix].Equals(second[..prefix], StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        first = first[prefix..];
        second = second[prefix..];
        if (first.IsEmpty || second.IsEmpty)
        {
            return false;
        }

        // A missing last number is zero: PCI writes function 0 as "DD" (PCI bus binding 2.2.1.3), SCSI unit 0 as "T".
        bool more = true;
        while (more)
        {
            if (!TryTakeNumber(ref first, out ulong left, out bool moreLeft) ||
                !TryTakeNumber(ref second, out ulong right, out bool moreRight) || left != right)
            {
                return false;
            }

            more = moreLeft || moreRight;
        }

        return true;
    }

    private static int PrefixLength(ReadOnlySpan<char> text)
    {
        int length = 0;
        while (length < text.Length && char.IsAsciiLetter(text[length]) && !char.IsAsciiHexDigit(text[length]))
        {
            length++;
        }

        return length;
    }

    private static bool TryTakeNumber(ref ReadOnlySpan<char> text, out ulong value, out bool more)
    {
        value = 0;
        more = false;
        if (text.IsEmpty)
        {
            return true;
        }

        int comma = text.IndexOf(',');
        more = comma >= 0;
        ReadOnlySpan<char> digits = more ? text[..comma] : text;
        text = more ? text[(comma + 1)..] : default;
        bool dangling = more && text.IsEmpty;
        return !dangling && ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
