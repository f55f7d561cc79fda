using System.Buffers.Binary;
using Firmament.Core.Internet;

namespace Firmament.Core.Backends.Host.UserNetwork;

/// <summary>Answers pings to our own addresses and reports what cannot be reached. Source: RFC 792, RFC 1122 3.2.2.</summary>
internal sealed class IcmpResponder(UserLink link)
{
    public const byte NetworkUnreachable = 0;
    public const byte PortUnreachable = 3;

    private const int HeaderLength = 8;

    public void Receive(in Ipv4Packet packet, ReadOnlySpan<byte> message)
    {
        const byte EchoRequest = 8;
        if (message.Length < HeaderLength || message[0] != EchoRequest || message[1] != 0 || InternetChecksum.Of(message) != 0)
        {
            return;
        }

        if (!link.IsOurs(packet.Destination))
        {
            // Not modelled: pings through the host, which lets only some users send them.
            Refuse(packet, message, NetworkUnreachable);
            return;
        }

        byte[] reply = message.ToArray();
        reply[0] = 0;
        Finish(reply);
        link.Send(packet.Destination, packet.Source, Ipv4Packet.Icmp, reply);
    }

    /// <summary>Tells the guest that a packet went nowhere. Packets to many are not answered.</summary>
    public void Refuse(in Ipv4Packet packet, ReadOnlySpan<byte> payload, byte code)
    {
        const byte Unreachable = 3;
        const int QuotedBytes = 8;
        if (packet.Source == 0 || packet.Destination == Ipv4Address.Broadcast || Ipv4Address.IsMulticast(packet.Destination))
        {
            return;
        }

        ReadOnlySpan<byte> quoted = payload[..Math.Min(payload.Length, QuotedBytes)];
        byte[] message = new byte[HeaderLength + packet.Header.Length + quoted.Length];
        message[0] = Unreachable;
        message[1] = code;
        packet.Header.CopyTo(message.AsSpan(HeaderLength));
        quoted.CopyTo(message.AsSpan(HeaderLength + packet.Header.Length));
        Finish(message);
        link.Send(code == PortUnreachable && link.IsOurs(packet.Destination) ? packet.Destination : link.HostAddress, packet.Source, Ipv4Packet.Icmp, message);
    }

    private static void Finish(byte[] message)
    {
        message[2] = message[3] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), InternetChecksum.Of(message));
    }
}
