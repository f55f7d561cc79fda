namespace Firmament.Volumes.FileSystems;

/// <summary>An entry found in a directory; each file system's own says where its contents are.</summary>
internal abstract class Node
{
    public required string Name { get; init; }

    /// <summary>Another name it answers to: FAT's 8.3 name, the ISO 9660 name beside Rock Ridge's.</summary>
    public string? Alias { get; init; }

    /// <summary>Macintosh file type, four characters.</summary>
    public string? FileType { get; init; }

    public EntryKind Kind { get; init; }

    public long Length { get; init; }
}
