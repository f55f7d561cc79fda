using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Firmament.Core.Backends.Host.UserNetwork;

/// <summary>
/// A read-only TFTP server. Sources: RFC 1350, RFC 2347 to 2349 (blksize, timeout, tsize), RFC 7440 (windowsize). Block numbers wrap to 0, so files
/// may be longer than 32 MiB.
/// </summary>
/// <remarks>At most <see cref="MostTransfers"/> transfers; the oldest gives way. Not modelled: writing; netascii is sent as octet.</remarks>
internal sealed class TftpServer(IFileTree files, Func<long> clock, TftpServer.Sender send)
{
    public const int MostTransfers = 16;

    private const ushort Port = 69;
    private const ushort FirstTransferPort = 50000;
    private const int LongestRequest = 512;
    private const ushort ReadRequest = 1;
    private const ushort WriteRequest = 2;

    private readonly List<TftpTransfer> _transfers = [];
    private ushort _nextPort = FirstTransferPort;

    /// <summary>Sends a datagram to the guest.</summary>
    public delegate void Sender(uint to, ushort toPort, ushort fromPort, ReadOnlySpan<byte> payload);

    public int Count => _transfers.Count;

    public long NextDeadline => _transfers.Count == 0 ? long.MaxValue : _transfers.Min(static transfer => transfer.Deadline);

    /// <summary>Takes a datagram. False when it is not for this server.</summary>
    public bool Receive(uint guest, ushort guestPort, ushort port, ReadOnlySpan<byte> payload)
    {
        if (port == Port)
        {
            Start(guest, guestPort, payload);
            return true;
        }

        TftpTransfer? transfer = _transfers.Find(candidate => candidate.Port == port && candidate.Guest == guest && candidate.GuestPort == guestPort);
        if (transfer == null)
        {
            return false;
        }

        transfer.Receive(payload);
        RemoveEnded();
        return true;
    }

    public void Tick()
    {
        long now = clock();
        foreach (TftpTransfer transfer in _transfers)
        {
            transfer.Tick(now);
        }

        RemoveEnded();
    }

    private static string? Word(ref ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        if (end < 0)
        {
            return null;
        }

        string word = Encoding.Latin1.GetString(bytes[..end]);
        bytes = bytes[(end + 1)..];
        return word;
    }

    private void Start(uint guest, ushort guestPort, ReadOnlySpan<byte> payload)
    {
        const ushort IllegalOperation = 4;
        const ushort NoSuchFile = 1;
        const ushort AccessViolation = 2;
        if (payload.Length is < 4 or > LongestRequest)
        {
            return;
        }

        ushort operation = BinaryPrimitives.ReadUInt16BigEndian(payload);
        payload = payload[2..];
        if (operation != ReadRequest)
        {
            if (operation == WriteRequest)
            {
                Fail(guest, guestPort, AccessViolation, "this server is read-only");
            }

            return;
        }

        string? name = Word(ref payload);
        string? mode = Word(ref payload);
        if (name == null || mode == null || !(mode.Equals("octet", StringComparison.OrdinalIgnoreCase) || mode.Equals("netascii", StringComparison.OrdinalIgnoreCase)))
        {
            Fail(guest, guestPort, IllegalOperation, "only octet reads are served");
            return;
        }

        if (Open(name, out long length) is not { } file)
        {
            Fail(guest, guestPort, NoSuchFile, "no such file");
            return;
        }

        // The same client asks again when our first answer was lost.
        foreach (TftpTransfer old in _transfers.Where(old => old.Guest == guest && old.GuestPort == guestPort).ToArray())
        {
            old.End();
        }

        RemoveEnded();
        if (_transfers.Count == MostTransfers)
        {
            _transfers[0].End();
            RemoveEnded();
        }

        Dictionary<string, long> asked = [];
        while (Word(ref payload) is { Length: > 0 } option && Word(ref payload) is { } value)
        {
            if (long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number))
            {
                asked[option.ToLowerInvariant()] = number;
            }
        }

        _nextPort = _nextPort == ushort.MaxValue ? FirstTransferPort : (ushort)(_nextPort + 1);
        TftpTransfer transfer = new(file, length, guest, guestPort, _nextPort, clock, send);
        _transfers.Add(transfer);
        transfer.Start(asked);
        RemoveEnded();
    }

    /// <summary>A regular file below the folder. Names with "..", and links, lead nowhere.</summary>
    private ITreeFile? Open(string name, out long length)
    {
        length = 0;
        TreePath path = TreePath.Root;
        foreach (string part in name.Replace('\\', '/').Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".")
            {
                continue;
            }

            if (!TreePath.IsName(part))
            {
                return null;
            }

            path = path.Child(part);
        }

        if (files.GetStatus(path, out FileStatus status) != FileError.None || !status.IsRegularFile || files.Open(path, FileAccessMode.Read, false, out ITreeFile? file) != FileError.None)
        {
            return null;
        }

        length = (long)Math.Min(status.Size, long.MaxValue);
        return file;
    }

    private void Fail(uint guest, ushort guestPort, ushort code, string text) => send(guest, guestPort, Port, TftpTransfer.Error(code, text));

    private void RemoveEnded() => _transfers.RemoveAll(static transfer => transfer.IsEnded);
}
