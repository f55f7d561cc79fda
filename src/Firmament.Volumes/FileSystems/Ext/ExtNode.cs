namespace Firmament.Volumes.FileSystems.Ext;

/// <summary>A directory entry; what its inode says is there once it was read.</summary>
internal sealed class ExtNode : Node
{
    public uint Number { get; init; }

    public ExtInode? Inode { get; init; }
}
