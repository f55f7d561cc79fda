using Firmament.Core.Backends.Host;

namespace Firmament.Core.Backends;

/// <summary>Opens disk images by name.</summary>
public static class DiskImage
{
    /// <summary>Bytes in a sector, the unit of every disk's length.</summary>
    public const int SectorSize = 512;

    /// <summary>Opens a raw image or an NBD export.</summary>
    /// <param name="path">An NBD address (see <see cref="NbdAddress"/>), or a regular file. A writable one must be a multiple of 512 bytes long; otherwise its last part reads as padded with zeros.</param>
    /// <param name="access">Read-write, read-only or snapshot.</param>
    /// <exception cref="BackendException">The file is missing, unreadable, empty, in use, or of a length no disk has.</exception>
    public static IBlockBackend Open(string path, DiskAccess access)
    {
        bool writable = access == DiskAccess.ReadWrite;
        IBlockBackend image = NbdAddress.IsNbd(path) ? NbdDisk.Open(NbdAddress.Parse(path), writable) : RawDiskImage.Open(path, writable);
        if (access != DiskAccess.Snapshot)
        {
            return image;
        }

        try
        {
            return new SnapshotDisk(image);
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }
}
