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
    private const uint SnapLength = 262144;

    private readonly FileStream _file;
    private readonly Func<VirtualTime> _clock;
    private bool _isFull;

    /// <summary>Creates the file, replacing an older one.</summary>
    /// <exception cref="BackendException">It cannot be created.</exception>
    public PcapFile(string path, Func<VirtualTime> clock)
    {
        _clock = clock;
        try
        {
            _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read);
            Span<byte> header = stackalloc byte[24];
            BinaryPrimitives.WriteUInt32LittleEndian(header, NanosecondMagic);
            BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
            BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
            header[8..16].Clear();
            BinaryPrimitives.WriteUInt32LittleEndian(header[16..], SnapLength);
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

        long now = _clock().Nanoseconds;
        Span<byte> record = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(record, (uint)(now / 1_000_000_000));
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], (uint)(now % 1_000_000_000));
        BinaryPrimitives.WriteInt32LittleEndian(record[8..], frame.Length);
        BinaryPrimitives.WriteInt32LittleEndian(record[12..], frame.Length);
        try
        {
            _file.Write(record);
            _file.Write(frame);
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
