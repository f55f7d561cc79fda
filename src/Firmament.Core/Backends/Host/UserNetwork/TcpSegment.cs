using System.Buffers.Binary;
using Firmament.Core.Internet;

namespace Firmament.Core.Backends.Host.UserNetwork;

/// <summary>A TCP segment whose header was checked. Source: RFC 9293, 3.1; window scale of RFC 7323.</summary>
internal readonly ref struct TcpSegment
{
    public const int HeaderLength = 20;

    private TcpSegment(ReadOnlySpan<byte> bytes, int header)
    {
        Header = bytes[..header];
        Payload = bytes[header..];
    }

    public ReadOnlySpan<byte> Header { get; }

    public ReadOnlySpan<byte> Payload { get; }

    public ushort SourcePort => BinaryPrimitives.ReadUInt16BigEndian(Header);

    public ushort DestinationPort => BinaryPrimitives.ReadUInt16BigEndian(Header[2..]);

    public uint Sequence => BinaryPrimitives.ReadUInt32BigEndian(Header[4..]);

    public uint Acknowledgement => BinaryPrimitives.ReadUInt32BigEndian(Header[8..]);

    public TcpFlags Flags => (TcpFlags)(Header[13] & 0x1f);

    public ushort Window => BinaryPrimitives.ReadUInt16BigEndian(Header[14..]);

    /// <summary>Sequence numbers it takes: its bytes, SYN and FIN.</summary>
    public uint Length => (uint)Payload.Length + (Has(TcpFlags.Syn) ? 1u : 0) + (Has(TcpFlags.Fin) ? 1u : 0);

    public bool Has(TcpFlags flag) => (Flags & flag) != 0;

    public static bool TryParse(in Ipv4Packet packet, ReadOnlySpan<byte> bytes, out TcpSegment segment)
    {
        segment = default;
        if (bytes.Length < HeaderLength)
        {
            return false;
        }

        int header = (bytes[12] >> 4) * 4;
        if (header < HeaderLength || header > bytes.Length
            || InternetChecksum.OfTransport(packet.Source, packet.Destination, Ipv4Packet.Tcp, bytes) != 0)
        {
            return false;
        }

        segment = new TcpSegment(bytes, header);
        return true;
    }

    /// <summary>The options of a SYN: largest segment (536 unless told) and window scale (-1 = none).</summary>
    public void ReadOptions(out int largestSegment, out int windowScale)
    {
        const int Default = 536;
        const int GreatestScale = 14;
        largestSegment = Default;
        windowScale = -1;
        ReadOnlySpan<byte> options = Header[HeaderLength..];
        while (!options.IsEmpty && options[0] != 0)
        {
            if (options[0] == 1)
            {
                options = options[1..];
                continue;
            }

            if (options.Length < 2 || options[1] < 2 || options[1] > options.Length)
            {
                return;
            }

            switch (options[0], options[1])
            {
                case (2, 4):
                    largestSegment = BinaryPrimitives.ReadUInt16BigEndian(options[2..]);
                    break;
                case (3, 3):
                    windowScale = Math.Min((int)options[2], GreatestScale);
                    break;
            }

            options = options[options[1]..];
        }
    }

    /// <summary>Builds a segment; the payload at its end and the checksum (<see cref="Seal"/>) are the caller's to fill in.</summary>
    public static byte[] Build(
        ushort source, ushort destination, uint sequence, uint acknowledgement, TcpFlags flags, ushort window, ReadOnlySpan<byte> options, int dataLength)
    {
        byte[] bytes = new byte[HeaderLength + options.Length + dataLength];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, source);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), destination);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), sequence);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8), acknowledgement);
        bytes[12] = (byte)((HeaderLength + options.Length) / 4 << 4);
        bytes[13] = (byte)flags;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(14), window);
        options.CopyTo(bytes.AsSpan(HeaderLength));
        return bytes;
    }

    /// <summary>Writes the checksum into a complete segment.</summary>
    public static void Seal(byte[] segment, uint source, uint destination)
    {
        segment[16] = segment[17] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(16), InternetChecksum.OfTransport(source, destination, Ipv4Packet.Tcp, segment));
    }
}
