namespace Firmament.Core.Backends;

/// <summary>
/// A place in a file tree: names from the root down. Names are bytes, one in each character of a string (Latin-1), for the host's names need not be text.
/// </summary>
public sealed class TreePath
{
    /// <summary>Deepest nesting that is followed.</summary>
    public const int Deepest = 256;

    /// <summary>Longest name, bytes.</summary>
    public const int LongestName = 255;

    private readonly string[] _names;

    private TreePath(string[] names) => _names = names;

    /// <summary>The tree's root.</summary>
    public static TreePath Root { get; } = new([]);

    /// <summary>The names.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>True for the root.</summary>
    public bool IsRoot => _names.Length == 0;

    /// <summary>The last name; "" for the root.</summary>
    public string Name => IsRoot ? "" : _names[^1];

    /// <summary>The folder this is in; the root's is the root.</summary>
    public TreePath Parent => IsRoot ? this : new(_names[..^1]);

    /// <summary>True for what may name a file: not empty, not "." or "..", no slash, no NUL, not too long.</summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= LongestName && name is not ("." or "..") && !name.Contains('/') && !name.Contains('\0') && name.All(static c => c <= 0xff);

    /// <summary>Reads what <see cref="ToString"/> wrote; null when a name is not one.</summary>
    public static TreePath? Parse(string text)
    {
        string[] names = text.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return names.Length <= Deepest && names.All(IsName) ? new(names) : null;
    }

    /// <summary>A name in this folder.</summary>
    /// <exception cref="ArgumentException"><see cref="IsName"/> is false for it.</exception>
    public TreePath Child(string name) => IsName(name) ? new([.. _names, name]) : throw new ArgumentException("not a file's name", nameof(name));

    /// <summary>True when this is <paramref name="folder"/> or below it.</summary>
    public bool IsWithin(TreePath folder) => _names.AsSpan().StartsWith(folder._names);

    /// <summary>Where this is after <paramref name="from"/>, which it is or is below, became <paramref name="to"/>.</summary>
    public TreePath Moved(TreePath from, TreePath to) => new([.. to._names, .. _names.AsSpan(from._names.Length)]);

    /// <summary>The names with slashes between them.</summary>
    public override string ToString() => "/" + string.Join('/', _names);
}
