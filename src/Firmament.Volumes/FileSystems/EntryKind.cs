namespace Firmament.Volumes.FileSystems;

/// <summary>What an entry of a directory is.</summary>
public enum EntryKind
{
    /// <summary>A file with contents.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link; paths through it are followed within the volume.</summary>
    Link,

    /// <summary>A device, a pipe, a socket: nothing that can be read.</summary>
    Other,
}
