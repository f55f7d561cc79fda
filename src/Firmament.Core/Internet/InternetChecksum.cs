using System.Buffers.Binary;

namespace Firmament.Core.Internet;

/// <summary>The ones' complement sum of IPv4, ICMP, UDP and TCP. Source: RFC 1071.</summary>
public static class InternetChecksum
{
    /// <summary>What to store in the checksum's field, which must be zero; over a message with its checksum in place, 0 when it is right.</summary>
    public static ushort Of(ReadOnlySpan<byte> bytes) => Fold(Sum(0, bytes));

    /// <summary>As <see cref="Of"/>, with the pseudo-header of TCP and UDP before the message.</summary>
    public static ushort OfTransport(uint source, uint destination, byte protocol, ReadOnlySpan<byte> message)
    {
        uint sum = (source >> 16) + (source & 0xffff) + (destination >> 16) + (destination & 0xffff) + protocol + (uint)message.Length;
        return Fold(Sum(sum, message));
    }

    private static uint Sum(uint sum, ReadOnlySpan<byte> bytes)
    {
        // At most 32768 words of 16 bits: the sum fits 32 bits.
        for (; bytes.Length >= 2; bytes = bytes[2..])
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes);
        }

        return bytes.IsEmpty ? sum : sum + ((uint)bytes[0] << 8);
    }

    private static ushort Fold(uint sum)
    {
        sum = (sum >> 16) + (sum & 0xffff);
        return (ushort)~(sum + (sum >> 16));
    }
}
