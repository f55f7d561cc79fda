namespace Firmament.Core.Backends;

/// <summary>What is known of a file, as stat(2) tells it.</summary>
public readonly record struct FileStatus
{
    /// <summary>The part of <see cref="Mode"/> that tells the kind.</summary>
    public const uint KindMask = 0xf000;

    /// <summary>Kind of a folder.</summary>
    public const uint Directory = 0x4000;

    /// <summary>Kind of a regular file.</summary>
    public const uint RegularFile = 0x8000;

    /// <summary>Kind of a symbolic link.</summary>
    public const uint SymbolicLink = 0xa000;

    /// <summary>Kind and permissions.</summary>
    public uint Mode { get; init; }

    /// <summary>Owner.</summary>
    public uint User { get; init; }

    /// <summary>Group.</summary>
    public uint Group { get; init; }

    /// <summary>Number of names.</summary>
    public ulong Links { get; init; }

    /// <summary>The device a device file stands for, as <see cref="MakeDevice"/> packs it.</summary>
    public ulong Device { get; init; }

    /// <summary>Bytes.</summary>
    public ulong Size { get; init; }

    /// <summary>Best length of a transfer, bytes.</summary>
    public ulong BlockSize { get; init; }

    /// <summary>Units of 512 bytes taken on the disk.</summary>
    public ulong Blocks { get; init; }

    /// <summary>Last read.</summary>
    public FileTime AccessTime { get; init; }

    /// <summary>Last write.</summary>
    public FileTime ModifyTime { get; init; }

    /// <summary>Last change of this record.</summary>
    public FileTime ChangeTime { get; init; }

    /// <summary>Number of the file on its file system.</summary>
    public ulong Inode { get; init; }

    /// <summary>Packs a device's numbers as Linux's user space and 9P do: 12 low bits of the major number in the middle of 8 and 12 of the minor.</summary>
    public static ulong MakeDevice(uint major, uint minor) =>
        (minor & 0xff) | ((ulong)(major & 0xfff) << 8) | ((ulong)(minor & ~0xffu) << 12) | ((ulong)(major & ~0xfffu) << 32);

    /// <summary>True for a folder.</summary>
    public bool IsDirectory => (Mode & KindMask) == Directory;

    /// <summary>True for a regular file.</summary>
    public bool IsRegularFile => (Mode & KindMask) == RegularFile;

    /// <summary>True for a symbolic link.</summary>
    public bool IsSymbolicLink => (Mode & KindMask) == SymbolicLink;
}
