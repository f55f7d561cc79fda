using System.Text;

namespace Firmament.Volumes.FileSystems.Hfs;

/// <summary>
/// The catalog of HFS or HFS+ as a tree of files. Only data forks are read, and a journal is not replayed. Not modelled: compressed files, folders
/// that are hard links.
/// </summary>
internal sealed class HfsFileSystem<TFormat> : TreeFileSystem
    where TFormat : IHfsFormat
{
    private const uint RootFolder = 2;
    private const uint ExtentsFile = 3;
    private const uint CatalogFile = 4;

    /// <summary>Where HFS+ keeps files that have several names (TN1150, "Hard Links"); the name starts with four NULs.</summary>
    private const string PrivateFolder = "\0\0\0\0HFS+ Private Data";

    private readonly HfsGeometry _geometry;
    private readonly HfsTree<TFormat> _catalog;
    private readonly HfsTree<TFormat>? _overflow;

    private HfsFileSystem(
        VolumeReader reader, string kind, string label, HfsGeometry geometry, uint blessed, HfsTree<TFormat> catalog, HfsTree<TFormat>? overflow)
        : base(reader)
    {
        Kind = kind;
        _geometry = geometry;
        _catalog = catalog;
        _overflow = overflow;
        Blessed = blessed == 0 ? Root : new HfsNode { Name = "", Kind = EntryKind.Directory, Id = blessed };
        Label = label.Length == 0 ? ThreadName() : label;
    }

    public override string Kind { get; }

    public override string Label { get; }

    protected override Node Root { get; } = new HfsNode { Name = "", Kind = EntryKind.Directory, Id = RootFolder };

    protected override Node Blessed { get; }

    /// <summary>Null when the catalog cannot be read.</summary>
    public static HfsFileSystem<TFormat>? Open(
        VolumeReader reader, string kind, string label, HfsGeometry geometry, uint blessed, HfsFork extents, HfsFork catalog)
    {
        HfsTree<TFormat>? overflow = HfsTree<TFormat>.Open(reader, new HfsContent<TFormat>(reader, geometry, extents, ExtentsFile, null));
        HfsTree<TFormat>? tree = HfsTree<TFormat>.Open(reader, new HfsContent<TFormat>(reader, geometry, catalog, CatalogFile, overflow));
        return tree == null ? null : new HfsFileSystem<TFormat>(reader, kind, label, geometry, blessed, tree, overflow);
    }

    protected override void Scan(Node directory, Func<Node, bool> visit) =>
        ScanAll(((HfsNode)directory).Id, node => node.Name[0] == '\0' || visit(node));

    protected override Node? Complete(Node found)
    {
        if (found is not HfsNode { LinkedFile: not 0 } link)
        {
            return found;
        }

        return FindChild(RootFolder, PrivateFolder) is { } folder && FindChild(folder.Id, $"iNode{link.LinkedFile}") is { Data: not null } file
            ? new HfsNode { Name = link.Name, Kind = EntryKind.File, Id = file.Id, Length = file.Length, FileType = file.FileType, Data = file.Data }
            : null;
    }

    protected override FileContent? ContentOf(Node file) =>
        file is HfsNode { Data: { Length: >= 0 } data } node ? new HfsContent<TFormat>(Reader, _geometry, data, node.Id, _overflow) : null;

    protected override string? TargetOf(Node link)
    {
        if (link.Length is 0 or > VolumePath.MostCharacters || ContentOf(link) is not { } content)
        {
            return null;
        }

        byte[] target = new byte[(int)link.Length];
        return content.TryReadStructure(0, target) ? Encoding.UTF8.GetString(target) : null;
    }

    /// <summary>Shows a folder's records: those whose key has it as parent.</summary>
    private void ScanAll(uint folder, Func<HfsNode, bool> visit) => _catalog.Scan(
        record => record.Be32(2) < folder,
        record => record.Be32(2) < folder
            || (record.Be32(2) == folder && (TFormat.Node(record) is not { Name.Length: > 0 } node || visit(node))));

    private HfsNode? FindChild(uint folder, string name)
    {
        HfsNode? found = null;
        ScanAll(folder, node => (found = node.Name == name ? node : null) == null);
        return found;
    }

    /// <summary>The volume's name is that of its root folder, which the record with the folder's own number has (TN1150, "Catalog Thread Records").</summary>
    private string ThreadName()
    {
        const int folderThread = 3;
        string name = "";
        _catalog.Scan(
            static record => record.Be32(2) < RootFolder,
            record =>
            {
                Fields data = record.Slice(TFormat.DataOffset(record));
                name = record.Be32(2) == RootFolder && data.Be16(0) == folderThread ? HfsPlusFormat.Name(data, 8) : "";
                return record.Be32(2) <= RootFolder && name.Length == 0;
            });
        return name;
    }
}
