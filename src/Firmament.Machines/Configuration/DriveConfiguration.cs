namespace Firmament.Machines.Configuration;

/// <summary>One disk or CD.</summary>
public sealed record DriveConfiguration
{
    /// <summary>The image's path; null is an empty CD drive.</summary>
    public string? File { get; init; }

    /// <summary>What it is attached to.</summary>
    public DriveInterface Interface { get; init; } = DriveInterface.Ide;

    /// <summary>Position on the interface (IDE: 0 to 3); null takes the first free one.</summary>
    public int? Index { get; init; }

    /// <summary>The name a device refers to; null when none was given.</summary>
    public string? Id { get; init; }

    /// <summary>The guest cannot write.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Writes go to an overlay that is discarded at the end; the file stays as it is.</summary>
    public bool Snapshot { get; init; }

    /// <summary>Disk or CD.</summary>
    public DriveMedia Media { get; init; } = DriveMedia.Disk;

    /// <summary>"raw", or null to look at the file.</summary>
    public string? Format { get; init; }

    /// <summary>The serial number the guest sees; null for the device's own.</summary>
    public string? Serial { get; init; }
}
