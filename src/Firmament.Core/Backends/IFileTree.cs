namespace Firmament.Core.Backends;

/// <summary>
/// A folder of the host's with all below it, given to a guest. No path leads out of it: links are never followed. Methods return a
/// <see cref="FileError"/> number, 0 for success, and never throw for what a guest asks.
/// </summary>
public interface IFileTree : IDisposable
{
    /// <summary>True when every change is refused.</summary>
    bool IsReadOnly { get; }

    /// <summary>What is known of a file; of a link itself for a link.</summary>
    int GetStatus(TreePath path, out FileStatus status);

    /// <summary>Changes what is known of a file.</summary>
    int SetStatus(TreePath path, in FileChange change);

    /// <summary>Opens a regular file or a folder.</summary>
    int Open(TreePath path, FileAccessMode mode, bool truncate, out ITreeFile? file);

    /// <summary>Makes and opens a regular file.</summary>
    /// <param name="path">Its place.</param>
    /// <param name="mode">How to open it.</param>
    /// <param name="exclusive">Refuse one that is there.</param>
    /// <param name="permissions">12 bits.</param>
    /// <param name="owner">Whose it is when it is new.</param>
    /// <param name="file">The open file.</param>
    int Create(TreePath path, FileAccessMode mode, bool exclusive, uint permissions, FileOwner owner, out ITreeFile? file);

    /// <summary>Makes a folder.</summary>
    int MakeDirectory(TreePath path, uint permissions, FileOwner owner);

    /// <summary>Makes a symbolic link; what it says is never followed here.</summary>
    int MakeSymbolicLink(TreePath path, string target, FileOwner owner);

    /// <summary>Makes a device file, pipe or socket that means something to the guest only; refused where it would be the host's.</summary>
    /// <param name="path">Its place.</param>
    /// <param name="mode">Kind and permissions.</param>
    /// <param name="device">The device it stands for, as <see cref="FileStatus.Device"/>.</param>
    /// <param name="owner">Whose it is.</param>
    int MakeNode(TreePath path, uint mode, ulong device, FileOwner owner);

    /// <summary>What a symbolic link says.</summary>
    int ReadSymbolicLink(TreePath path, out string target);

    /// <summary>Gives a file another name.</summary>
    int MakeLink(TreePath existing, TreePath path);

    /// <summary>Moves a file or folder, over what is there.</summary>
    int Rename(TreePath from, TreePath to);

    /// <summary>Removes a name: an empty folder's when <paramref name="isDirectory"/>, else a file's.</summary>
    int Remove(TreePath path, bool isDirectory);

    /// <summary>What is known of the file system.</summary>
    int GetFileSystem(TreePath path, out FileSystemStatus status);
}
