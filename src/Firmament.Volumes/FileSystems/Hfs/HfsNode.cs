namespace Firmament.Volumes.FileSystems.Hfs;

/// <summary>A folder or a file of the catalog.</summary>
internal sealed class HfsNode : Node
{
    /// <summary>Catalog node ID.</summary>
    public required uint Id { get; init; }

    /// <summary>The data fork; null for a folder.</summary>
    public HfsFork? Data { get; init; }

    /// <summary>Number of the file that a hard link of HFS+ stands for; 0 for no link.</summary>
    public uint LinkedFile { get; init; }
}
