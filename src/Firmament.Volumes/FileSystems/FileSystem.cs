using Firmament.Volumes.FileSystems.Ext;
using Firmament.Volumes.FileSystems.Fat;
using Firmament.Volumes.FileSystems.Hfs;
using Firmament.Volumes.FileSystems.Iso9660;

namespace Firmament.Volumes.FileSystems;

/// <summary>Recognises the file system of a volume.</summary>
public static class FileSystem
{
    /// <summary>
    /// Opens the file system that starts at the beginning of <paramref name="source"/>: ISO 9660, ext2 to ext4, HFS, HFS+, HFSX or FAT. Null when it is
    /// none of them, or too damaged to have a root directory. The result reads from the source for as long as it is used.
    /// </summary>
    public static IFileSystem? Open(IByteSource source)
    {
        VolumeReader reader = new(source);
        reader.Begin();

        // FAT last: its boot sector has no signature that another file system could not have beside its own.
        return (IFileSystem?)IsoFileSystem.Open(reader)
            ?? (IFileSystem?)ExtFileSystem.Open(reader)
            ?? (IFileSystem?)HfsVolumes.Open(source, reader)
            ?? FatFileSystem.Open(reader);
    }
}
