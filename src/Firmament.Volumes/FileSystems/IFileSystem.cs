namespace Firmament.Volumes.FileSystems;

/// <summary>
/// The files of a volume, for reading. Paths start at the volume's root; "\" and "/" separate, "." and ".." mean what they do elsewhere, symbolic
/// links are followed within the volume. A name that is not there exactly matches without regard to case. No input makes a member throw.
/// </summary>
public interface IFileSystem
{
    /// <summary>"iso9660", "fat12", "fat16", "fat32", "ext2", "ext3", "ext4", "hfs", "hfs+" or "hfsx".</summary>
    string Kind { get; }

    /// <summary>The volume's name; empty when it has none.</summary>
    string Label { get; }

    /// <summary>
    /// Opens the file at <paramref name="path"/>; null when there is none, or only a directory. On HFS and HFS+ a path that starts with two "\" starts
    /// in the blessed folder, and a last component ":tbxi" is the first file of that type, as in Apple's Open Firmware.
    /// </summary>
    IVolumeFile? OpenFile(string path);

    /// <summary>The entries of the directory at <paramref name="path"/>, in the volume's order, 65,536 at most; null when there is no such directory.</summary>
    IReadOnlyList<DirectoryEntry>? List(string path);
}
