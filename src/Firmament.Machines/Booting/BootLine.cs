using Tree = Firmament.DeviceTree.DeviceTree;

namespace Firmament.Machines.Booting;

/// <summary>What stands behind `boot` or `load`: where from, and what for the client (IEEE 1275-1994 7.4.3.2).</summary>
/// <param name="Devices">Specifiers to try in turn.</param>
/// <param name="Arguments">The rest of the line.</param>
internal readonly record struct BootLine(IReadOnlyList<string> Devices, string Arguments)
{
    private static readonly char[] Blanks = [' ', '\t', '\r', '\n'];

    /// <summary>
    /// The first word is a device when it is a path or an alias of one; otherwise the whole line is for the client, and the devices are the default ones.
    /// </summary>
    /// <param name="line">What the user typed behind the command.</param>
    /// <param name="tree">Knows the aliases.</param>
    /// <param name="defaultDevices">The variable `boot-device`: specifiers with blanks between them.</param>
    /// <param name="defaultFile">The variable `boot-file`: the arguments when the line has none.</param>
    public static BootLine Parse(string line, Tree tree, string defaultDevices, string defaultFile)
    {
        string text = line.Trim(Blanks);
        int blank = text.IndexOfAny(Blanks);
        string first = blank < 0 ? text : text[..blank];
        string rest = blank < 0 ? "" : text[(blank + 1)..].Trim(Blanks);
        return first.Length != 0 && IsDevice(first, tree)
            ? new([first], rest.Length != 0 ? rest : defaultFile)
            : new(defaultDevices.Split(Blanks, StringSplitOptions.RemoveEmptyEntries), text.Length != 0 ? text : defaultFile);
    }

    private static bool IsDevice(string word, Tree tree)
    {
        int end = word.AsSpan().IndexOfAny(':', '/');
        string alias = end < 0 ? word : word[..end];
        return word.StartsWith('/') || word.Contains(':', StringComparison.Ordinal) || tree.Root.Child("aliases")?[alias] != null;
    }
}
