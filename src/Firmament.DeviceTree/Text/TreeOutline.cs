using System.Globalization;
using System.Text;

namespace Firmament.DeviceTree.Text;

/// <summary>Writes a tree as indented names, for a person to look over.</summary>
public static class TreeOutline
{
    private const int MaxValueBytes = 64;

    /// <summary>
    /// One line a node, two blanks of indent a level, its phandle behind; then, if asked for, its properties, long values cut.
    /// Lines end with "\n".
    /// </summary>
    public static string Write(DeviceTree tree, bool properties = true)
    {
        StringBuilder text = new();
        foreach (DeviceNode node in tree.Nodes())
        {
            int indent = node.Depth * 2;
            text.Append(' ', indent).Append(node.Depth == 0 ? "/" : Visible(node.Name));
            text.Append(CultureInfo.InvariantCulture, $"  (phandle 0x{node.Phandle:x})\n");
            if (!properties)
            {
                continue;
            }

            foreach (DeviceProperty property in node.Properties)
            {
                text.Append(' ', indent + 4).Append(Visible(property.Name));
                string value = PropertyText.FormatShort(property.Name, property.Value.Span, MaxValueBytes);
                text.Append(value.Length == 0 ? "" : " = ").Append(value).Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>The text with control characters as "\xNN", so that a name from a guest or a file cannot steer a terminal.</summary>
    internal static string Visible(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return text;
        }

        StringBuilder safe = new();
        foreach (char c in text)
        {
            _ = c is < ' ' or > '~' ? safe.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}") : safe.Append(c);
        }

        return safe.ToString();
    }
}
