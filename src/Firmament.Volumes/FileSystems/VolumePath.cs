namespace Firmament.Volumes.FileSystems;

/// <summary>Splits paths and compares names.</summary>
internal static class VolumePath
{
    /// <summary>Longest path or link text that is followed.</summary>
    public const int MostCharacters = 4096;

    // Letters of Latin-1 that Unicode decomposes: base letter, combining mark, composed. HFS+ stores them decomposed (Apple TN1150, "Unicode Subtleties").
    private const string Compositions =
        "A\u0300\u00c0A\u0301\u00c1A\u0302\u00c2A\u0303\u00c3A\u0308\u00c4A\u030a\u00c5C\u0327\u00c7E\u0300\u00c8E\u0301\u00c9E\u0302\u00caE\u0308\u00cb"
        + "I\u0300\u00ccI\u0301\u00cdI\u0302\u00ceI\u0308\u00cfN\u0303\u00d1O\u0300\u00d2O\u0301\u00d3O\u0302\u00d4O\u0303\u00d5O\u0308\u00d6"
        + "U\u0300\u00d9U\u0301\u00daU\u0302\u00dbU\u0308\u00dcY\u0301\u00dd"
        + "a\u0300\u00e0a\u0301\u00e1a\u0302\u00e2a\u0303\u00e3a\u0308\u00e4a\u030a\u00e5c\u0327\u00e7e\u0300\u00e8e\u0301\u00e9e\u0302\u00eae\u0308\u00eb"
        + "i\u0300\u00eci\u0301\u00edi\u0302\u00eei\u0308\u00efn\u0303\u00f1o\u0300\u00f2o\u0301\u00f3o\u0302\u00f4o\u0303\u00f5o\u0308\u00f6"
        + "u\u0300\u00f9u\u0301\u00fau\u0302\u00fbu\u0308\u00fcy\u0301\u00fdy\u0308\u00ff";

    /// <summary>The components of a path, the last first, as a stack to take them from. False when the path is too long.</summary>
    public static bool TryPush(string path, Stack<string> components)
    {
        if (path.Length > MostCharacters)
        {
            return false;
        }

        string[] parts = path.Split(['\\', '/'], StringSplitOptions.RemoveEmptyEntries);
        for (int i = parts.Length - 1; i >= 0; i--)
        {
            components.Push(parts[i]);
        }

        return true;
    }

    public static bool IsSameName(string left, string right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);

    /// <summary>Puts letters of Latin-1 and their marks together; other marks stay as they are.</summary>
    public static string Compose(string name)
    {
        if (!name.AsSpan().ContainsAnyInRange('\u0300', '\u036f'))
        {
            return name;
        }

        System.Text.StringBuilder composed = new(name.Length);
        foreach (char letter in name)
        {
            char whole = composed.Length == 0 ? '\0' : Composed(composed[^1], letter);
            if (whole == '\0')
            {
                composed.Append(letter);
            }
            else
            {
                composed[^1] = whole;
            }
        }

        return composed.ToString();
    }

    private static char Composed(char letter, char mark)
    {
        for (int i = 0; i < Compositions.Length; i += 3)
        {
            if (Compositions[i] == letter && Compositions[i + 1] == mark)
            {
                return Compositions[i + 2];
            }
        }

        return '\0';
    }
}
