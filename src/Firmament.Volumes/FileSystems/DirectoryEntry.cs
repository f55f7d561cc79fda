namespace Firmament.Volumes.FileSystems;

/// <summary>An entry of a directory.</summary>
/// <param name="Name">As the volume has it, without an ISO 9660 version.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Length">Bytes of a file, 0 of a directory. As the volume states it: a sparse or damaged file may be longer than its volume.</param>
public readonly record struct DirectoryEntry(string Name, EntryKind Kind, long Length);
