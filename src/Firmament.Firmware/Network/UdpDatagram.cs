using System.Buffers.Binary;
using Firmament.Core.Internet;

namespace Firmament.Firmware.Network;

/// <summary>A UDP datagram whose length and checksum were checked. Source: RFC 768.</summary>
internal readonly ref struct UdpDatagram
{
    public const int HeaderLength = 8;
    public const int LongestPayload = EthernetFrame.Mtu - Ipv4Packet.HeaderLength - HeaderLength;

    /// <summary>Who sent the frame, perhaps a router.</summary>
    public StationAddress Station { get; private init; }

    public uint Source { get; private init; }

    public uint Destination { get; private init; }

    public ushort SourcePort { get; private init; }

    public ushort DestinationPort { get; private init; }

    public ReadOnlySpan<byte> Payload { get; private init; }

    /// <summary>Reads the payload of a packet, put together where it came in fragments.</summary>
    public static bool TryParse(StationAddress station, uint source, uint destination, ReadOnlySpan<byte> payload, out UdpDatagram datagram)
    {
        datagram = default;
        if (payload.Length < HeaderLength)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(payload[4..]);
        bool isChecked = BinaryPrimitives.ReadUInt16BigEndian(payload[6..]) != 0;
        if (length < HeaderLength || length > payload.Length
            || (isChecked && InternetChecksum.OfTransport(source, destination, Ipv4Packet.Udp, payload[..length]) != 0))
        {
            return false;
        }

        datagram = new UdpDatagram
        {
            Station = station,
            Source = source,
            Destination = destination,
            SourcePort = BinaryPrimitives.ReadUInt16BigEndian(payload),
            DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(payload[2..]),
            Payload = payload[HeaderLength..length],
        };
        return true;
    }

    /// <summary>Makes a frame with a datagram.</summary>
    /// <param name="to">The station it goes to.</param>
    /// <param name="from">The station it comes from.</param>
    /// <param name="source">The sender's address; 0 while it has none.</param>
    /// <param name="sourcePort">The sender's port.</param>
    /// <param name="destination">The receiver's address.</param>
    /// <param name="destinationPort">The receiver's port.</param>
    /// <param name="identification">Of the IPv4 packet.</param>
    /// <param name="payload">At most 65,507 bytes; more than <see cref="LongestPayload"/> fit no wire.</param>
    public static byte[] ToFrame(
        StationAddress to, StationAddress from, uint source, ushort sourcePort, uint destination, ushort destinationPort, ushort identification, ReadOnlySpan<byte> payload)
    {
        int length = HeaderLength + payload.Length;
        byte[] frame = EthernetFrame.Create(to, from, EthernetFrame.Ipv4, Ipv4Packet.HeaderLength + length);
        Ipv4Packet.WriteHeader(frame.AsSpan(EthernetFrame.HeaderLength), source, destination, Ipv4Packet.Udp, identification, length);
        Span<byte> datagram = frame.AsSpan(EthernetFrame.HeaderLength + Ipv4Packet.HeaderLength, length);
        BinaryPrimitives.WriteUInt16BigEndian(datagram, sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[2..], destinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[4..], (ushort)length);
        payload.CopyTo(datagram[HeaderLength..]);
        ushort checksum = InternetChecksum.OfTransport(source, destination, Ipv4Packet.Udp, datagram);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[6..], checksum == 0 ? (ushort)0xffff : checksum);
        return frame;
    }
}
