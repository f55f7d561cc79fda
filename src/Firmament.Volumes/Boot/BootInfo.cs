using System.Text;

namespace Firmament.Volumes.Boot;

/// <summary>
/// A CHRP boot script file: \ppc\bootinfo.txt, or a file of type tbxi ("PowerPC Microprocessor CHRP Platform binding to IEEE 1275", 11.1). Tags in
/// angle brackets, in any case, with Forth text between the tags boot-script; icons are skipped.
/// </summary>
public sealed class BootInfo
{
    /// <summary>Bytes of a file that are looked at; a program may follow the script (the "Mac OS ROM" file), and an icon of 128 by 128 takes 32 KiB.</summary>
    public const int MostBytes = 256 * 1024;

    private readonly string _script;

    private BootInfo(string description, string osName, string script)
    {
        Description = description;
        OsName = osName;
        _script = script;
    }

    /// <summary>For a menu, one line or several; empty when the file has none.</summary>
    public string Description { get; }

    /// <summary>Name of the operating system; empty when the file has none.</summary>
    public string OsName { get; }

    /// <summary>Reads a boot script file; null when it has no complete boot script in its first <see cref="MostBytes"/>.</summary>
    public static BootInfo? Parse(ReadOnlySpan<byte> file)
    {
        string text = Encoding.Latin1.GetString(file[..Math.Min(file.Length, MostBytes)]);
        Dictionary<string, string> elements = new(StringComparer.OrdinalIgnoreCase);
        int at = 0;
        while ((at = text.IndexOf('<', at)) >= 0)
        {
            at = text.AsSpan(at).StartsWith("<!--") ? After(text, "-->", at) : ReadElement(text, at, elements);
        }

        return elements.TryGetValue("boot-script", out string? script)
            ? new BootInfo(
                BootEntities.Replace(elements.GetValueOrDefault("description", ""), null).Trim(),
                BootEntities.Replace(elements.GetValueOrDefault("os-name", ""), null).Trim(),
                script)
            : null;
    }

    /// <summary>The Forth text, with line ends as in the file, and its entities replaced by what they mean there.</summary>
    public string ScriptAt(BootLocation location) => BootEntities.Replace(_script, location);

    /// <summary>Takes the element that starts at <paramref name="at"/>; the first of a name counts. Gives the place to go on from.</summary>
    private static int ReadElement(string text, int at, Dictionary<string, string> elements)
    {
        int end = text.IndexOf('>', at);
        if (end < 0)
        {
            return text.Length;
        }

        ReadOnlySpan<char> tag = text.AsSpan(at + 1, end - at - 1);
        int length = tag.IndexOfAny(" \t\r\n=");
        string name = (length < 0 ? tag : tag[..length]).ToString().ToLowerInvariant();
        if (name is not ("description" or "os-name" or "boot-script" or "icon" or "os-badge-icons"))
        {
            return end + 1;
        }

        int close = text.IndexOf($"</{name}>", end, StringComparison.OrdinalIgnoreCase);
        if (close < 0)
        {
            // Without its end a script may be cut anywhere; an icon only hides what follows it.
            return name == "boot-script" ? text.Length : end + 1;
        }

        elements.TryAdd(name, text[(end + 1)..close]);
        return close + 1;
    }

    private static int After(string text, string mark, int at)
    {
        int found = text.IndexOf(mark, at, StringComparison.Ordinal);
        return found < 0 ? text.Length : found + mark.Length;
    }
}
