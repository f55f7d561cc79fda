using System.Buffers.Binary;

namespace Firmament.Core.Internet;

/// <summary>An IPv4 packet whose header was checked. Source: RFC 791. Options are skipped.</summary>
public readonly ref struct Ipv4Packet
{
    /// <summary>Protocol number of ICMP.</summary>
    public const byte Icmp = 1;

    /// <summary>Protocol number of TCP.</summary>
    public const byte Tcp = 6;

    /// <summary>Protocol number of UDP.</summary>
    public const byte Udp = 17;

    /// <summary>Bytes of a header without options.</summary>
    public const int HeaderLength = 20;

    private Ipv4Packet(ReadOnlySpan<byte> bytes, int header, int length)
    {
        Header = bytes[..header];
        Payload = bytes[header..length];
    }

    /// <summary>The header with its options.</summary>
    public ReadOnlySpan<byte> Header { get; }

    /// <summary>What follows the header.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>The sender's address.</summary>
    public uint Source => BinaryPrimitives.ReadUInt32BigEndian(Header[12..]);

    /// <summary>The receiver's address.</summary>
    public uint Destination => BinaryPrimitives.ReadUInt32BigEndian(Header[16..]);

    /// <summary>Of the payload.</summary>
    public byte Protocol => Header[9];

    /// <summary>The same in all fragments of a packet.</summary>
    public ushort Identification => BinaryPrimitives.ReadUInt16BigEndian(Header[4..]);

    /// <summary>Bytes before this fragment's.</summary>
    public int FragmentOffset => (BinaryPrimitives.ReadUInt16BigEndian(Header[6..]) & 0x1fff) * 8;

    /// <summary>True in all fragments but the last.</summary>
    public bool HasMoreFragments => (Header[6] & 0x20) != 0;

    /// <summary>True when the payload is a part of one.</summary>
    public bool IsFragment => HasMoreFragments || FragmentOffset != 0;

    /// <summary>False for anything that is not a whole, well-formed packet. Bytes after the packet (padding of short frames) are ignored.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out Ipv4Packet packet)
    {
        packet = default;
        if (bytes.Length < HeaderLength || bytes[0] >> 4 != 4)
        {
            return false;
        }

        int header = (bytes[0] & 15) * 4;
        int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        if (header < HeaderLength || header > length || length > bytes.Length || InternetChecksum.Of(bytes[..header]) != 0)
        {
            return false;
        }

        packet = new Ipv4Packet(bytes, header, length);
        return true;
    }

    /// <summary>Writes a header without options.</summary>
    /// <param name="bytes">Room for <see cref="HeaderLength"/> bytes.</param>
    /// <param name="source">The sender's address.</param>
    /// <param name="destination">The receiver's address.</param>
    /// <param name="protocol">Of the payload.</param>
    /// <param name="identification">The same in all fragments of a packet.</param>
    /// <param name="payloadLength">Bytes after the header.</param>
    /// <param name="fragmentOffset">Bytes before this fragment's; a multiple of 8.</param>
    /// <param name="more">True in all fragments but the last.</param>
    public static void WriteHeader(
        Span<byte> bytes, uint source, uint destination, byte protocol, ushort identification, int payloadLength, int fragmentOffset = 0, bool more = false)
    {
        const byte TimeToLive = 64;
        bytes[..HeaderLength].Clear();
        bytes[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], (ushort)(HeaderLength + payloadLength));
        BinaryPrimitives.WriteUInt16BigEndian(bytes[4..], identification);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], (ushort)((fragmentOffset / 8) | (more ? 0x2000 : 0)));
        bytes[8] = TimeToLive;
        bytes[9] = protocol;
        BinaryPrimitives.WriteUInt32BigEndian(bytes[12..], source);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[16..], destination);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[10..], InternetChecksum.Of(bytes[..HeaderLength]));
    }
}
