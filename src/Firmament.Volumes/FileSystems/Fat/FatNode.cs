namespace Firmament.Volumes.FileSystems.Fat;

/// <summary>A directory entry.</summary>
internal sealed class FatNode : Node
{
    /// <summary>0 for an empty file, and for the root directory.</summary>
    public uint FirstCluster { get; init; }

    public bool IsRoot { get; init; }
}
