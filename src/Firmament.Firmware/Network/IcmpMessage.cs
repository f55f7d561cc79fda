using System.Buffers.Binary;
using Firmament.Core.Internet;

namespace Firmament.Firmware.Network;

/// <summary>The two ICMP messages a booting machine cares for: pings, and word that nobody listens at a port. Source: RFC 792.</summary>
internal static class IcmpMessage
{
    private const int HeaderLength = 8;

    /// <summary>The answer to an echo request; null when the message is none, or is damaged.</summary>
    public static byte[]? Answer(ReadOnlySpan<byte> message)
    {
        const byte EchoRequest = 8;
        if (message.Length < HeaderLength || message[0] != EchoRequest || message[1] != 0 || InternetChecksum.Of(message) != 0)
        {
            return null;
        }

        byte[] reply = message.ToArray();
        reply[0] = 0;
        reply[2] = reply[3] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(reply.AsSpan(2), InternetChecksum.Of(reply));
        return reply;
    }

    /// <summary>Whose UDP datagram was refused.</summary>
    /// <param name="message">The message.</param>
    /// <param name="address">Where the datagram went.</param>
    /// <param name="sourcePort">Our port.</param>
    /// <returns>False when the message says nothing of the kind.</returns>
    public static bool TryParseRefusal(ReadOnlySpan<byte> message, out uint address, out ushort sourcePort)
    {
        const byte Unreachable = 3;
        const byte ProtocolUnreachable = 2;
        const byte PortUnreachable = 3;
        address = 0;
        sourcePort = 0;
        if (message.Length < HeaderLength + Ipv4Packet.HeaderLength || message[0] != Unreachable || message[1] is not (ProtocolUnreachable or PortUnreachable)
            || InternetChecksum.Of(message) != 0)
        {
            return false;
        }

        // Only the first bytes of the packet are quoted, so it is not one that Ipv4Packet takes.
        ReadOnlySpan<byte> quoted = message[HeaderLength..];
        int header = (quoted[0] & 15) * 4;
        if (quoted[0] >> 4 != 4 || header < Ipv4Packet.HeaderLength || quoted.Length < header + 2 || quoted[9] != Ipv4Packet.Udp)
        {
            return false;
        }

        address = BinaryPrimitives.ReadUInt32BigEndian(quoted[16..]);
        sourcePort = BinaryPrimitives.ReadUInt16BigEndian(quoted[header..]);
        return true;
    }
}
