namespace Firmament.Volumes.FileSystems;

/// <summary>Paths over a file system's directories: what all of them share.</summary>
internal abstract class TreeFileSystem(VolumeReader reader) : IFileSystem
{
    /// <summary>Entries a listing has at most.</summary>
    public const int MostEntries = 65_536;

    /// <summary>Bytes of a directory that are looked at: enough for as many entries with the longest names.</summary>
    protected const long MostDirectoryBytes = 32 << 20;

    /// <summary>Symbolic links one path may follow, as in Linux (path_resolution(7)).</summary>
    public const int MostLinks = 40;

    private const int FileTypeLength = 4;

    public abstract string Kind { get; }

    public abstract string Label { get; }

    protected VolumeReader Reader { get; } = reader;

    protected abstract Node Root { get; }

    /// <summary>Where a path that starts with two backslashes starts.</summary>
    protected virtual Node Blessed => Root;

    public IVolumeFile? OpenFile(string path)
    {
        Reader.Begin();
        return Walk(path) is { Kind: EntryKind.File } file && ContentOf(file) is { } content ? new VolumeFile(Reader, file.Name, content) : null;
    }

    public IReadOnlyList<DirectoryEntry>? List(string path)
    {
        Reader.Begin();
        if (Walk(path) is not { Kind: EntryKind.Directory } directory)
        {
            return null;
        }

        List<DirectoryEntry> entries = [];
        Scan(directory, found =>
        {
            if (Complete(found) is { } node)
            {
                entries.Add(new DirectoryEntry(node.Name, node.Kind, node.Kind == EntryKind.Directory ? 0 : node.Length));
            }

            return entries.Count < MostEntries;
        });
        return entries;
    }

    /// <summary>Shows the entries of a directory, without "." and "..", until <paramref name="visit"/> answers false or the volume ends them.</summary>
    protected abstract void Scan(Node directory, Func<Node, bool> visit);

    /// <summary>What a scan left out because it lies elsewhere; null when it cannot be read.</summary>
    protected virtual Node? Complete(Node found) => found;

    /// <summary>The contents of a file; null when they cannot be read.</summary>
    protected abstract FileContent? ContentOf(Node file);

    /// <summary>The text of a symbolic link.</summary>
    protected virtual string? TargetOf(Node link) => null;

    /// <summary>The spelling under which a name that was not found may be there.</summary>
    protected virtual string Respell(string name) => name;

    private Node? Walk(string path)
    {
        Stack<string> components = new();
        if (!VolumePath.TryPush(path, components))
        {
            return null;
        }

        // What was passed on the way down is what ".." goes back to, whatever the volume itself says.
        Stack<Node> above = new();
        Node at = path.StartsWith(@"\\", StringComparison.Ordinal) ? Blessed : Root;
        int links = 0;
        while (components.TryPop(out string? name))
        {
            if (at.Kind != EntryKind.Directory || !Reader.TrySpend())
            {
                return null;
            }

            if (name is "." or "..")
            {
                at = name == ".." && above.TryPop(out Node? parent) ? parent : at;
                continue;
            }

            if (Find(at, name) is not { } found)
            {
                return null;
            }

            if (found.Kind != EntryKind.Link)
            {
                above.Push(at);
                at = found;
                continue;
            }

            if (++links > MostLinks || TargetOf(found) is not { Length: > 0 } target || !VolumePath.TryPush(target, components))
            {
                return null;
            }

            if (target[0] == '/')
            {
                above.Clear();
                at = Root;
            }
        }

        return at;
    }

    private Node? Find(Node directory, string name)
    {
        Node? found = name.Length == 1 + FileTypeLength && name[0] == ':' ? FindType(directory, name[1..]) : null;
        found ??= FindName(directory, name);
        if (found == null && Respell(name) is { } respelt && respelt != name)
        {
            found = FindName(directory, respelt);
        }

        return found == null ? null : Complete(found);
    }

    private Node? FindName(Node directory, string name)
    {
        Node? exact = null;
        Node? similar = null;
        string composed = VolumePath.Compose(name);
        Scan(directory, node =>
        {
            if (node.Name == composed)
            {
                exact = node;
                return false;
            }

            if (similar == null && (VolumePath.IsSameName(node.Name, composed) || (node.Alias != null && VolumePath.IsSameName(node.Alias, composed))))
            {
                similar = node;
            }

            return true;
        });
        return exact ?? similar;
    }

    private Node? FindType(Node directory, string type)
    {
        Node? found = null;
        Scan(directory, node =>
        {
            found = node is { Kind: EntryKind.File } && node.FileType == type ? node : null;
            return found == null;
        });
        return found;
    }
}
