using System.Buffers.Binary;
using Firmament.Core.Time;
using Firmament.Firmware.Network;

namespace Firmament.Firmware.Tests.Network;

public sealed class DhcpTests : IDisposable
{
    private readonly NetworkLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Fact]
    public void An_address_and_a_file_come_from_the_server()
    {
        Booting.BootProgram program = _lab.AssertBoots();
        Assert.Equal(5000, program.Length);
        Assert.Equal(@"10.0.2.2,boot\grub.elf,10.0.2.15,10.0.2.2,5,5,255.255.255.0,1428", program.DeviceArguments);
        Assert.Equal("DHCP: 10.0.2.15 from 10.0.2.2, file boot/grub.elf\r\nTFTP: boot/grub.elf, 5000 bytes\r\n", _lab.Output);
        Assert.Equal([1, 3], _lab.Server.DhcpRequests.Select(FakeServer.Kind));
        Assert.True(_lab.Bench.Platform.Now < VirtualTime.FromSeconds(1));
    }

    [Fact]
    public void A_long_file_shows_dots()
    {
        _lab.Server.Files["boot/grub.elf"] = NetworkLab.Content((4 << 20) + 1);
        Assert.Equal((4 << 20) + 1, _lab.Load(_lab.Find()!, 8 << 20));
        Assert.EndsWith("TFTP: boot/grub.elf.., 4194305 bytes\r\n", _lab.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_it_sends_is_what_the_standards_want()
    {
        _lab.AssertBoots();
        byte[] discover = _lab.Server.DhcpRequests[0];
        byte[] request = _lab.Server.DhcpRequests[1];
        Assert.Equal([1, 1, 6, 0], discover[..4]);
        Assert.Equal(FakeCard.Station, discover[28..34]);
        Assert.NotEqual(0u, BinaryPrimitives.ReadUInt32BigEndian(discover.AsSpan(4)));
        Assert.Equal(discover[4..8], request[4..8]);
        Assert.Contains("\x5d\x02\x00\x0c", System.Text.Encoding.Latin1.GetString(discover), StringComparison.Ordinal);
        Assert.Contains("\u003c\u000ebplan,Pegasos2", System.Text.Encoding.Latin1.GetString(discover), StringComparison.Ordinal);
        Assert.Contains("\x32\x04\x0a\x00\x02\x0f\x36\x04\x0a\x00\x02\x02\xff", System.Text.Encoding.Latin1.GetString(request), StringComparison.Ordinal);
        Assert.All(_lab.Server.DhcpRequests, static message => Assert.InRange(message.Length, 300, 1472));
    }

    [Fact]
    public void Clients_find_the_answer_in_chosen()
    {
        _lab.AssertBoots();
        byte[] reply = _lab.Chosen["dhcp-response"]!.Value.ToArray();
        Assert.Equal(reply, _lab.Chosen["bootp-response"]!.Value.ToArray());
        Assert.Equal(5, reply[242]);
        byte[] frame = _lab.Chosen["bootpreply-packet"]!.Value.ToArray();
        Assert.Equal(reply, frame[0x2a..(0x2a + reply.Length)]);
        Assert.Equal(FakeCard.Station, frame[..6]);
        Assert.True(_lab.Chosen.TryGetCell("client-ip", 0, out uint client));
        Assert.Equal(FakeServer.ClientAddress, client);
        Assert.True(_lab.Chosen.TryGetCell("netmask-ip", 0, out uint mask));
        Assert.Equal(0xffffff00, mask);
    }

    [Theory]
    [InlineData(null, "BOOTP", 1)]
    [InlineData("bootp,", "BOOTP", 0)]
    public void A_bootp_server_will_do(string? arguments, string protocol, int asked)
    {
        _lab.Server.Dhcp = static (server, request) => server.Reply(request, kind: 0);
        _lab.AssertBoots(arguments);
        Assert.StartsWith(protocol, _lab.Output, StringComparison.Ordinal);
        Assert.Equal(asked, FakeServer.Kind(Assert.Single(_lab.Server.DhcpRequests)));
        Assert.NotNull(_lab.Chosen["bootp-response"]);
        Assert.Null(_lab.Chosen["dhcp-response"]);
    }

    [Fact]
    public void A_bootp_reply_without_options_is_enough()
    {
        _lab.Server.Dhcp = static (server, request) => server.Reply(request, kind: 0)[..236];
        Booting.BootProgram program = _lab.AssertBoots("bootp");
        Assert.Contains(",10.0.2.15,0.0.0.0,5,5,255.0.0.0,", program.DeviceArguments, StringComparison.Ordinal);
    }

    [Fact]
    public void A_static_address_asks_nobody()
    {
        Booting.BootProgram program = _lab.AssertBoots(@"10.0.2.2,boot\grub.elf,10.0.2.15");
        Assert.Empty(_lab.Server.DhcpRequests);
        Assert.Equal(@"10.0.2.2,boot\grub.elf,10.0.2.15,0.0.0.0,5,5,255.0.0.0,1428", program.DeviceArguments);
        Assert.Null(_lab.Chosen["bootp-response"]);
        Assert.Null(_lab.Chosen["bootpreply-packet"]);
    }

    [Fact]
    public void A_refusal_starts_another_transaction()
    {
        int refusals = 0;
        _lab.Server.Dhcp = (server, request) => FakeServer.Kind(request) == 3 && refusals++ == 0 ? server.Reply(request, kind: 6, address: 0, options: []) : server.Reply(request);
        _lab.AssertBoots();
        Assert.Equal([1, 3, 1, 3], _lab.Server.DhcpRequests.Select(FakeServer.Kind));
        Assert.NotEqual(_lab.Server.DhcpRequests[1][4..8], _lab.Server.DhcpRequests[2][4..8]);
    }

    [Fact]
    public void An_offer_with_a_file_is_worth_waiting_for()
    {
        _lab.Server.Dhcp = (server, request) =>
        {
            if (FakeServer.Kind(request) == 1)
            {
                byte[] late = server.Reply(request);
                _lab.Card.Deliver(server.Frame(67, 68, late), VirtualTime.FromMilliseconds(700));
                return server.Reply(request, address: FakeServer.ClientAddress + 5, hasFile: false);
            }

            return server.Reply(request);
        };
        _lab.AssertBoots();
        Assert.Contains("\x32\x04\x0a\x00\x02\x0f", System.Text.Encoding.Latin1.GetString(_lab.Server.DhcpRequests[1]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_the_user_names_needs_none_of_the_server()
    {
        _lab.Server.BootFile = null;
        _lab.Server.Files.Add("vmlinux", NetworkLab.Content(100));
        _lab.AssertBoots(null, "vmlinux", "vmlinux");
        Assert.True(_lab.Bench.Platform.Now < VirtualTime.FromSeconds(1));
    }

    [Fact]
    public void Without_a_file_there_is_nothing_to_boot()
    {
        _lab.Server.BootFile = null;
        Assert.Null(_lab.Find());
        Assert.Contains("net: no file to boot", _lab.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Silence_ends()
    {
        _lab.Server.Dhcp = static (_, _) => null;
        Assert.Null(_lab.Find());
        Assert.Equal("DHCP: no answer\r\n", _lab.Output);
        Assert.Equal(5, _lab.Server.DhcpRequests.Count);
        Assert.Equal(VirtualTime.FromSeconds(46), _lab.Bench.Platform.Now);
        Assert.Equal(30, BinaryPrimitives.ReadUInt16BigEndian(_lab.Server.DhcpRequests[4].AsSpan(8)));
    }

    [Fact]
    public void Silence_after_the_offer_ends_too()
    {
        _lab.Server.Dhcp = static (server, request) => FakeServer.Kind(request) == 1 ? server.Reply(request) : null;
        Assert.Null(_lab.Find(",,,,2"));
        Assert.True(_lab.Bench.Platform.Now < VirtualTime.FromSeconds(60));
    }

    [Fact]
    public void A_stop_of_the_run_is_obeyed_at_once()
    {
        _lab.Server.Dhcp = static (_, _) => null;
        _lab.Card.StopsAt = VirtualTime.FromMilliseconds(35);
        Assert.Null(_lab.Find());
        Assert.True(_lab.Bench.Platform.Now < VirtualTime.FromMilliseconds(50));
        Assert.Equal("net: interrupted\r\n", _lab.Output);
    }

    [Theory]
    [InlineData(0, 1)] // a request
    [InlineData(1, 6)] // another kind of network
    [InlineData(2, 16)]
    [InlineData(5, 0xee)] // another transaction
    [InlineData(30, 0x99)] // another station
    [InlineData(16, 127)] // no address to have
    [InlineData(16, 240)]
    public void Replies_to_others_and_broken_ones_are_not_taken(int index, byte value)
    {
        _lab.Server.Dhcp = (server, request) =>
        {
            byte[] reply = server.Reply(request);
            reply[index] = value;
            return reply;
        };
        Assert.Null(_lab.Find(",,,,1"));
    }

    [Fact]
    public void Names_may_sit_in_options_and_options_in_the_fields_of_names()
    {
        _lab.Server.Dhcp = static (server, request) =>
        {
            // 52 = 3: both fields hold options. The file's name comes in two pieces (RFC 3396).
            byte[] reply = server.Reply(request, options: [52, 1, 3], hasFile: false);
            ((ReadOnlySpan<byte>)[1, 4, 255, 255, 0, 0, 67, 5, .. "boot/"u8, 0, 0, 255]).CopyTo(reply.AsSpan(108));
            ((ReadOnlySpan<byte>)[67, 8, .. "grub.elf"u8, 66, 8, .. "10.0.2.2"u8, 255]).CopyTo(reply.AsSpan(44));
            reply.AsSpan(20, 4).Clear();
            return reply;
        };
        Assert.Equal(@"10.0.2.2,boot\grub.elf,10.0.2.15,0.0.0.0,5,5,255.255.0.0,1428", _lab.AssertBoots().DeviceArguments);
    }

    [Fact]
    public void The_file_comes_from_the_dhcp_server_when_nobody_says_otherwise()
    {
        _lab.Server.Dhcp = static (server, request) =>
        {
            byte[] reply = server.Reply(request);
            reply.AsSpan(20, 4).Clear();
            "boothost"u8.CopyTo(reply.AsSpan(44));
            return reply;
        };
        _lab.AssertBoots();
    }

    [Fact]
    public void Transaction_numbers_differ_by_time_and_station_and_not_by_run()
    {
        using FakePlatform platform = new();
        uint SeedAt(long seconds)
        {
            platform.Now = VirtualTime.FromSeconds(seconds);
            return new InternetHost(new PolledCard(new FakeCard(platform), platform)).Seed;
        }

        Assert.Equal(SeedAt(1), SeedAt(1));
        Assert.NotEqual(SeedAt(1), SeedAt(2));
    }
}
