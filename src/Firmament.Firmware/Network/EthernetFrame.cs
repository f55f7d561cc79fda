using System.Buffers.Binary;

namespace Firmament.Firmware.Network;

/// <summary>Ethernet II frames without their check sequence. Source: RFC 894.</summary>
internal static class EthernetFrame
{
    public const int HeaderLength = 14;
    public const int Shortest = 60;
    public const int Longest = 1514;
    public const int Mtu = Longest - HeaderLength;
    public const ushort Ipv4 = 0x0800;
    public const ushort Arp = 0x0806;

    public static StationAddress Destination(ReadOnlySpan<byte> frame) => StationAddress.From(frame);

    public static StationAddress Source(ReadOnlySpan<byte> frame) => StationAddress.From(frame[StationAddress.Length..]);

    public static ushort Type(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadUInt16BigEndian(frame[(2 * StationAddress.Length)..]);

    /// <summary>Makes a frame with room for a payload, which is zero; short ones are padded.</summary>
    public static byte[] Create(StationAddress destination, StationAddress source, ushort type, int payloadLength)
    {
        byte[] frame = new byte[Math.Max(Shortest, HeaderLength + payloadLength)];
        destination.CopyTo(frame);
        source.CopyTo(frame.AsSpan(StationAddress.Length));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2 * StationAddress.Length), type);
        return frame;
    }
}
