using System.Buffers.Binary;
using System.Net;
using System.Text;
using Firmament.Core.Backends;
using Firmament.Core.Backends.Host;
using Firmament.Core.Backends.Host.UserNetwork;
using Firmament.Core.Internet;

namespace Firmament.Core.Tests.Backends.UserNetwork;

public class UserStackTests
{
    private static byte[] Dhcp(byte kind, params byte[] more)
    {
        byte[] message = new byte[240];
        message[0] = message[1] = 1;
        message[2] = 6;
        message[4] = 0x5a;
        Wire.GuestMac.CopyTo(message, 28);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(236), 0x63825363);
        return [.. message, .. kind == 0 ? [] : (byte[])[53, 1, kind], .. more, 255];
    }

    private static byte[] AskDhcp(Wire wire, byte[] message)
    {
        wire.Send(Wire.Udp(uint.MaxValue, 67, 68, message, from: 0));
        return wire.TakeUdp().Payload;
    }

    [Fact]
    public void Our_addresses_answer_ARP_and_pings_and_no_others_do()
    {
        Wire wire = new();
        foreach (uint address in (uint[])[Wire.Host, Wire.Dns])
        {
            wire.Send(Wire.Arp(1, Wire.Guest, address));
            byte[] reply = wire.Frames.Dequeue();
            Assert.Equal(2, reply[21]);
            Assert.Equal((byte[])[0x52, 0x55, 10, 0, 2, (byte)address], reply[22..28]);
            byte[] ping = [8, 0, 0, 0, 1, 2, 3, 4, 5];
            BinaryPrimitives.WriteUInt16BigEndian(ping.AsSpan(2), InternetChecksum.Of(ping));
            wire.Send(Wire.Ip(1, address, ping));
            (_, uint from, _, byte[] pong) = wire.Take();
            Assert.Equal(address, from);
            Assert.Equal(0, pong[0]);
            Assert.Equal(0, InternetChecksum.Of(pong));
            wire.Send(Wire.Ip(1, 0x08080808, ping));
            Assert.Equal(3, wire.Take().Payload[0]);
        }

        wire.Send(Wire.Arp(1, Wire.Guest, 0x0a000263));
        Assert.Empty(wire.Frames);
    }

    [Fact]
    public void Dhcp_offers_and_gives_the_first_address_with_router_and_name_server()
    {
        Wire wire = new(new UserNetworkOptions { HostName = "peg", BootFile = "/boot/core.elf" }, greets: false);
        byte[] offer = AskDhcp(wire, Dhcp(1));
        Assert.Equal((byte[])[10, 0, 2, 15], offer[16..20]);
        Assert.Equal(0x5a, offer[4]);
        byte[] ack = AskDhcp(wire, Dhcp(3, 50, 4, 10, 0, 2, 15, 54, 4, 10, 0, 2, 2));
        byte[] options = ack[240..];
        Assert.Equal((byte[])[5], DhcpServer.Option(options, 53).ToArray());
        Assert.Equal((byte[])[255, 255, 255, 0], DhcpServer.Option(options, 1).ToArray());
        Assert.Equal((byte[])[10, 0, 2, 2], DhcpServer.Option(options, 3).ToArray());
        Assert.Equal((byte[])[10, 0, 2, 3], DhcpServer.Option(options, 6).ToArray());
        Assert.Equal("peg"u8.ToArray(), DhcpServer.Option(options, 12).ToArray());
        Assert.Equal("/boot/core.elf"u8.ToArray(), DhcpServer.Option(options, 67).ToArray());
    }

    [Fact]
    public void Dhcp_refuses_a_foreign_address_and_hides_the_router_of_a_restricted_network()
    {
        Wire wire = new(new UserNetworkOptions { Restrict = true }, greets: false);
        Assert.Equal((byte[])[6], DhcpServer.Option(AskDhcp(wire, Dhcp(3, 50, 4, 192, 168, 0, 9)).AsSpan(240), 53).ToArray());
        Assert.True(DhcpServer.Option(AskDhcp(wire, Dhcp(1)).AsSpan(240), 3).IsEmpty);
        wire.Send(Wire.Udp(uint.MaxValue, 67, 68, Dhcp(3, 54, 4, 10, 0, 2, 9), from: 0));
        wire.Send(Wire.Udp(uint.MaxValue, 67, 68, new byte[100], from: 0));
        wire.Send(Wire.Udp(uint.MaxValue, 67, 68, [.. Dhcp(0)[..240], 53, 200, 1], from: 0));
        wire.Frames.Clear();
    }

    [Fact]
    public void A_seventeenth_station_gets_no_address()
    {
        Wire wire = new(greets: false);
        byte[] message = Dhcp(1);
        for (int i = 0; i < 16; i++)
        {
            message[33] = (byte)i;
            Assert.Equal(15 + i, AskDhcp(wire, message)[19]);
        }

        message[33] = 99;
        wire.Send(Wire.Udp(uint.MaxValue, 67, 68, message, from: 0));
        Assert.Empty(wire.Frames);
    }

    [Fact]
    public void Names_are_asked_of_the_hosts_name_server_and_answered_from_ours()
    {
        Wire wire = new();
        wire.Send(Wire.Udp(Wire.Dns, 53, 4000, "query"u8));
        FakeDatagrams socket = Assert.Single(wire.Sockets.Datagrams);
        Assert.Equal(Wire.At("192.0.2.53", 53), Assert.Single(socket.Sent).To);
        socket.Receiver(Wire.At("192.0.2.53", 53), "answer"u8);
        (uint from, ushort fromPort, ushort toPort, byte[] payload) = wire.TakeUdp();
        Assert.Equal((Wire.Dns, 53, 4000), (from, fromPort, toPort));
        Assert.Equal("answer"u8.ToArray(), payload);
        socket.Receiver(Wire.At("198.51.100.1", 53), "forged"u8);
        Assert.Empty(wire.Frames);
        wire.Advance(20_000);
        Assert.True(socket.IsDisposed);
        Assert.Equal(0, wire.Stack.Sessions);
    }

    [Fact]
    public void Sessions_are_bounded_and_fragments_are_put_together()
    {
        Wire wire = new();
        for (ushort port = 1; port < 1000; port++)
        {
            wire.Send(Wire.Udp(Wire.Host, 7, port, [1]));
        }

        Assert.Equal(UdpRelay.MostSessions, wire.Stack.Sessions);
        byte[] datagram = Wire.UdpDatagram(Wire.Host, 7, 999, new byte[3000]);
        wire.Send(Wire.Ip(17, Wire.Host, datagram.AsSpan(1480), offset: 1480, id: 7));
        wire.Send(Wire.Ip(17, Wire.Host, datagram.AsSpan(0, 1480), more: true, id: 7));
        Assert.Equal(3000, wire.Sockets.Datagrams[^1].Sent[^1].Payload.Length);
        wire.Send(Wire.Ip(17, Wire.Host, datagram.AsSpan(0, 1480), more: true, id: 8));
        wire.Send(Wire.Ip(17, Wire.Host, datagram.AsSpan(8, 1480), offset: 8, more: true, id: 8));
        for (ushort id = 10; id < 1000; id++)
        {
            wire.Send(Wire.Ip(17, Wire.Host, datagram.AsSpan(0, 1480), more: true, id: id));
        }
    }

    [Fact]
    public void A_forwarded_datagram_is_answered_through_its_port()
    {
        Wire wire = new(new UserNetworkOptions { Forwards = [HostForwardSyntax.Parse("udp::5000-:53")], Restrict = true });
        FakeDatagrams socket = wire.Sockets.Datagrams[0];
        socket.Receiver(Wire.At("127.0.0.1", 40000), "ask"u8);
        (uint from, ushort fromPort, ushort toPort, _) = wire.TakeUdp();
        Assert.Equal((Wire.Host, 40000, 53), (from, fromPort, toPort));
        wire.Send(Wire.Udp(Wire.Host, 40000, 53, "tell"u8));
        Assert.Equal(Wire.At("127.0.0.1", 40000), Assert.Single(socket.Sent).To);
    }

    [Fact]
    public void Tftp_serves_files_of_its_folder_and_nothing_else()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "shared folders need Linux");
        string folder = Directory.CreateTempSubdirectory("firmament").FullName;
        try
        {
            byte[] content = [.. Enumerable.Range(0, 5000).Select(static i => (byte)(i * 3))];
            Directory.CreateDirectory(Path.Combine(folder, "root/boot"));
            File.WriteAllBytes(Path.Combine(folder, "root/boot/core.elf"), content);
            File.WriteAllText(Path.Combine(folder, "secret"), "secret");
            File.CreateSymbolicLink(Path.Combine(folder, "root/link"), Path.Combine(folder, "secret"));
            Directory.CreateSymbolicLink(Path.Combine(folder, "root/out"), folder);
            using HostFileTree tree = HostFileTree.Open(Path.Combine(folder, "root"), isReadOnly: true);
            Wire wire = new(files: tree);
            foreach (string name in (string[])["../secret", "/../secret", "boot/../../secret", "link", "out/secret", "nothing", "boot", ""])
            {
                wire.Send(Wire.Udp(Wire.Host, 69, 3000, Request(1, name)));
                Assert.Equal(5, wire.TakeUdp().Payload[1]);
            }

            wire.Send(Wire.Udp(Wire.Host, 69, 3000, Request(2, "new")));
            Assert.Equal((byte[])[0, 5, 0, 2], wire.TakeUdp().Payload[..4]);

            wire.Send(Wire.Udp(Wire.Host, 69, 3000, Request(1, "/boot/core.elf", "blksize", "1024", "tsize", "0", "windowsize", "2")));
            (_, ushort port, _, byte[] accepted) = wire.TakeUdp();
            Assert.Equal("blksize\01024\0windowsize\02\0tsize\05000\0", Encoding.ASCII.GetString(accepted[2..]));
            List<byte> got = [];
            wire.Send(Wire.Udp(Wire.Host, port, 3000, [0, 4, 0, 0]));
            wire.Advance(1001);
            for (byte block = 1; block <= 5; block += 2)
            {
                got.Clear();
                Assert.True(wire.Frames.Count > 0);
                while (wire.Frames.Count != 0)
                {
                    byte[] data = wire.TakeUdp().Payload;
                    int at = (data[3] - 1) * 1024;
                    Assert.Equal(content[at..(at + data.Length - 4)], data[4..]);
                }

                wire.Send(Wire.Udp(Wire.Host, port, 3000, [0, 4, 0, Math.Min((byte)(block + 1), (byte)5)]));
            }

            Assert.Empty(wire.Frames);
            for (ushort client = 4000; client < 4100; client++)
            {
                wire.Send(Wire.Udp(Wire.Host, 69, client, Request(1, "boot/core.elf")));
            }

            for (int i = 0; i < 10; i++)
            {
                wire.Advance(2000);
            }

            Assert.Equal(long.MaxValue, wire.Stack.NextDeadline);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Random_frames_do_no_harm()
    {
        Wire wire = new();
        Random random = new(2);
        for (int i = 0; i < 50_000; i++)
        {
            byte[] payload = new byte[random.Next(0, 80)];
            random.NextBytes(payload);
            wire.Send(random.Next(4) switch
            {
                0 => Wire.Frame((ushort)(random.Next(2) == 0 ? 0x800 : 0x806), payload),
                1 => Wire.Udp(Wire.Host, (ushort)random.Next(60, 80), 68, payload),
                2 => payload,
                _ => Wire.Ip((byte)random.Next(20), (uint)random.Next(), payload, offset: random.Next(100) * 8, more: random.Next(2) == 0, id: (ushort)random.Next(20)),
            });
            wire.Advance(1);
            wire.Frames.Clear();
        }

        Assert.InRange(wire.Stack.Sessions, 0, UdpRelay.MostSessions);
    }

    [Theory]
    [InlineData("hostfwd", "tcp:22")]
    [InlineData("hostfwd", "sctp::1-:2")]
    [InlineData("hostfwd", "tcp::99999-:22")]
    [InlineData("hostfwd", "tcp::1-192.168.0.1:22")]
    [InlineData("guestfwd", "tcp:10.0.2.100:1-cmd:x")]
    [InlineData("net", "10.0.2.0/31")]
    [InlineData("net", "ten")]
    [InlineData("host", "10.0.3.2")]
    [InlineData("restrict", "maybe")]
    [InlineData("ipv6", "on")]
    [InlineData("smb", "/tmp")]
    [InlineData("dns", "10.0.2.2")]
    [InlineData("colour", "red")]
    public void A_wrong_parameter_is_refused_with_the_remedy(string key, string value)
    {
        BackendException error = Assert.Throws<BackendException>(() => UserNetworkOptions.Parse([new(key, value)]));
        Assert.Contains(";", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parameters_are_QEMUs()
    {
        UserNetworkOptions options = UserNetworkOptions.Parse([new("net", "192.168.7.0/255.255.255.0"), new("hostfwd", "tcp::2222-:22\nudp:127.0.0.1:53-192.168.7.20:53")]);
        Assert.Equal(IPAddress.Parse("192.168.7.2"), Ipv4Address.ToAddress(options.HostNumber));
        Assert.Equal(IPAddress.Parse("192.168.7.15"), Ipv4Address.ToAddress(options.DhcpStartNumber));
        Assert.Equal(2, options.Forwards.Count);
        Assert.True(options.Forwards[1].IsDatagram);
    }

    private static byte[] Request(byte kind, string name, params string[] options) =>
        [0, kind, .. Encoding.ASCII.GetBytes(name + "\0octet\0" + string.Concat(options.Select(static o => o + "\0")))];
}
