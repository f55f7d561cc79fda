using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Firmament.Core.Backends.Host;

/// <summary>
/// A folder of a Linux host as an <see cref="IFileTree"/>. Each name of a path is opened from the folder before it with O_NOFOLLOW, so that no link,
/// whoever made it and when, leads out of the tree; devices, pipes and sockets are seen but not opened.
/// </summary>
/// <remarks>
/// With <see cref="FileOwnership.Host"/> files have the owner and the permissions the guest gives (QEMU's security_model=none): a change of owner that the
/// host refuses is taken as done, and the file belongs to the user Firmament runs as. With <see cref="FileOwnership.Attributes"/> see <see cref="AttributeOwnership"/>.
/// </remarks>
public sealed partial class HostFileTree : IFileTree
{
    private const uint PermissionBits = 0xfff;

    private readonly int _root;
    private readonly bool _isMapped;
    private bool _isDisposed;

    private HostFileTree(int root, bool isReadOnly, bool isMapped)
    {
        _root = root;
        IsReadOnly = isReadOnly;
        _isMapped = isMapped;
    }

    /// <inheritdoc/>
    public bool IsReadOnly { get; }

    /// <summary>Opens a folder.</summary>
    /// <exception cref="BackendException">It is none, cannot be read, cannot keep owners as asked, or the host is not Linux.</exception>
    public static HostFileTree Open(string folder, bool isReadOnly, FileOwnership ownership = FileOwnership.Host)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new BackendException("sharing a folder needs Linux as the host; put the files on a --drive instead");
        }

        int root = FileCalls.OpenAt(
            FileCalls.AtWorkingDirectory, [.. Encoding.UTF8.GetBytes(folder), 0], FileCalls.PathOnly | FileCalls.Directory | FileCalls.CloseOnExec, 0);
        if (root < 0)
        {
            throw new BackendException($"folder '{folder}' cannot be shared ({Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}); name a folder that is there");
        }

        bool isMapped = ownership == FileOwnership.Attributes;
        if (isMapped && !AttributeOwnership.IsPossible(DescriptorPath(root)))
        {
            _ = FileCalls.Close(root);
            throw new BackendException($"folder '{folder}' is on a file system without extended attributes, where security_model=mapped-xattr keeps owners; give security_model=none");
        }

        return new HostFileTree(root, isReadOnly, isMapped);
    }

    /// <inheritdoc/>
    public int GetStatus(TreePath path, out FileStatus status)
    {
        status = default;
        int error = OpenPath(path, out int file);
        if (error != FileError.None)
        {
            return error;
        }

        error = Status(file, _isMapped, out status);
        CloseUnlessRoot(file);
        return error;
    }

    /// <inheritdoc/>
    public int SetStatus(TreePath path, in FileChange change)
    {
        if (IsReadOnly)
        {
            return FileError.ReadOnly;
        }

        int error = OpenPath(path, out int file);
        if (error != FileError.None)
        {
            return error;
        }

        error = Change(path, file, change);
        CloseUnlessRoot(file);
        return error;
    }

    /// <inheritdoc/>
    public int Open(TreePath path, FileAccessMode mode, bool truncate, out ITreeFile? file)
    {
        file = null;
        if (IsReadOnly && (mode != FileAccessMode.Read || truncate))
        {
            return FileError.ReadOnly;
        }

        int error = GetStatus(path, out FileStatus status);
        if (error != FileError.None)
        {
            return error;
        }

        if (!status.IsDirectory && !status.IsRegularFile)
        {
            // Opening a pipe may wait for ever, and opening a device may do anything.
            return status.IsSymbolicLink ? FileError.IsLink : FileError.NotSupported;
        }

        if (status.IsDirectory && (mode != FileAccessMode.Read || truncate))
        {
            return FileError.IsDirectory;
        }

        return OpenFile(path, (int)mode | (truncate ? FileCalls.Truncate : 0) | (status.IsDirectory ? FileCalls.Directory : 0), 0, out file);
    }

    /// <inheritdoc/>
    public int MakeLink(TreePath existing, TreePath path) => BetweenFolders(existing, path, static (from, name, to, newName) => FileCalls.MakeLink(from, name, to, newName, 0));

    /// <inheritdoc/>
    public int Rename(TreePath from, TreePath to) => BetweenFolders(from, to, FileCalls.Rename);

    /// <inheritdoc/>
    public int Remove(TreePath path, bool isDirectory) =>
        InFolder(path, (folder, name) => FileCalls.Remove(folder, name, isDirectory ? FileCalls.AtRemoveDirectory : 0));

    /// <inheritdoc/>
    public int GetFileSystem(TreePath path, out FileSystemStatus status)
    {
        status = default;
        int error = OpenPath(path, out int file);
        if (error != FileError.None)
        {
            return error;
        }

        // struct statvfs of 64-bit Linux: bsize, frsize, blocks, bfree, bavail, files, ffree, favail, fsid, flag, namemax.
        byte[] bytes = new byte[256];
        error = FileCalls.GetFileSystem(file, bytes) < 0 ? LastError() : FileError.None;
        CloseUnlessRoot(file);
        ulong At(int index) => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(8 * index));
        status = new FileSystemStatus
        {
            BlockSize = (uint)At(1), Blocks = At(2), Free = At(3), Available = At(4), Files = At(5), FreeFiles = At(6), LongestName = (uint)At(10),
        };
        return error;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _ = FileCalls.Close(_root);
        }
    }

    internal static int LastError() => Marshal.GetLastPInvokeError() is var error && error != 0 ? error : FileError.Io;

    private static byte[] Bytes(string name) => [.. Encoding.Latin1.GetBytes(name), 0];

    private static byte[] DescriptorPath(int file) => Encoding.ASCII.GetBytes($"/proc/self/fd/{file}\0");

    internal static int Status(int file, bool isMapped, out FileStatus status)
    {
        int error = Status(file, out status);
        status = error == FileError.None && isMapped ? AttributeOwnership.Apply(DescriptorPath(file), status) : status;
        return error;
    }

    private static int Status(int file, out FileStatus status)
    {
        // struct statx of linux/stat.h, the same on every machine.
        const uint BasicStatus = 0x7ff;
        byte[] bytes = new byte[256];
        status = default;
        if (FileCalls.Statx(file, [0], FileCalls.AtEmptyPath | FileCalls.AtSymlinkNoFollow, BasicStatus, bytes) < 0)
        {
            return LastError();
        }

        uint Word(int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));
        ulong Long(int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));
        FileTime Time(int at) => new((long)Long(at), Word(at + 8));
        status = new FileStatus
        {
            BlockSize = Word(4), Links = Word(16), User = Word(20), Group = Word(24), Mode = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(28)),
            Inode = Long(32), Size = Long(40), Blocks = Long(48), AccessTime = Time(64), ChangeTime = Time(96), ModifyTime = Time(112),
            Device = FileStatus.MakeDevice(Word(128), Word(132)),
        };
        return FileError.None;
    }

    /// <summary>Opens a place to look at, not to read: O_PATH, name by name, no link followed.</summary>
    private int OpenPath(TreePath path, out int file)
    {
        file = _root;
        if (_isDisposed || path.Names.Count > TreePath.Deepest)
        {
            return _isDisposed ? FileError.BadHandle : FileError.NameTooLong;
        }

        for (int i = 0; i < path.Names.Count; i++)
        {
            bool isLast = i == path.Names.Count - 1;
            int flags = FileCalls.PathOnly | FileCalls.NoFollowLinks | FileCalls.CloseOnExec | (isLast ? 0 : FileCalls.Directory);
            int next = FileCalls.OpenAt(file, Bytes(path.Names[i]), flags, 0);
            int error = next < 0 ? LastError() : FileError.None;
            CloseUnlessRoot(file);
            if (next < 0)
            {
                file = _root;
                return error;
            }

            file = next;
        }

        return FileError.None;
    }

    private int OpenFile(TreePath path, int flags, uint permissions, out ITreeFile? file)
    {
        file = null;
        bool isRoot = path.IsRoot;
        int error = OpenPath(isRoot ? path : path.Parent, out int folder);
        if (error != FileError.None)
        {
            return error;
        }

        int opened = FileCalls.OpenAt(
            folder, isRoot ? [(byte)'.', 0] : Bytes(path.Name), flags | FileCalls.NoFollowLinks | FileCalls.CloseOnExec | FileCalls.NonBlocking, permissions);
        error = opened < 0 ? LastError() : FileError.None;
        CloseUnlessRoot(folder);
        if (error != FileError.None)
        {
            return error;
        }

        // Looked at again: between the first look and now another program may have put something else there.
        if (Status(opened, out FileStatus status) != FileError.None || (!status.IsDirectory && !status.IsRegularFile))
        {
            _ = FileCalls.Close(opened);
            return FileError.NotSupported;
        }

        file = new HostTreeFile(opened, _isMapped);
        return FileError.None;
    }

    private int Change(TreePath path, int file, in FileChange change)
    {
        const long Omit = 0x3ffffffe;
        const long Now = 0x3fffffff;
        int error = Status(file, _isMapped, out FileStatus status);
        if (error != FileError.None)
        {
            return error;
        }

        if (change.Size is { } size)
        {
            ITreeFile? open = null;
            error = size > long.MaxValue ? FileError.Invalid : Open(path, FileAccessMode.Write, false, out open);
            if (error == FileError.None)
            {
                using (open)
                {
                    error = ((HostTreeFile)open!).SetLength((long)size);
                }
            }
        }

        if (error == FileError.None && _isMapped)
        {
            error = AttributeOwnership.Set(DescriptorPath(file), change.User, change.Group, (status.Mode & FileStatus.KindMask) | (change.Mode & PermissionBits));
        }
        else if (error == FileError.None && (change.User != null || change.Group != null)
            && FileCalls.ChangeOwner(file, [0], change.User ?? uint.MaxValue, change.Group ?? uint.MaxValue, FileCalls.AtEmptyPath) < 0)
        {
            error = LastError() is var refused && refused == FileError.NotPermitted ? FileError.None : refused;
        }

        if (error == FileError.None && !_isMapped && change.Mode is { } mode)
        {
            error = status.IsSymbolicLink ? FileError.NotSupported
                : FileCalls.ChangeMode(FileCalls.AtWorkingDirectory, DescriptorPath(file), mode & PermissionBits, 0) < 0 ? LastError() : FileError.None;
        }

        if (error == FileError.None && (change.AccessTime != null || change.ModifyTime != null))
        {
            long[] times = new long[4];
            Put(change.AccessTime, times.AsSpan(0));
            Put(change.ModifyTime, times.AsSpan(2));
            error = status.IsSymbolicLink ? FileError.NotSupported
                : FileCalls.ChangeTimes(FileCalls.AtWorkingDirectory, DescriptorPath(file), times, 0) < 0 ? LastError() : FileError.None;
        }

        return error;

        static void Put(FileTime? time, Span<long> to) =>
            (to[0], to[1]) = time is not { } value ? (0, Omit) : value == FileChange.Now ? (0, Now) : (value.Seconds, value.Nanoseconds);
    }

    private int InFolder(TreePath path, Func<int, byte[], int> call)
    {
        if (IsReadOnly)
        {
            return FileError.ReadOnly;
        }

        if (path.IsRoot)
        {
            return FileError.Invalid;
        }

        int error = OpenPath(path.Parent, out int folder);
        if (error != FileError.None)
        {
            return error;
        }

        error = call(folder, Bytes(path.Name)) < 0 ? LastError() : FileError.None;
        CloseUnlessRoot(folder);
        return error;
    }

    private int BetweenFolders(TreePath from, TreePath to, Func<int, byte[], int, byte[], int> call)
    {
        if (from.IsRoot)
        {
            return IsReadOnly ? FileError.ReadOnly : FileError.Invalid;
        }

        int outer = FileError.None;
        int inner = InFolder(to, (toFolder, toName) =>
        {
            outer = InFolder(from, (fromFolder, fromName) => call(fromFolder, fromName, toFolder, toName));
            return 0;
        });
        return inner != FileError.None ? inner : outer;
    }

    private void CloseUnlessRoot(int file)
    {
        if (file != _root)
        {
            _ = FileCalls.Close(file);
        }
    }
}
