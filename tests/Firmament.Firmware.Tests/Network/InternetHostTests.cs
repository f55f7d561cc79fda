using System.Buffers.Binary;
using CsCheck;
using Firmament.Core.Internet;
using Firmament.Core.Time;
using Firmament.Firmware.Network;

namespace Firmament.Firmware.Tests.Network;

public sealed class InternetHostTests : IDisposable
{
    private static readonly StationAddress Us = StationAddress.From(FakeCard.Station);
    private static readonly StationAddress Peer = new(0x020304050607);

    private readonly NetworkLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Fact]
    public void Our_address_is_told_to_who_asks()
    {
        Listen(new ArpPacket(ArpPacket.Request, Peer, 0x0a000209, default, FakeServer.ClientAddress).ToFrame(StationAddress.Broadcast));
        byte[] frame = Assert.Single(_lab.Card.Sent);
        Assert.Equal(60, frame.Length);
        Assert.True(ArpPacket.TryParse(frame.AsSpan(14), out ArpPacket reply));
        Assert.Equal(new ArpPacket(ArpPacket.Reply, Us, FakeServer.ClientAddress, Peer, 0x0a000209), reply);
        Assert.Equal(Peer, EthernetFrame.Destination(frame));
    }

    [Theory]
    [InlineData(0x0a000210u, 0x0a000209u)] // another's address
    [InlineData(FakeServer.ClientAddress, 0u)] // a probe
    [InlineData(FakeServer.ClientAddress, FakeServer.ClientAddress)] // somebody has ours
    public void Other_questions_are_not_answered(uint target, uint sender)
    {
        Listen(new ArpPacket(ArpPacket.Request, Peer, sender, default, target).ToFrame(StationAddress.Broadcast));
        Assert.Empty(_lab.Card.Sent);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(33)]
    [InlineData(1472)]
    public void Pings_are_answered(int bytes)
    {
        byte[] ping = Ping(bytes, FakeServer.ClientAddress);
        Listen(ping);
        byte[] frame = Assert.Single(_lab.Card.Sent);
        Assert.True(Ipv4Packet.TryParse(frame.AsSpan(14), out Ipv4Packet packet));
        Assert.Equal(0x0a000209u, packet.Destination);
        Assert.Equal(0, packet.Payload[0]);
        Assert.Equal(0, InternetChecksum.Of(packet.Payload));
        Assert.True(packet.Payload[4..].SequenceEqual(ping.AsSpan(38, bytes + 4)));
    }

    [Fact]
    public void Damaged_pings_and_those_of_others_are_not_answered()
    {
        byte[] damaged = Ping(40, FakeServer.ClientAddress);
        damaged[50] ^= 1;
        Listen(damaged);
        Listen(Ping(40, FakeServer.ClientAddress + 1));
        Listen(Ping(40, Ipv4Address.Broadcast));
        Assert.Empty(_lab.Card.Sent);
    }

    [Theory]
    [InlineData(0, 0x99)] // another station's
    [InlineData(6, 0x53)] // from a group
    [InlineData(12, 0x86)] // another protocol
    [InlineData(14, 0x65)] // not version 4
    [InlineData(14, 0x46)] // a header that is longer
    [InlineData(16, 0xff)] // longer than the frame
    [InlineData(26, 0xe0)] // from a multicast
    [InlineData(39, 0x07)] // UDP shorter than its header
    [InlineData(39, 0xff)] // UDP longer than the packet
    [InlineData(40, 0x12)] // wrong checksum
    [InlineData(42, 0x12)]
    public void Damaged_frames_are_not_taken(int index, byte value)
    {
        byte[] frame = Datagram();
        Assert.True(Listen(frame));
        frame[index] = value;
        Assert.False(Listen(frame));
    }

    [Fact]
    public void Datagrams_without_a_checksum_are_taken()
    {
        byte[] frame = Datagram();
        frame[40] = frame[41] = 0;
        Assert.True(Listen(frame));
    }

    [Fact]
    public void Frames_of_every_length_do_no_harm()
    {
        byte[] frame = Datagram();
        for (int length = 0; length < frame.Length; length++)
        {
            Listen(frame[..length]);
        }

        byte[] arp = new ArpPacket(ArpPacket.Request, Peer, 0x0a000209, default, FakeServer.ClientAddress).ToFrame(StationAddress.Broadcast);
        for (int length = 0; length < 42; length++)
        {
            Listen(arp[..length]);
        }

        Assert.Empty(_lab.Card.Sent);
    }

    [Fact]
    public void A_flood_does_not_stop_time()
    {
        _lab.Card.Flood = Datagram();
        _lab.Card.TryStart();
        InternetHost host = NewHost();
        VirtualTime start = host.Now;
        VirtualTime deadline = start + VirtualTime.FromMilliseconds(50);
        int taken = 0;
        while (host.TryReceive(1234, deadline, out _))
        {
            taken++;
        }

        Assert.Equal(deadline, host.Now);
        Assert.InRange(taken, 1, 16 * 501);
    }

    [Fact]
    public void A_platform_whose_time_stands_still_is_given_up()
    {
        _lab.Card.TryStart();
        _lab.Bench.Platform.Waiter = static _ => true;
        InternetHost host = NewHost();
        Assert.False(host.TryReceive(1234, host.Now + VirtualTime.FromSeconds(1), out _));
        Assert.True(host.IsStopped);
    }

    [Fact]
    public void A_flood_that_leaves_time_no_time_ends_a_wait()
    {
        _lab.Card.Flood = Datagram();
        _lab.Card.TryStart();
        _lab.Bench.Platform.Waiter = static _ => true;
        InternetHost host = NewHost();
        Assert.False(host.TryReceive(1235, host.Now + VirtualTime.FromSeconds(1), out _));
        Assert.False(host.IsStopped);
        Assert.Equal(PolledCard.MostFramesWithoutTime, _lab.Card.Received);
        Assert.True(host.TryReceive(1234, host.Now + VirtualTime.FromSeconds(1), out _));
    }

    [Fact]
    public void Liars_do_not_fill_memory()
    {
        NeighbourTable table = new();
        for (uint i = 0; i < 1000; i++)
        {
            table.Learn(i, new StationAddress(i));
            table.Update(i + 1_000_000, default);
        }

        Assert.InRange(table.Count, 1, NeighbourTable.MostNeighbours);
        Assert.True(table.TryFind(999, out StationAddress last));
        Assert.Equal(999ul, last.Value);
    }

    [Fact]
    public void Noise_is_survived() =>
        Gen.Byte.Array[0, 1600].Array[1, 20].Sample(
            frames =>
            {
                using NetworkLab lab = new();
                foreach (byte[] frame in frames)
                {
                    FakeCard.Station.AsSpan(0, Math.Min(frame.Length, 6)).CopyTo(frame);
                    lab.Card.Deliver(frame);
                }

                lab.Server.Dhcp = static (_, _) => null;
                Assert.Null(lab.Find(",,,,1"));
            },
            iter: 50,
            threads: 1);

    /// <summary>Servers whose every message may have bytes changed, added and cut, checksums made right again so that they are read.</summary>
    [Fact]
    public void Servers_gone_mad_are_survived() =>
        Gen.Select(Gen.UInt, Gen.Int[1, 6]).Sample(
            (seed, every) =>
            {
                using NetworkLab lab = new();
                lab.Server.Wire = frame =>
                {
                    lab.Card.Deliver(Mutate(frame, ref seed, every), VirtualTime.FromMicroseconds(seed % 100));
                    return seed % 3 == 0 ? [default] : [];
                };
                if (lab.Find(",,,,2,2,,64") is { } program)
                {
                    Assert.InRange(lab.Load(program), -1, 1 << 20);
                }

                Assert.True(lab.Bench.Platform.Now < VirtualTime.FromSeconds(1000));
                Assert.Equal(1, lab.Card.Starts);
            },
            iter: 300,
            threads: 1);

    private static byte[] Mutate(byte[] frame, ref uint seed, int every)
    {
        uint Next(uint below, ref uint state)
        {
            state = (state * 1664525) + 1013904223;
            return (state >> 8) % below;
        }

        if (EthernetFrame.Type(frame) != EthernetFrame.Ipv4 || Next((uint)every, ref seed) != 0)
        {
            return frame;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(38)) - 8;
        byte[] payload = frame.AsSpan(42, length).ToArray();
        for (uint changes = Next(4, ref seed); changes > 0 && payload.Length > 0; changes--)
        {
            uint near = Next(2, ref seed) == 0 ? Math.Min(8, (uint)payload.Length) : (uint)payload.Length;
            payload[Next(near, ref seed)] = (byte)Next(256, ref seed);
        }

        payload = Next(6, ref seed) == 0 ? payload[..(int)Next((uint)payload.Length + 1, ref seed)] : payload;
        payload = Next(6, ref seed) == 0 ? [.. payload, .. new byte[Next(100, ref seed)]] : payload;
        payload = payload.Length > 1472 ? payload[..1472] : payload;
        return UdpDatagram.ToFrame(
            EthernetFrame.Destination(frame), EthernetFrame.Source(frame),
            BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(26)), BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(34)),
            BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(30)), BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(36)), 7, payload);
    }

    private static byte[] Datagram() => UdpDatagram.ToFrame(Us, Peer, 0x0a000209, 4321, FakeServer.ClientAddress, 1234, 1, NetworkLab.Content(100));

    private static byte[] Ping(int bytes, uint to)
    {
        byte[] message = [8, 0, 0, 0, 1, 2, 3, 4, .. NetworkLab.Content(bytes)];
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), InternetChecksum.Of(message));
        byte[] frame = EthernetFrame.Create(Us, Peer, EthernetFrame.Ipv4, 20 + message.Length);
        Ipv4Packet.WriteHeader(frame.AsSpan(14), 0x0a000209, to, Ipv4Packet.Icmp, 1, message.Length);
        message.CopyTo(frame, 34);
        return frame;
    }

    private InternetHost NewHost()
    {
        InternetHost host = new(new PolledCard(_lab.Card, _lab.Bench.Platform));
        host.Configure(FakeServer.ClientAddress, 0xffffff00, 0);
        return host;
    }

    /// <summary>Waits with one frame on its way. True when it was a datagram to port 1234.</summary>
    private bool Listen(byte[] frame)
    {
        _lab.Card.Deliver(frame);
        _lab.Card.TryStart();
        InternetHost host = NewHost();
        return host.TryReceive(1234, host.Now + VirtualTime.FromMilliseconds(1), out _);
    }
}
