namespace Firmament.Core.Backends;

/// <summary>What to change of a file; null leaves a part as it is.</summary>
public readonly record struct FileChange
{
    /// <summary>A time that means the host's time of now.</summary>
    public static readonly FileTime Now = new(0, -1);

    /// <summary>Permissions, 12 bits.</summary>
    public uint? Mode { get; init; }

    /// <summary>Owner.</summary>
    public uint? User { get; init; }

    /// <summary>Group.</summary>
    public uint? Group { get; init; }

    /// <summary>Length in bytes.</summary>
    public ulong? Size { get; init; }

    /// <summary>Last read, or <see cref="Now"/>.</summary>
    public FileTime? AccessTime { get; init; }

    /// <summary>Last write, or <see cref="Now"/>.</summary>
    public FileTime? ModifyTime { get; init; }
}
