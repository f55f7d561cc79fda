using System.Text;

namespace Firmament.Core.Backends.Host;

/// <summary>How files come to be, and whose they are then.</summary>
public sealed partial class HostFileTree
{
    private const int LongestLink = 4096;

    // Of files whose true permissions are in attributes.
    private const uint MappedFilePermissions = 0x180;
    private const uint MappedFolderPermissions = 0x1c0;

    /// <inheritdoc/>
    public int Create(TreePath path, FileAccessMode mode, bool exclusive, uint permissions, FileOwner owner, out ITreeFile? file)
    {
        file = null;
        if (IsReadOnly)
        {
            return FileError.ReadOnly;
        }

        bool exists = GetStatus(path, out FileStatus status) == FileError.None;
        if (exists && !exclusive)
        {
            return status.IsRegularFile ? OpenFile(path, (int)mode, 0, out file)
                : status.IsDirectory ? FileError.IsDirectory : status.IsSymbolicLink ? FileError.IsLink : FileError.NotSupported;
        }

        permissions &= PermissionBits;
        int error = OpenFile(path, (int)mode | FileCalls.Create | FileCalls.Exclusive, _isMapped ? MappedFilePermissions : permissions, out file);
        return error != FileError.None ? error : Keep(path, Give(((HostTreeFile)file!).Descriptor, FileStatus.RegularFile | permissions, owner), ref file);
    }

    /// <inheritdoc/>
    public int MakeDirectory(TreePath path, uint permissions, FileOwner owner)
    {
        permissions &= PermissionBits;
        int error = InFolder(path, (folder, name) => FileCalls.MakeDirectory(folder, name, _isMapped ? MappedFolderPermissions : permissions));
        if (error != FileError.None || OpenPath(path, out int made) is var lost && lost != FileError.None)
        {
            return error;
        }

        error = Give(made, FileStatus.Directory | permissions, owner);
        CloseUnlessRoot(made);
        if (error != FileError.None)
        {
            _ = Remove(path, isDirectory: true);
        }

        return error;
    }

    /// <inheritdoc/>
    public int MakeSymbolicLink(TreePath path, string target, FileOwner owner)
    {
        if (_isMapped)
        {
            return target.Length >= LongestLink ? FileError.NameTooLong : MakeMapped(path, FileStatus.SymbolicLink | 0x1ff, 0, owner, Encoding.Latin1.GetBytes(target));
        }

        int error = InFolder(path, (folder, name) => FileCalls.MakeSymbolicLink(Bytes(target), folder, name));
        if (error == FileError.None && OpenPath(path, out int made) == FileError.None)
        {
            _ = FileCalls.ChangeOwner(made, [0], owner.User, owner.Group, FileCalls.AtEmptyPath);
            CloseUnlessRoot(made);
        }

        return error;
    }

    /// <inheritdoc/>
    public int MakeNode(TreePath path, uint mode, ulong device, FileOwner owner)
    {
        uint kind = mode & FileStatus.KindMask;
        if (kind is FileStatus.Directory or FileStatus.SymbolicLink)
        {
            return FileError.Invalid;
        }

        // A device file's meaning would be the host's: none is made for a guest.
        return _isMapped ? MakeMapped(path, (kind == 0 ? FileStatus.RegularFile : kind) | (mode & PermissionBits), device, owner, [])
            : IsReadOnly ? FileError.ReadOnly : FileError.NotPermitted;
    }

    /// <inheritdoc/>
    public int ReadSymbolicLink(TreePath path, out string target)
    {
        target = "";
        int error = OpenPath(path, out int file);
        if (error != FileError.None)
        {
            return error;
        }

        byte[] bytes = new byte[LongestLink];
        nint count = FileCalls.ReadSymbolicLink(file, [0], bytes, bytes.Length);
        error = count < 0 ? LastError() : FileError.None;
        bool isMapped = count < 0 && _isMapped && Status(file, true, out FileStatus status) == FileError.None && status.IsSymbolicLink;
        CloseUnlessRoot(file);
        if (isMapped)
        {
            return ReadMappedLink(path, bytes, out target);
        }

        target = count < 0 ? "" : Encoding.Latin1.GetString(bytes, 0, (int)count);

        // readlinkat(2) says ENOENT of an open file that is no link.
        return error == FileError.NotFound ? FileError.Invalid : error;
    }

    private int ReadMappedLink(TreePath path, byte[] bytes, out string target)
    {
        target = "";
        int error = OpenFile(path, (int)FileAccessMode.Read, 0, out ITreeFile? file);
        if (error == FileError.None)
        {
            using (file)
            {
                error = file!.Read(0, bytes, out int count);
                target = Encoding.Latin1.GetString(bytes, 0, count);
            }
        }

        return error;
    }

    private int MakeMapped(TreePath path, uint mode, ulong device, FileOwner owner, byte[] contents)
    {
        if (IsReadOnly)
        {
            return FileError.ReadOnly;
        }

        int error = OpenFile(path, (int)FileAccessMode.Write | FileCalls.Create | FileCalls.Exclusive, MappedFilePermissions, out ITreeFile? file);
        if (error != FileError.None)
        {
            return error;
        }

        error = file!.Write(0, contents, out _);
        error = error != FileError.None ? error : Give(((HostTreeFile)file).Descriptor, mode, owner, device);
        error = Keep(path, error, ref file);
        file?.Dispose();
        return error;
    }

    /// <summary>Takes a file away again that could not be given to its owner.</summary>
    private int Keep(TreePath path, int error, ref ITreeFile? file)
    {
        if (error != FileError.None)
        {
            file?.Dispose();
            file = null;
            _ = Remove(path, isDirectory: false);
        }

        return error;
    }

    /// <summary>Gives a new file its owner and permissions, which the host's umask may have narrowed.</summary>
    private int Give(int file, uint mode, FileOwner owner, ulong? device = null)
    {
        if (_isMapped)
        {
            return AttributeOwnership.Set(DescriptorPath(file), owner.User, owner.Group, mode, device);
        }

        _ = FileCalls.ChangeOwner(file, [0], owner.User, owner.Group, FileCalls.AtEmptyPath);
        return FileCalls.ChangeMode(FileCalls.AtWorkingDirectory, DescriptorPath(file), mode & PermissionBits, 0) < 0 ? LastError() : FileError.None;
    }
}
