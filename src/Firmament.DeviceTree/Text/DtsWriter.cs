using System.Buffers;
using System.Globalization;
using System.Text;
using Firmament.DeviceTree.Flattened;

namespace Firmament.DeviceTree.Text;

/// <summary>
/// Writes a tree as device tree source in the manner of <c>dtc</c>, which compiles the text back to an equal tree. Names that
/// the language cannot spell are kept as comments only.
/// </summary>
public static class DtsWriter
{
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789,._+*#?@-");

    /// <summary>Writes a tree that was read from a blob, with its reservations.</summary>
    public static string Write(FdtImage image) => Write(image.Tree, image.Reservations);

    /// <summary>Writes a tree. Lines end with "\n".</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="reservations">Written as <c>/memreserve/</c>; none for null.</param>
    public static string Write(DeviceTree tree, IReadOnlyList<FdtReservation>? reservations = null)
    {
        StringBuilder text = new("/dts-v1/;\n\n");
        foreach (FdtReservation entry in reservations ?? [])
        {
            text.Append(CultureInfo.InvariantCulture, $"/memreserve/\t0x{entry.Address:x16} 0x{entry.Size:x16};\n");
        }

        WriteNode(text, tree.Root, 0);
        return text.ToString();
    }

    private static void WriteNode(StringBuilder text, DeviceNode node, int depth)
    {
        text.Append('\t', depth).Append(depth == 0 ? "/" : node.Name).Append(" {\n");
        foreach (DeviceProperty property in node.Properties)
        {
            text.Append('\t', depth + 1);
            string value = PropertyText.Format(property);
            if (!CanSpell(property.Name))
            {
                text.Append(CultureInfo.InvariantCulture, $"/* no DTS spelling: {Comment(property.Name)} = {Comment(value)} */\n");
                continue;
            }

            text.Append(property.Name).Append(value.Length == 0 ? "" : " = ").Append(value).Append(";\n");
        }

        foreach (DeviceNode child in node.Children)
        {
            text.Append('\n');
            if (CanSpell(child.Name))
            {
                WriteNode(text, child, depth + 1);
            }
            else
            {
                text.Append('\t', depth + 1);
                text.Append(CultureInfo.InvariantCulture, $"/* no DTS spelling: node {Comment(child.Name)} and what is below it */\n");
            }
        }

        text.Append('\t', depth).Append("};\n");
    }

    private static bool CanSpell(string name) => !name.AsSpan().ContainsAnyExcept(NameCharacters);

    private static string Comment(string text)
    {
        StringBuilder safe = new();
        foreach (char c in text)
        {
            _ = c is < ' ' or > '~' or '*' or '/'
                ? safe.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}")
                : safe.Append(c);
        }

        return safe.ToString();
    }
}
