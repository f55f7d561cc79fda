namespace Firmament.Core.Backends;

/// <summary>What is known of a file system, as statfs(2) tells it.</summary>
public readonly record struct FileSystemStatus
{
    /// <summary>Bytes in a block.</summary>
    public uint BlockSize { get; init; }

    /// <summary>Blocks in all.</summary>
    public ulong Blocks { get; init; }

    /// <summary>Free blocks.</summary>
    public ulong Free { get; init; }

    /// <summary>Blocks free to ordinary users.</summary>
    public ulong Available { get; init; }

    /// <summary>Files it can have.</summary>
    public ulong Files { get; init; }

    /// <summary>Files it can still get.</summary>
    public ulong FreeFiles { get; init; }

    /// <summary>Longest name, bytes.</summary>
    public uint LongestName { get; init; }
}
