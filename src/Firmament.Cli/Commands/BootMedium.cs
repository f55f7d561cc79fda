using Firmament.Core;
using Firmament.Volumes;
using Firmament.Volumes.FileSystems;
using Firmament.Volumes.Labels;

namespace Firmament.Cli.Commands;

/// <summary>An image that boot is given: a disk or a CD, and the machine that its system is for.</summary>
/// <param name="IsCdrom">It has an ISO 9660 file system and nothing in front of it.</param>
/// <param name="Machine">The machine's name.</param>
internal readonly record struct BootMedium(bool IsCdrom, string Machine)
{
    private const string Board = "pegasos2";
    private const string Partition = "pseries";

    /// <summary>Looks at an image. Never changes it.</summary>
    /// <exception cref="UserErrorException">It cannot be read, or is no disk.</exception>
    public static BootMedium Read(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            FileSource disk = new(file);
            Span<byte> start = stackalloc byte[4];
            if (disk.TryRead(0, start) && start.SequenceEqual("\u007fELF"u8))
            {
                throw new UserErrorException($"'{path}' is a program, not a disk; give it to firmament run --kernel.");
            }

            IFileSystem? files = FileSystem.Open(disk);
            return new(files?.Kind == "iso9660", MachineFor(DiskLabel.Read(disk), files));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"'{path}' cannot be read ({e.Message.TrimEnd('.')}); give boot a readable image.", e);
        }
    }

    /// <summary>Amiga disks, MorphOS CDs and Debian's 32-bit CDs are for the board; what has a PReP partition or boots by CHRP is for a partition.</summary>
    private static string MachineFor(DiskLabel label, IFileSystem? files)
    {
        bool isBoard = label.Kind == DiskLabelKind.AmigaRdb
            || files?.OpenFile("boot.img") != null
            || files?.OpenFile("install/powerpc/vmlinux") != null;
        return isBoard ? Board : Partition;
    }

    private sealed class FileSource(FileStream file) : IByteSource
    {
        public long Length => file.Length;

        public int BlockSize => 512;

        public bool TryRead(long offset, Span<byte> destination)
        {
            if (offset < 0 || offset > Length - destination.Length)
            {
                return false;
            }

            file.Position = offset;
            return file.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false) == destination.Length;
        }
    }
}
