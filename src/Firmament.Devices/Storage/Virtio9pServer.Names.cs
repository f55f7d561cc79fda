using Firmament.Core.Backends;

namespace Firmament.Devices.Storage;

/// <summary>What is done with names: links, folders, moves, removal; and locks.</summary>
internal sealed partial class Virtio9pServer
{
    private int SymbolicLink(ref Virtio9pReader request, ref Virtio9pWriter answer)
    {
        int error = FindName(ref request, out TreePath path, out uint user);
        string target = request.Text();
        uint group = request.Word();
        if (error != FileError.None || request.IsMalformed)
        {
            return request.IsMalformed ? FileError.Protocol : error;
        }

        error = target.Length == 0 || target.Contains('\0') ? FileError.Invalid : tree.MakeSymbolicLink(path, target, new FileOwner(user, group));
        return error == FileError.None ? Made(path, ref answer) : error;
    }

    private int ReadLink(ref Virtio9pReader request, ref Virtio9pWriter answer)
    {
        int error = Find(ref request, out Virtio9pFid fid);
        if (error != FileError.None)
        {
            return error;
        }

        error = tree.ReadSymbolicLink(fid.Path, out string target);
        answer.Text(target);
        return error;
    }

    private int Link(ref Virtio9pReader request)
    {
        Virtio9pReader again = request;
        int error = Find(ref request, out _);
        int fileError = Find(ref request, out Virtio9pFid file);
        string name = request.Text();
        if (error != FileError.None || fileError != FileError.None || request.IsMalformed)
        {
            return request.IsMalformed ? FileError.Protocol : error != FileError.None ? error : fileError;
        }

        Find(ref again, out Virtio9pFid folder);
        return !TreePath.IsName(name) ? FileError.Invalid
            : folder.Path.Names.Count >= TreePath.Deepest ? FileError.NameTooLong
            : tree.MakeLink(file.Path, folder.Path.Child(name));
    }

    private int MakeDirectory(ref Virtio9pReader request, ref Virtio9pWriter answer)
    {
        int error = FindName(ref request, out TreePath path, out uint user);
        uint permissions = request.Word();
        uint group = request.Word();
        if (error != FileError.None || request.IsMalformed)
        {
            return request.IsMalformed ? FileError.Protocol : error;
        }

        error = tree.MakeDirectory(path, permissions & 0xfff, new FileOwner(user, group));
        return error == FileError.None ? Made(path, ref answer) : error;
    }

    private int MakeNode(ref Virtio9pReader request, ref Virtio9pWriter answer)
    {
        int error = FindName(ref request, out TreePath path, out uint user);
        uint mode = request.Word();
        (uint major, uint minor) = (request.Word(), request.Word());
        uint group = request.Word();
        if (error != FileError.None || request.IsMalformed)
        {
            return request.IsMalformed ? FileError.Protocol : error;
        }

        error = tree.MakeNode(path, mode & 0xffff, FileStatus.MakeDevice(major, minor), new FileOwner(user, group));
        return error == FileError.None ? Made(path, ref answer) : error;
    }

    private int Made(TreePath path, ref Virtio9pWriter answer)
    {
        int error = tree.GetStatus(path, out FileStatus status);
        answer.Qid(status);
        return error;
    }

    private int Rename(ref Virtio9pReader request)
    {
        int error = Find(ref request, out Virtio9pFid fid);
        int nameError = FindName(ref request, out TreePath to);
        error = error != FileError.None ? error : nameError;
        return error != FileError.None ? error : Move(fid.Path, to);
    }

    private int RenameAt(ref Virtio9pReader request)
    {
        int error = FindName(ref request, out TreePath from);
        int toError = FindName(ref request, out TreePath to);
        error = error != FileError.None ? error : toError;
        return error != FileError.None ? error : Move(from, to);
    }

    private int Move(TreePath from, TreePath to)
    {
        int error = tree.Rename(from, to);
        if (error != FileError.None)
        {
            return error;
        }

        foreach (Virtio9pFid fid in _fids.Values)
        {
            if (fid.Path.IsWithin(from))
            {
                fid.Path = fid.Path.Moved(from, to);
            }
        }

        return FileError.None;
    }

    private int UnlinkAt(ref Virtio9pReader request)
    {
        const uint RemoveDirectory = 0x200;
        int error = FindName(ref request, out TreePath path);
        uint flags = request.Word();
        if (error != FileError.None || request.IsMalformed)
        {
            return request.IsMalformed ? FileError.Protocol : error;
        }

        return (flags & ~RemoveDirectory) != 0 ? FileError.Invalid : tree.Remove(path, flags != 0);
    }

    private int Lock(ref Virtio9pReader request, ref Virtio9pWriter answer)
    {
        const byte Success = 0;
        int error = Find(ref request, out Virtio9pFid fid);
        answer.Byte(Success);
        return error != FileError.None ? error : fid.IsOpen ? FileError.None : FileError.BadHandle;
    }

    private int GetLock(ref Virtio9pReader request, ref Virtio9pWriter answer)
    {
        const byte Unlocked = 2;
        int error = Find(ref request, out _);
        request.Byte();
        ulong start = request.Long();
        ulong length = request.Long();
        uint process = request.Word();
        string client = request.Text();
        answer.Byte(Unlocked);
        answer.Long(start);
        answer.Long(length);
        answer.Word(process);
        answer.Text(client);
        return request.IsMalformed ? FileError.Protocol : error;
    }
}
