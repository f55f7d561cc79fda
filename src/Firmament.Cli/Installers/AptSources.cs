namespace Firmament.Cli.Installers;

/// <summary>An apt source file for one suite, made from the host's own: the same archive and keys, another suite.</summary>
/// <param name="FileName">Its name, whose ending tells apt the format.</param>
/// <param name="Text">Its contents.</param>
internal sealed record AptSources(string FileName, string Text)
{
    private const string Folder = "/etc/apt/sources.list.d";
    private const string OneLineFile = "/etc/apt/sources.list";

    /// <summary>Null when the host names no archive of Debian's.</summary>
    public static AptSources? ForSuite(string suite)
    {
        string[] files = Directory.Exists(Folder) ? Directory.GetFiles(Folder, "*.sources") : [];
        foreach (string file in files.Order(StringComparer.Ordinal))
        {
            if (FromStanzas(File.ReadAllText(file), suite) is { } text)
            {
                return new AptSources("debian.sources", text);
            }
        }

        return File.Exists(OneLineFile) && FromLines(File.ReadAllLines(OneLineFile), suite) is { } line ? new AptSources("debian.list", line) : null;
    }

    /// <summary>The first stanza for Debian's main archive, with its suite changed (sources.list(5), deb822 format).</summary>
    internal static string? FromStanzas(string text, string suite)
    {
        foreach (string stanza in text.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            string[] lines = stanza.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            bool isMain = Array.Exists(lines, static line => line.StartsWith("URIs:", StringComparison.OrdinalIgnoreCase)
                && line.TrimEnd('/').EndsWith("/debian", StringComparison.Ordinal));
            if (isMain)
            {
                return string.Join('\n', lines.Select(line => line.StartsWith("Suites:", StringComparison.OrdinalIgnoreCase) ? "Suites: " + suite : line)) + "\n";
            }
        }

        return null;
    }

    /// <summary>The first line for Debian's main archive, with its suite changed: deb [options] URI suite component….</summary>
    internal static string? FromLines(IEnumerable<string> lines, string suite)
    {
        foreach (string line in lines)
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            int uri = Array.FindIndex(words, static word => word.TrimEnd('/').EndsWith("/debian", StringComparison.Ordinal));
            if (words.Length > 2 && words[0] == "deb" && uri > 0 && uri + 1 < words.Length)
            {
                words[uri + 1] = suite;
                return string.Join(' ', words) + "\n";
            }
        }

        return null;
    }
}
