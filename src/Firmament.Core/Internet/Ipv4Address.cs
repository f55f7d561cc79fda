using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Firmament.Core.Internet;

/// <summary>IPv4 addresses as 32-bit numbers, the first byte the most significant.</summary>
public static class Ipv4Address
{
    /// <summary>All stations of the wire.</summary>
    public const uint Broadcast = 0xffff_ffff;

    /// <summary>The number of an address; 0 when it is none of IPv4.</summary>
    public static uint From(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[4];
        return address.AddressFamily == AddressFamily.InterNetwork && address.TryWriteBytes(bytes, out _) ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : 0;
    }

    /// <summary>The address of a number.</summary>
    public static IPAddress ToAddress(uint address)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, address);
        return new IPAddress(bytes);
    }

    /// <summary>True for 224.0.0.0 to 239.255.255.255.</summary>
    public static bool IsMulticast(uint address) => address >> 28 == 0xe;

    /// <summary>Four decimal numbers with dots between.</summary>
    public static string ToText(uint address) => string.Create(
        CultureInfo.InvariantCulture, $"{address >> 24}.{(address >> 16) & 255}.{(address >> 8) & 255}.{address & 255}");

    /// <summary>Reads four decimal numbers of 0 to 255 with dots between, and no other spelling.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out uint address)
    {
        address = 0;
        int parts = 0;
        foreach (Range range in text.Split('.'))
        {
            ReadOnlySpan<char> part = text[range];
            if (++parts > 4 || part.Length > 3 || !byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out byte number))
            {
                address = 0;
                return false;
            }

            address = (address << 8) | number;
        }

        return parts == 4;
    }
}
