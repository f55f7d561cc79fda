using System.Buffers.Binary;

namespace Firmament.Firmware.Network;

/// <summary>Who has an IPv4 address on an Ethernet. Source: RFC 826.</summary>
internal readonly record struct ArpPacket(ushort Operation, StationAddress SenderStation, uint Sender, StationAddress TargetStation, uint Target)
{
    public const int Length = 28;
    public const ushort Request = 1;
    public const ushort Reply = 2;

    // Ethernet, IPv4, lengths of their addresses.
    private static ReadOnlySpan<byte> Kind => [0, 1, 8, 0, 6, 4];

    public static bool TryParse(ReadOnlySpan<byte> bytes, out ArpPacket packet)
    {
        packet = default;
        if (bytes.Length < Length || !bytes.StartsWith(Kind))
        {
            return false;
        }

        packet = new ArpPacket(
            BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]),
            StationAddress.From(bytes[8..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[14..]),
            StationAddress.From(bytes[18..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[24..]));
        return packet.Operation is Request or Reply && !packet.SenderStation.IsGroup;
    }

    /// <summary>The frame that carries it from its sender.</summary>
    public byte[] ToFrame(StationAddress destination)
    {
        byte[] frame = EthernetFrame.Create(destination, SenderStation, EthernetFrame.Arp, Length);
        Span<byte> bytes = frame.AsSpan(EthernetFrame.HeaderLength);
        Kind.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], Operation);
        SenderStation.CopyTo(bytes[8..]);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[14..], Sender);
        TargetStation.CopyTo(bytes[18..]);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[24..], Target);
        return frame;
    }
}
