using Firmament.Core.Backends;

namespace Firmament.Devices.Storage;

/// <summary>What is done with files and folders.</summary>
internal sealed partial class Virtio9pServer
{
    private const uint AccessMask = 3;
    private const uint ExclusiveFlag = 0x80;
    private const uint TruncateFlag = 0x200;

    private int Find(ref Virtio9pReader request, out Virtio9pFid fid)
    {
        bool isThere = _fids.TryGetValue(request.Word(), out Virtio9pFid? found);
        fid = found!;
        return request.IsMalformed ? FileError.Protocol : isThere ? FileError.None : FileError.BadHandle;
    }

    /// <summary>A folder's fid and a name in it.</summary>
    private int FindName(ref Virtio9pReader request, out TreePath path) => FindName(ref request, out path, out _);

    private int FindName(ref Virtio9pReader request, out TreePath path, out uint user)
    {
        path = TreePath.Root;
        int error = Find(ref request, out Virtio9pFid folder);
        user = error == FileError.None ? folder.User : 0;
        string name = request.Text();
        if (error != FileError.None || request.IsMalformed)
        {
            return request.IsMalformed ? FileError.Protocol : error;
        }

        if (!TreePath.IsName(name))
        {
            return name.Length > TreePath.LongestName ? FileError.NameTooLong : name is "." or ".." ? FileError.Exists : FileError.NotFound;
        }

        path = folder.Path.Child(name);
        return path.Names.Count > TreePath.Deepest ? FileError.NameTooLong : FileError.None;
    }

    private int Open(ref Virtio9pReader request, ref Virtio9pWriter answer)
    {
        int error = Find(ref request, out Virtio9pFid fid);
        uint flags = request.Word();
        if (error != FileError.None || request.IsMalformed)
        {
            return request.IsMalformed ? FileError.Protocol : error;
        }

        if (fid.IsOpen || (flags & AccessMask) == AccessMask)
        {
            return FileError.Invalid;
        }

        if (_openFiles >= MostOpenFiles)
        {
            return FileError.TooManyOpen;
        }

        FileAccessMode mode = (FileAccessMode)(flags & AccessMask);
        error = tree.Open(fid.Path, mode, (flags & TruncateFlag) != 0, out ITreeFile? file);
        return error == FileError.None ? Opened(fid, mode, file!, ref answer) : error;
    }

    private int Create(ref Virtio9pReader request, ref Virtio9pWriter answer)
    {
        Virtio9pReader again = request;
        int error = FindName(ref request, out TreePath path, out uint user);
        uint flags = request.Word();
        uint permissions = request.Word();
        uint group = request.Word();
        if (error != FileError.None || request.IsMalformed)
        {
            return request.IsMalformed ? FileError.Protocol : error;
        }

        Find(ref again, out Virtio9pFid fid);
        if (fid.IsOpen || (flags & AccessMask) == AccessMask)
        {
            return FileError.Invalid;
        }

        if (_openFiles >= MostOpenFiles)
        {
            return FileError.TooManyOpen;
        }

        FileAccessMode mode = (FileAccessMode)(flags & AccessMask);
        error = tree.Create(path, mode, (flags & ExclusiveFlag) != 0, permissions, new FileOwner(user, group), out ITreeFile? file);
        if (error != FileError.None)
        {
            return error;
        }

        fid.Path = path;
        return Opened(fid, mode, file!, ref answer);
    }

    private int Opened(Virtio9pFid fid, FileAccessMode mode, ITreeFile file, ref Virtio9pWriter answer)
    {
        Take(fid, mode, file);
        int error = file.GetStatus(out FileStatus status);
        answer.Qid(status);

        // iounit 0: as much as fits a message.
        answer.Word(0);
        return error;
    }

    private int Read(ref Virtio9pReader request, ref Virtio9pWriter answer)
    {
        int error = Find(ref request, out Virtio9pFid fid);
        ulong offset = request.Long();
        uint count = request.Word();
        if (error != FileError.None || request.IsMalformed)
        {
            return request.IsMalformed ? FileError.Protocol : error;
        }

        if (!fid.IsOpen || fid.Mode == FileAccessMode.Write)
        {
            return FileError.BadHandle;
        }

        if (fid.File == null)
        {
            return FileError.Io;
        }

        answer.Word(0);
        int most = (int)Math.Min(count, (uint)answer.Room);
        error = fid.File.Read(offset, answer.Rest[..most], out int read);
        answer.Restart();
        answer.Word((uint)read);
        answer.Advance(read);
        return error;
    }

    private int Write(ref Virtio9pReader request, ref Virtio9pWriter answer)
    {
        int error = Find(ref request, out Virtio9pFid fid);
        ulong offset = request.Long();
        uint count = request.Word();
        ReadOnlySpan<byte> bytes = request.Bytes((int)Math.Min(count, int.MaxValue));
        if (error != FileError.None || request.IsMalformed)
        {
            return request.IsMalformed ? FileError.Protocol : error;
        }

        if (!fid.IsOpen || fid.Mode == FileAccessMode.Read)
        {
            return FileError.BadHandle;
        }

        int written = 0;
        error = fid.File?.Write(offset, bytes, out written) ?? FileError.Io;
        answer.Word((uint)written);
        return error;
    }

    private int ReadDirectory(ref Virtio9pReader request, ref Virtio9pWriter answer)
    {
        const int FixedLength = 13 + 8 + 1 + 2;
        int error = Find(ref request, out Virtio9pFid fid);
        ulong offset = request.Long();
        uint count = request.Word();
        if (error != FileError.None || request.IsMalformed)
        {
            return request.IsMalformed ? FileError.Protocol : error;
        }

        if (!fid.IsOpen || fid.File == null)
        {
            return fid.IsOpen ? FileError.Io : FileError.BadHandle;
        }

        _entries.Clear();
        error = fid.File.ReadEntries(offset, _entries);
        if (error != FileError.None)
        {
            return error;
        }

        answer.Word(0);
        int start = answer.Length;
        uint most = Math.Min(count, (uint)answer.Room);
        foreach (TreeEntry entry in _entries)
        {
            if (answer.Length - start + FixedLength + entry.Name.Length > most)
            {
                break;
            }

            const byte Directory = 4;
            const byte SymbolicLink = 10;
            answer.Byte(entry.Kind == Directory ? (byte)0x80 : entry.Kind == SymbolicLink ? (byte)0x02 : (byte)0);
            answer.Word(0);
            answer.Long(entry.Inode);
            answer.Long(entry.Next);
            answer.Byte(entry.Kind);
            answer.Text(entry.Name);
        }

        int length = answer.Length - start;
        if (length == 0 && _entries.Count != 0)
        {
            return FileError.Invalid;
        }

        answer.Restart();
        answer.Word((uint)length);
        answer.Advance(length);
        return FileError.None;
    }

    private int Sync(ref Virtio9pReader request)
    {
        int error = Find(ref request, out Virtio9pFid fid);
        return error != FileError.None ? error : !fid.IsOpen ? FileError.BadHandle : fid.File?.Sync() ?? FileError.Io;
    }

    private int GetAttributes(ref Virtio9pReader request, ref Virtio9pWriter answer)
    {
        const ulong Basic = 0x7ff;
        int error = Find(ref request, out Virtio9pFid fid);
        request.Long();
        if (error != FileError.None || request.IsMalformed)
        {
            return request.IsMalformed ? FileError.Protocol : error;
        }

        error = fid.File != null ? fid.File.GetStatus(out FileStatus status) : tree.GetStatus(fid.Path, out status);
        answer.Long(Basic);
        answer.Qid(status);
        answer.Word(status.Mode);
        answer.Word(status.User);
        answer.Word(status.Group);
        answer.Long(status.Links);
        answer.Long(status.Device);
        answer.Long(status.Size);
        answer.Long(status.BlockSize);
        answer.Long(status.Blocks);
        foreach (FileTime time in (ReadOnlySpan<FileTime>)[status.AccessTime, status.ModifyTime, status.ChangeTime, default])
        {
            answer.Long((ulong)time.Seconds);
            answer.Long((ulong)time.Nanoseconds);
        }

        answer.Long(0);
        answer.Long(0);
        return error;
    }

    private int SetAttributes(ref Virtio9pReader request)
    {
        const uint HasMode = 1;
        const uint HasUser = 2;
        const uint HasGroup = 4;
        const uint HasSize = 8;
        const uint HasAccessTime = 0x10;
        const uint HasModifyTime = 0x20;
        const uint AccessTimeGiven = 0x80;
        const uint ModifyTimeGiven = 0x100;
        int error = Find(ref request, out Virtio9pFid fid);
        uint valid = request.Word();
        uint mode = request.Word();
        uint user = request.Word();
        uint group = request.Word();
        ulong size = request.Long();
        FileTime access = new((long)request.Long(), (long)request.Long());
        FileTime modify = new((long)request.Long(), (long)request.Long());
        if (error != FileError.None || request.IsMalformed)
        {
            return request.IsMalformed ? FileError.Protocol : error;
        }

        if ((((valid & AccessTimeGiven) != 0 && access.Nanoseconds is < 0 or > 999_999_999) || ((valid & ModifyTimeGiven) != 0 && modify.Nanoseconds is < 0 or > 999_999_999)))
        {
            return FileError.Invalid;
        }

        return tree.SetStatus(fid.Path, new FileChange
        {
            Mode = (valid & HasMode) != 0 ? mode & 0xfff : null,
            User = (valid & HasUser) != 0 ? user : null,
            Group = (valid & HasGroup) != 0 ? group : null,
            Size = (valid & HasSize) != 0 ? size : null,
            AccessTime = (valid & HasAccessTime) == 0 ? null : (valid & AccessTimeGiven) != 0 ? access : FileChange.Now,
            ModifyTime = (valid & HasModifyTime) == 0 ? null : (valid & ModifyTimeGiven) != 0 ? modify : FileChange.Now,
        });
    }

    private int StatFs(ref Virtio9pReader request, ref Virtio9pWriter answer)
    {
        const uint NinePMagic = 0x0102_1997;
        int error = Find(ref request, out Virtio9pFid fid);
        if (error != FileError.None)
        {
            return error;
        }

        error = tree.GetFileSystem(fid.Path, out FileSystemStatus status);
        answer.Word(NinePMagic);
        answer.Word(status.BlockSize);
        answer.Long(status.Blocks);
        answer.Long(status.Free);
        answer.Long(status.Available);
        answer.Long(status.Files);
        answer.Long(status.FreeFiles);
        answer.Long(0);
        answer.Word(status.LongestName);
        return error;
    }
}
