using Firmament.Core.Backends;

namespace Firmament.Devices.Storage;

/// <summary>What a number of the guest's stands for: a place in the tree, maybe open.</summary>
/// <param name="path">The place.</param>
/// <param name="user">The guest's user who attached to the folder; what is made through this place is his.</param>
internal sealed class Virtio9pFid(TreePath path, uint user)
{
    /// <summary>The guest's user who attached to the folder.</summary>
    public uint User => user;

    /// <summary>The place; moves when it is renamed through this server.</summary>
    public TreePath Path { get; set; } = path;

    /// <summary>The open file, or null.</summary>
    public ITreeFile? File { get; set; }

    /// <summary>How it is open.</summary>
    public FileAccessMode Mode { get; set; }

    /// <summary>True when the guest opened it. Its file may still be missing, after a saved machine was loaded and the file is gone.</summary>
    public bool IsOpen { get; set; }
}
