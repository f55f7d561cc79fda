using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Firmament.Core.Backends.Host.UserNetwork;

/// <summary>IPv4 addresses as 32-bit numbers, the first byte the most significant.</summary>
internal static class Ipv4Address
{
    public const uint Broadcast = 0xffff_ffff;

    public static uint From(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[4];
        return address.AddressFamily == AddressFamily.InterNetwork && address.TryWriteBytes(bytes, out _) ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : 0;
    }

    public static IPAddress ToAddress(uint address)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, address);
        return new IPAddress(bytes);
    }

    public static bool IsMulticast(uint address) => address >> 28 == 0xe;
}
