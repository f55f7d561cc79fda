using System.Buffers.Binary;
using System.Net;
using Firmament.Core.Backends;
using Firmament.Core.Backends.Host.UserNetwork;
using Firmament.Core.Internet;

namespace Firmament.Core.Tests.Backends.UserNetwork;

/// <summary>A user network with a guest at 10.0.2.15 that speaks in frames, a clock that stands still, and the host's sockets played.</summary>
internal sealed class Wire
{
    public const uint Guest = 0x0a00_020f;
    public const uint Host = 0x0a00_0202;
    public const uint Dns = 0x0a00_0203;
    public static readonly byte[] GuestMac = [0x52, 0x54, 0, 0x12, 0x34, 0x56];

    public Wire(UserNetworkOptions? options = null, IFileTree? files = null, bool greets = true)
    {
        Stack = new UserStack(options ?? new(), Sockets, Frames.Enqueue, () => InFlight, () => Now, files);
        if (greets)
        {
            Send(Arp(1, Guest, Host));
            Frames.Clear();
        }
    }

    public FakeSockets Sockets { get; } = new();

    public UserStack Stack { get; }

    public Queue<byte[]> Frames { get; } = new();

    public int InFlight { get; set; }

    public long Now { get; set; }

    public void Send(byte[] frame)
    {
        Stack.Receive(frame);
        Stack.Flush();
    }

    public void Advance(long milliseconds)
    {
        Now += milliseconds;
        Stack.Tick();
        Stack.Flush();
    }

    public static byte[] Frame(ushort type, ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[14 + payload.Length];
        frame.AsSpan(0, 6).Fill(0xff);
        GuestMac.CopyTo(frame, 6);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), type);
        payload.CopyTo(frame.AsSpan(14));
        return frame;
    }

    public static byte[] Arp(byte operation, uint sender, uint target)
    {
        byte[] packet = [0, 1, 8, 0, 6, 4, 0, operation, .. GuestMac, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(14), sender);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(24), target);
        return Frame(0x0806, packet);
    }

    public static byte[] Ip(byte protocol, uint to, ReadOnlySpan<byte> payload, uint from = Guest, int offset = 0, bool more = false, ushort id = 1)
    {
        byte[] packet = new byte[20 + payload.Length];
        Ipv4Packet.WriteHeader(packet, from, to, protocol, id, payload.Length, offset, more);
        payload.CopyTo(packet.AsSpan(20));
        return Frame(0x0800, packet);
    }

    public static byte[] Udp(uint to, ushort toPort, ushort fromPort, ReadOnlySpan<byte> payload, uint from = Guest) =>
        Ip(17, to, UdpDatagram(to, toPort, fromPort, payload, from), from);

    public static byte[] UdpDatagram(uint to, ushort toPort, ushort fromPort, ReadOnlySpan<byte> payload, uint from = Guest)
    {
        byte[] datagram = new byte[8 + payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(datagram, fromPort);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(2), toPort);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(4), (ushort)datagram.Length);
        payload.CopyTo(datagram.AsSpan(8));
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(6), InternetChecksum.OfTransport(from, to, 17, datagram));
        return datagram;
    }

    /// <summary>The next packet to the guest, checked.</summary>
    public (byte Protocol, uint From, uint To, byte[] Payload) Take()
    {
        byte[] frame = Frames.Dequeue();
        Assert.Equal(0x0800, BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(12)));
        Assert.True(Ipv4Packet.TryParse(frame.AsSpan(14), out Ipv4Packet packet));
        return (packet.Protocol, packet.Source, packet.Destination, packet.Payload.ToArray());
    }

    /// <summary>The next datagram to the guest, its checksum checked.</summary>
    public (uint From, ushort FromPort, ushort ToPort, byte[] Payload) TakeUdp()
    {
        (byte protocol, uint from, uint to, byte[] datagram) = Take();
        Assert.Equal(17, protocol);
        Assert.Equal(0, InternetChecksum.OfTransport(from, to, 17, datagram));
        Assert.Equal(datagram.Length, BinaryPrimitives.ReadUInt16BigEndian(datagram.AsSpan(4)));
        return (from, BinaryPrimitives.ReadUInt16BigEndian(datagram), BinaryPrimitives.ReadUInt16BigEndian(datagram.AsSpan(2)), datagram[8..]);
    }

    public static IPEndPoint At(string address, int port) => new(IPAddress.Parse(address), port);
}
