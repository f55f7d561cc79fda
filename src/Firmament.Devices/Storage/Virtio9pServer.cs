using System.Buffers.Binary;
using Firmament.Core.Backends;
using Firmament.Core.State;

namespace Firmament.Devices.Storage;

/// <summary>
/// A server of 9P2000.L for one folder, one request at a time. Source: the diod project's protocol.md; Linux's v9fs is the client it is for.
/// </summary>
/// <remarks>
/// At most <see cref="MostFids"/> places and <see cref="MostOpenFiles"/> open files. Locks are granted to whoever asks, for one guest has the folder.
/// Not modelled: authentication, extended attributes, device files, pipes and sockets, 9P2000 and 9P2000.u.
/// </remarks>
internal sealed partial class Virtio9pServer(IFileTree tree) : IStateful, IDisposable
{
    public const int MostFids = 16384;
    public const int MostOpenFiles = 256;
    public const int LargestMessage = 512 << 10;

    private const int SmallestMessage = 4096;
    private const int MostWalkNames = 16;
    private const string Dialect = "9P2000.L";

    private readonly Dictionary<uint, Virtio9pFid> _fids = [];
    private readonly List<TreeEntry> _entries = [];
    private uint _messageSize = SmallestMessage;
    private int _openFiles;

    /// <summary>Longest message agreed upon, bytes.</summary>
    public int MessageSize => (int)_messageSize;

    /// <summary>Places the guest has.</summary>
    public int FidCount => _fids.Count;

    /// <summary>Serves a request. Returns the length of the answer, or 0 when there is no room for even an error.</summary>
    /// <param name="request">The whole message.</param>
    /// <param name="answer">Room for the answer, at least 11 bytes for an error.</param>
    public int Serve(ReadOnlySpan<byte> request, Span<byte> answer)
    {
        const int ErrorLength = Virtio9pWriter.HeaderLength + 4;
        if (answer.Length < ErrorLength)
        {
            return 0;
        }

        ushort tag = request.Length >= Virtio9pWriter.HeaderLength ? BinaryPrimitives.ReadUInt16LittleEndian(request[5..]) : (ushort)0xffff;
        Virtio9pMessage type = request.Length > 4 ? (Virtio9pMessage)request[4] : 0;
        Virtio9pWriter writer = new(answer[..(int)Math.Min(answer.Length, Math.Max(_messageSize, SmallestMessage))]);
        writer.Restart();
        int error = FileError.Protocol;
        if (request.Length >= Virtio9pWriter.HeaderLength && BinaryPrimitives.ReadUInt32LittleEndian(request) == (uint)request.Length)
        {
            Virtio9pReader reader = new(request[Virtio9pWriter.HeaderLength..]);
            error = Dispatch(type, ref reader, ref writer);
        }

        if (error == FileError.None && writer.IsFull)
        {
            error = FileError.Protocol;
        }

        if (error != FileError.None)
        {
            writer.Restart();
            writer.Word((uint)error);
            type = Virtio9pMessage.Error;
        }

        writer.Header((byte)(type + 1), tag);
        return writer.Length;
    }

    /// <summary>Gives up all places.</summary>
    public void Reset()
    {
        foreach (Virtio9pFid fid in _fids.Values)
        {
            fid.File?.Dispose();
        }

        _fids.Clear();
        _openFiles = 0;
        _messageSize = SmallestMessage;
    }

    /// <summary>Saves places and how they are open; loading opens the files again, and one that is gone gives I/O errors.</summary>
    public void Visit(StateVisitor state)
    {
        state.Field("message-size", ref _messageSize);
        _messageSize = Math.Clamp(_messageSize, SmallestMessage, LargestMessage);
        KeyValuePair<uint, Virtio9pFid>[] fids = [.. _fids.OrderBy(static fid => fid.Key)];
        int count = fids.Length;
        state.Field("fids", ref count);
        count = Math.Clamp(count, 0, MostFids);
        if (state.IsLoading)
        {
            uint size = _messageSize;
            Reset();
            _messageSize = size;
        }

        for (int i = 0; i < count; i++)
        {
            uint number = i < fids.Length ? fids[i].Key : 0;
            string path = i < fids.Length ? fids[i].Value.Path.ToString() : "";
            uint user = i < fids.Length ? fids[i].Value.User : 0;
            int mode = i < fids.Length && fids[i].Value.IsOpen ? (int)fids[i].Value.Mode : -1;
            state.Field($"fid{i}", ref number);
            state.Text($"path{i}", ref path);
            state.Field($"user{i}", ref user);
            state.Field($"mode{i}", ref mode);
            if (state.IsLoading && TreePath.Parse(path) is { } place)
            {
                Virtio9pFid fid = new(place, user);
                _fids[number] = fid;
                if (mode is >= 0 and <= 2 && _openFiles < MostOpenFiles)
                {
                    tree.Open(place, (FileAccessMode)mode, false, out ITreeFile? file);
                    Take(fid, (FileAccessMode)mode, file);
                }
            }
        }

        state.Field("open-files", ref _openFiles);
        _openFiles = state.IsLoading ? _fids.Values.Count(static fid => fid.IsOpen) : _openFiles;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Reset();
        tree.Dispose();
    }

    private int Dispatch(Virtio9pMessage type, ref Virtio9pReader request, ref Virtio9pWriter answer) => type switch
    {
        Virtio9pMessage.Version => Version(ref request, ref answer),
        Virtio9pMessage.Attach => Attach(ref request, ref answer),
        Virtio9pMessage.Walk => Walk(ref request, ref answer),
        Virtio9pMessage.Clunk => Clunk(ref request),
        Virtio9pMessage.Remove => Remove(ref request),
        Virtio9pMessage.Open => Open(ref request, ref answer),
        Virtio9pMessage.Create => Create(ref request, ref answer),
        Virtio9pMessage.Read => Read(ref request, ref answer),
        Virtio9pMessage.Write => Write(ref request, ref answer),
        Virtio9pMessage.ReadDirectory => ReadDirectory(ref request, ref answer),
        Virtio9pMessage.Sync => Sync(ref request),
        Virtio9pMessage.GetAttributes => GetAttributes(ref request, ref answer),
        Virtio9pMessage.SetAttributes => SetAttributes(ref request),
        Virtio9pMessage.StatFs => StatFs(ref request, ref answer),
        Virtio9pMessage.SymbolicLink => SymbolicLink(ref request, ref answer),
        Virtio9pMessage.ReadLink => ReadLink(ref request, ref answer),
        Virtio9pMessage.Link => Link(ref request),
        Virtio9pMessage.MakeDirectory => MakeDirectory(ref request, ref answer),
        Virtio9pMessage.Rename => Rename(ref request),
        Virtio9pMessage.RenameAt => RenameAt(ref request),
        Virtio9pMessage.UnlinkAt => UnlinkAt(ref request),
        Virtio9pMessage.Lock => Lock(ref request, ref answer),
        Virtio9pMessage.GetLock => GetLock(ref request, ref answer),

        // Requests are served before the next is looked at, so there is never one to give up.
        Virtio9pMessage.Flush => FileError.None,
        Virtio9pMessage.MakeNode => MakeNode(ref request, ref answer),
        _ => FileError.NotSupported,
    };

    private int Version(ref Virtio9pReader request, ref Virtio9pWriter answer)
    {
        uint size = request.Word();
        string version = request.Text();
        if (request.IsMalformed || size < SmallestMessage)
        {
            return FileError.Invalid;
        }

        // A new session begins.
        Reset();
        _messageSize = Math.Min(size, LargestMessage);
        answer.Word(_messageSize);
        answer.Text(version == Dialect ? Dialect : "unknown");
        return FileError.None;
    }

    private int Attach(ref Virtio9pReader request, ref Virtio9pWriter answer)
    {
        uint number = request.Word();
        request.Word();
        request.Text();
        request.Text();

        // Absent in the older dialects, of which none is spoken here; 0xffffffff for a mount that names no user.
        uint user = request.Word();
        user = user == uint.MaxValue ? 0 : user;
        int error = request.IsMalformed ? FileError.Protocol : tree.GetStatus(TreePath.Root, out FileStatus status) is var failed && failed != FileError.None ? failed : Add(number, TreePath.Root, user);
        if (error == FileError.None)
        {
            tree.GetStatus(TreePath.Root, out status);
            answer.Qid(status);
        }

        return error;
    }

    private int Walk(ref Virtio9pReader request, ref Virtio9pWriter answer)
    {
        uint from = request.Word();
        uint to = request.Word();
        int count = request.Short();
        if (!_fids.TryGetValue(from, out Virtio9pFid? fid) || count > MostWalkNames)
        {
            return count > MostWalkNames ? FileError.Invalid : FileError.BadHandle;
        }

        TreePath path = fid.Path;
        List<FileStatus> found = [];
        int error = FileError.None;
        for (int i = 0; i < count; i++)
        {
            string name = request.Text();
            if (request.IsMalformed)
            {
                return FileError.Protocol;
            }

            // Plan 9: ".." of the root is the root.
            TreePath? next = name == ".." ? path.Parent : TreePath.IsName(name) ? path.Child(name) : null;
            FileStatus status = default;
            error = next == null ? FileError.NotFound : tree.GetStatus(next, out status);
            if (error != FileError.None)
            {
                break;
            }

            path = next!;
            found.Add(status);
        }

        // A walk that fails after its first name tells how far it came, and makes no new place.
        if (error != FileError.None && found.Count == 0)
        {
            return error;
        }

        if (error == FileError.None)
        {
            if (from == to && fid.IsOpen)
            {
                return FileError.Invalid;
            }

            error = from == to ? FileError.None : Add(to, path, fid.User);
            if (error != FileError.None)
            {
                return error;
            }

            _fids[to].Path = path;
        }

        answer.Short((ushort)found.Count);
        foreach (FileStatus status in found)
        {
            answer.Qid(status);
        }

        return FileError.None;
    }

    private int Clunk(ref Virtio9pReader request)
    {
        uint number = request.Word();
        return Drop(number) ? FileError.None : FileError.BadHandle;
    }

    private int Remove(ref Virtio9pReader request)
    {
        uint number = request.Word();
        if (!_fids.TryGetValue(number, out Virtio9pFid? fid))
        {
            return FileError.BadHandle;
        }

        int error = tree.GetStatus(fid.Path, out FileStatus status);
        error = error != FileError.None ? error : tree.Remove(fid.Path, status.IsDirectory);

        // The place is given up even when the file stays.
        Drop(number);
        return error;
    }

    private int Add(uint number, TreePath path, uint user)
    {
        if (_fids.Count >= MostFids)
        {
            return FileError.TooManyOpen;
        }

        return path.Names.Count > TreePath.Deepest ? FileError.NameTooLong : _fids.TryAdd(number, new Virtio9pFid(path, user)) ? FileError.None : FileError.Invalid;
    }

    private bool Drop(uint number)
    {
        if (!_fids.Remove(number, out Virtio9pFid? fid))
        {
            return false;
        }

        fid.File?.Dispose();
        _openFiles -= fid.IsOpen ? 1 : 0;
        return true;
    }

    private void Take(Virtio9pFid fid, FileAccessMode mode, ITreeFile? file)
    {
        fid.File = file;
        fid.Mode = mode;
        fid.IsOpen = true;
        _openFiles++;
    }
}
