using Firmament.Core.Backends;

namespace Firmament.Machines.Configuration;

/// <summary>A folder of the host's that a virtio-9p device names with fsdev=ID.</summary>
public sealed record FolderConfiguration
{
    /// <summary>The name a device refers to.</summary>
    public required string Id { get; init; }

    /// <summary>The folder on the host.</summary>
    public required string Path { get; init; }

    /// <summary>Where owners and permissions are kept.</summary>
    public FileOwnership Ownership { get; init; }

    /// <summary>The guest cannot write.</summary>
    public bool ReadOnly { get; init; }
}
