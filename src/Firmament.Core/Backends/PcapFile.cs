using System.Buffers.Binary;
using Firmament.Core.Time;

namespace Firmament.Core.Backends;

/// <summary>
/// A packet capture file: libpcap format 2.4, nanosecond time stamps of the virtual clock, link type Ethernet.
/// Source: draft-ietf-opsawg-pcap.
/// </summary>
public sealed class PcapFile : IDisposable
{
    private const uint NanosecondMagic = 0xa1b23c4d;
    private const uint LinkTypeEthernet = 1;
    private const int SnapLength = 262144;

    private readonly FileStream _file;
    private readonly Func<VirtualTime> _clock;
    private readonly int _mostBytes;
    private bool _isFull;

    /// <summary>Creates the file, replacing an older one.</summary>
    /// <param name="path">A regular file, or a pipe that a viewer reads.</param>
    /// <param name="clock">The time of a frame, counted from 1970-01-01 UTC as readers take it; before that counts as that.</param>
    /// <param name="mostBytes">Bytes of a frame that are kept at most; its true length is written too.</param>
    /// <exception cref="BackendException">It cannot be created.</exception>
    public PcapFile(string path, Func<VirtualTime> clock, int mostBytes = SnapLength)
    {
        _clock = clock;
        _mostBytes = Math.Clamp(mostBytes, 1, SnapLength);
        try
        {
            _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read);
            Span<byte> header = stackalloc byte[24];
            BinaryPrimitives.WriteUInt32LittleEndian(header, NanosecondMagic);
            BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
            BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
            header[8..16].Clear();
            BinaryPrimitives.WriteInt32LittleEndian(header[16..], _mostBytes);
            BinaryPrimitives.WriteUInt32LittleEndian(header[20..], LinkTypeEthernet);
            _file.Write(header);
            _file.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new BackendException($"capture file '{path}' cannot be created ({e.Message.TrimEnd('.')}); name a writable file", e);
        }
    }

    /// <summary>Appends one frame. A disk that fills up ends the capture, not the machine.</summary>
    public void Write(ReadOnlySpan<byte> frame)
    {
        if (_isFull)
        {
            return;
        }

        long now = Math.Max(0, _clock().Nanoseconds);
        ReadOnlySpan<byte> kept = frame[..Math.Min(frame.Length, _mostBytes)];
        Span<byte> record = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(record, (uint)(now / 1_000_000_000));
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], (uint)(now % 1_000_000_000));
        BinaryPrimitives.WriteInt32LittleEndian(record[8..], kept.Length);
        BinaryPrimitives.WriteInt32LittleEndian(record[12..], frame.Length);
        try
        {
            _file.Write(record);
            _file.Write(kept);
            _file.Flush();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            _isFull = true;
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();
}
