namespace Firmament.Volumes.FileSystems.Iso9660;

/// <summary>A directory record, with what Rock Ridge adds.</summary>
internal sealed class IsoNode : Node
{
    /// <summary>Where the contents are, in order: more than one for files above 4 GiB (ECMA-119 6.5.1).</summary>
    public required IReadOnlyList<Run> Extents { get; init; }

    /// <summary>Text of a symbolic link.</summary>
    public string? Target { get; init; }

    /// <summary>Block of the directory that was moved elsewhere (RRIP "CL"); 0 when this is not its place holder.</summary>
    public uint ChildBlock { get; init; }
}
