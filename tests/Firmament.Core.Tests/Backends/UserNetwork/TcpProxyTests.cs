using System.Net;
using Firmament.Core.Backends.Host.UserNetwork;

namespace Firmament.Core.Tests.Backends.UserNetwork;

public class TcpProxyTests
{
    private static byte[] Bytes(int count, int seed = 0) => [.. Enumerable.Range(seed, count).Select(static i => (byte)(i * 7))];

    [Fact]
    public void The_gateways_address_reaches_the_hosts_loopback_and_bytes_go_both_ways()
    {
        Wire wire = new();
        TcpPeer guest = new(wire);
        FakeStream host = guest.Connect();
        Assert.Equal(Wire.At("127.0.0.1", 80), host.To);
        guest.Send(TcpFlags.Ack | TcpFlags.Push, "GET /"u8);
        Assert.Equal("GET /"u8.ToArray(), host.Output);
        (TcpFlags flags, _, uint acknowledged, _, _) = guest.Take();
        Assert.Equal((TcpFlags.Ack, guest.Next), (flags, acknowledged));
        host.Feed("hello"u8);
        Assert.Equal("hello"u8.ToArray(), guest.TakeData());
    }

    [Fact]
    public void A_refused_connection_is_reset_and_forgotten()
    {
        Wire wire = new();
        TcpPeer guest = new(wire);
        guest.Send(TcpFlags.Syn);
        wire.Sockets.Streams[0].Owner!.Failed();
        (TcpFlags flags, _, uint acknowledged, _, _) = guest.Take();
        Assert.Equal((TcpFlags.Reset | TcpFlags.Ack, guest.Next), (flags, acknowledged));
        Assert.Equal(0, wire.Stack.Connections);
        Assert.True(wire.Sockets.Streams[0].IsDisposed);
    }

    [Fact]
    public void Addresses_that_lead_nowhere_are_refused()
    {
        foreach (uint address in (uint[])[0x0a00_0263, 0x7f00_0001, 0x0000_0001, 0xe000_0001, Wire.Dns])
        {
            Wire wire = new();
            new TcpPeer(wire, address, 22).Send(TcpFlags.Syn);
            Assert.Empty(wire.Sockets.Streams);
            Assert.Equal(0, wire.Stack.Connections);
        }
    }

    [Fact]
    public void A_restricted_network_refuses_the_host_and_the_outside()
    {
        foreach (uint address in (uint[])[Wire.Host, Wire.Dns, 0x0808_0808])
        {
            Wire wire = new(new UserNetworkOptions { Restrict = true });
            TcpPeer guest = new(wire, address, 53);
            guest.Send(TcpFlags.Syn);
            Assert.Equal(TcpFlags.Reset | TcpFlags.Ack, guest.Take().Flags);
            Assert.Empty(wire.Sockets.Streams);
        }
    }

    [Fact]
    public void The_guests_end_is_passed_on_while_the_host_still_sends()
    {
        Wire wire = new();
        TcpPeer guest = new(wire);
        FakeStream host = guest.Connect();
        guest.Send(TcpFlags.Ack | TcpFlags.Fin, "bye"u8);
        Assert.True(host.OutputEnded);
        Assert.Equal("bye"u8.ToArray(), host.Output);
        guest.TakeData();
        host.Feed(Bytes(3000));
        Assert.Equal(Bytes(3000), guest.TakeData());
        host.InputEnds = true;
        host.Pump();
        guest.TakeData();
        Assert.Equal(0, wire.Stack.Connections);
        Assert.True(host.IsDisposed);
        Assert.False(host.IsAborted);
    }

    [Fact]
    public void The_hosts_end_is_passed_on_while_the_guest_still_sends()
    {
        Wire wire = new();
        TcpPeer guest = new(wire);
        FakeStream host = guest.Connect();
        host.InputEnds = true;
        host.Pump();
        Assert.Equal(TcpFlags.Ack | TcpFlags.Fin, guest.Take().Flags);
        guest.Expected++;
        guest.Send(TcpFlags.Ack);
        guest.Send(TcpFlags.Ack, "more"u8);
        Assert.Equal("more"u8.ToArray(), host.Output);
        guest.TakeData();
        guest.Send(TcpFlags.Ack | TcpFlags.Fin);
        Assert.True(host.OutputEnded);
        Assert.Equal(guest.Next, guest.Take().Acknowledgement);
        Assert.Equal(1, wire.Stack.Connections);
        wire.Advance(6000);
        Assert.Equal(0, wire.Stack.Connections);
    }

    [Fact]
    public void What_a_slow_host_has_not_taken_is_not_lost_when_both_ends_close()
    {
        Wire wire = new();
        TcpPeer guest = new(wire);
        FakeStream host = guest.Connect();
        host.Room = 2;
        guest.Send(TcpFlags.Ack | TcpFlags.Fin, "abcdef"u8);
        host.InputEnds = true;
        host.Pump();
        guest.TakeData();
        Assert.False(host.IsDisposed);
        wire.Advance(6000);
        host.Room = 100;
        host.Owner!.Writable();
        Assert.Equal("abcdef"u8.ToArray(), host.Output);
        Assert.True(host.OutputEnded);
        wire.Advance(6000);
        Assert.True(host.IsDisposed);
    }

    [Fact]
    public void Segments_out_of_order_and_overlapping_arrive_once_and_in_order()
    {
        Wire wire = new();
        TcpPeer guest = new(wire);
        FakeStream host = guest.Connect();
        uint start = guest.Next;
        byte[] data = Bytes(1000);
        guest.Send(TcpFlags.Ack, data.AsSpan(700), sequence: start + 700);
        guest.Send(TcpFlags.Ack, data.AsSpan(300, 300), sequence: start + 300);
        guest.Send(TcpFlags.Ack, data.AsSpan(500, 300), sequence: start + 500);
        Assert.Empty(host.Output);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(start, guest.Take().Acknowledgement);
        }

        guest.Send(TcpFlags.Ack, data.AsSpan(0, 350), sequence: start);
        Assert.Equal(data, host.Output);
        Assert.Equal(start + 1000, guest.Take().Acknowledgement);
        guest.Send(TcpFlags.Ack, data.AsSpan(0, 350), sequence: start);
        Assert.Equal(1000, host.Output.Count);
    }

    [Fact]
    public void A_flood_of_early_segments_keeps_few_of_them()
    {
        Wire wire = new();
        TcpPeer guest = new(wire);
        FakeStream host = guest.Connect();
        uint start = guest.Next;
        for (uint i = 1; i < 1000; i++)
        {
            guest.Send(TcpFlags.Ack, [(byte)i], sequence: start + (2 * i));
        }

        wire.Frames.Clear();
        guest.Send(TcpFlags.Ack, [1, 2], sequence: start);
        Assert.Equal(3, host.Output.Count);
    }

    [Fact]
    public void A_lost_segment_is_sent_again_after_a_second_and_after_three_repeated_acknowledgements()
    {
        Wire wire = new();
        TcpPeer guest = new(wire);
        FakeStream host = guest.Connect();
        host.Feed(Bytes(100));
        uint first = guest.Take().Sequence;
        wire.Advance(999);
        Assert.Empty(wire.Frames);
        wire.Advance(2);
        Assert.Equal(first, guest.Take().Sequence);
        guest.Expected = first + 100;
        guest.Send(TcpFlags.Ack);

        host.Feed(Bytes(5 * 1460));
        wire.Frames.Clear();
        for (int i = 0; i < 3; i++)
        {
            guest.Send(TcpFlags.Ack);
        }

        (_, uint sequence, _, _, byte[] data) = guest.Take();
        Assert.Equal(first + 100, sequence);
        Assert.Equal(Bytes(5 * 1460)[..data.Length], data);
    }

    [Fact]
    public void A_guest_that_never_acknowledges_loses_its_connection()
    {
        Wire wire = new();
        TcpPeer guest = new(wire);
        FakeStream host = guest.Connect();
        host.Feed(Bytes(100));
        for (int i = 0; i < 20; i++)
        {
            wire.Advance(61_000);
        }

        Assert.Equal(0, wire.Stack.Connections);
        Assert.True(host.IsAborted);
    }

    [Fact]
    public void Silence_of_a_machine_that_stands_still_is_no_loss()
    {
        Wire wire = new();
        TcpPeer guest = new(wire);
        FakeStream host = guest.Connect();
        host.Feed(Bytes(100));
        wire.Frames.Clear();
        wire.InFlight = 1;
        for (int i = 0; i < 50; i++)
        {
            wire.Advance(61_000);
        }

        Assert.Empty(wire.Frames);
        Assert.Equal(1, wire.Stack.Connections);
    }

    [Fact]
    public void Nothing_is_sent_into_a_full_machine_and_all_goes_on_afterwards()
    {
        Wire wire = new();
        TcpPeer guest = new(wire);
        FakeStream host = guest.Connect();
        wire.InFlight = 200;
        host.Feed(Bytes(5000));
        Assert.Empty(wire.Frames);
        wire.InFlight = 0;
        wire.Stack.Resume();
        Assert.Equal(Bytes(5000), guest.TakeData());
    }

    [Fact]
    public void A_shut_window_is_probed_with_one_byte_and_opens_again()
    {
        Wire wire = new();
        TcpPeer guest = new(wire);
        FakeStream host = guest.Connect();
        guest.Window = 0;
        guest.Send(TcpFlags.Ack);
        host.Feed(Bytes(3000));
        Assert.Empty(wire.Frames);
        for (int i = 0; i < 30; i++)
        {
            wire.Advance(61_000);
            Assert.Single(guest.Take().Data);
            Assert.Empty(wire.Frames);
            guest.Send(TcpFlags.Ack);
        }

        guest.Window = 64000;
        guest.Send(TcpFlags.Ack);
        Assert.Equal(Bytes(3000), guest.TakeData());
    }

    [Fact]
    public void A_host_that_does_not_read_shuts_the_window_and_opens_it_again()
    {
        Wire wire = new();
        TcpPeer guest = new(wire);
        FakeStream host = guest.Connect();
        host.Room = 0;
        int window = int.MaxValue;
        int sent = 0;
        for (; sent < 1000 && window > 1460; sent++)
        {
            guest.Send(TcpFlags.Ack, Bytes(1460));
            window = guest.Take().Window;
        }

        Assert.InRange(sent * 1460, TcpConnection.BufferLength - (4 * 1460), TcpConnection.BufferLength);
        guest.Send(TcpFlags.Ack, Bytes(1460));
        guest.Send(TcpFlags.Ack, Bytes(1460));
        wire.Frames.Clear();
        host.Room = int.MaxValue;
        host.Owner!.Writable();
        wire.Stack.Flush();
        Assert.True(guest.Take().Window > 60000);
    }

    [Fact]
    public void A_window_is_scaled_when_both_ends_agree()
    {
        Wire wire = new();
        TcpPeer guest = new(wire) { Window = 1000 };
        guest.Send(TcpFlags.Syn, options: [2, 4, 5, 0xb4, 1, 3, 3, 7]);
        FakeStream host = wire.Sockets.Streams[0];
        host.Owner!.Connected();
        guest.Expected = guest.Take().Sequence + 1;
        guest.Send(TcpFlags.Ack);
        host.Feed(Bytes(100_000));
        int got = guest.TakeData().Length;
        Assert.Equal(100_000, got);
        guest.Send(TcpFlags.Ack, [1]);
        Assert.Equal((TcpConnection.BufferLength >> 2) - 1, guest.Take().Window, 1.0);
    }

    [Fact]
    public void A_reset_in_the_window_must_have_the_exact_number()
    {
        Wire wire = new();
        TcpPeer guest = new(wire);
        FakeStream host = guest.Connect();
        guest.Send(TcpFlags.Reset, sequence: guest.Next + 5);
        Assert.Equal(TcpFlags.Ack, guest.Take().Flags);
        guest.Send(TcpFlags.Reset, sequence: guest.Next - 70000);
        Assert.Empty(wire.Frames);
        Assert.False(host.IsAborted);
        guest.Send(TcpFlags.Reset);
        Assert.True(host.IsAborted);
        Assert.Equal(0, wire.Stack.Connections);
    }

    [Fact]
    public void A_guest_that_started_anew_gets_rid_of_its_old_connection()
    {
        Wire wire = new();
        TcpPeer guest = new(wire);
        guest.Connect();
        TcpPeer reborn = new(wire) { Next = 0x5000_0000 };
        reborn.Send(TcpFlags.Syn);
        (TcpFlags flags, _, uint acknowledged, _, _) = reborn.Take();
        Assert.Equal(TcpFlags.Ack, flags);
        reborn.Send(TcpFlags.Reset, sequence: acknowledged);
        Assert.Equal(0, wire.Stack.Connections);
        reborn.Next = 0x5000_0000;
        reborn.Connect();
    }

    [Fact]
    public void A_broken_host_connection_resets_the_guests()
    {
        Wire wire = new();
        TcpPeer guest = new(wire);
        FakeStream host = guest.Connect();
        host.IsBroken = true;
        host.Pump();
        Assert.True((guest.Take().Flags & TcpFlags.Reset) != 0);
        Assert.Equal(0, wire.Stack.Connections);
    }

    [Fact]
    public void A_flood_of_requests_is_bounded_and_a_host_without_sockets_refuses()
    {
        Wire wire = new();
        for (ushort port = 1000; port < 2000; port++)
        {
            new TcpPeer(wire, ownPort: port).Send(TcpFlags.Syn);
        }

        Assert.Equal(TcpProxy.MostOpening, wire.Stack.Connections);
        wire.Sockets.HasSockets = false;
        foreach (FakeStream stream in wire.Sockets.Streams)
        {
            stream.Owner!.Failed();
        }

        wire.Frames.Clear();
        TcpPeer last = new(wire);
        last.Send(TcpFlags.Syn);
        Assert.Equal(TcpFlags.Reset | TcpFlags.Ack, last.Take().Flags);
    }

    [Fact]
    public void Open_connections_are_bounded_and_the_idle_one_gives_way()
    {
        Wire wire = new();
        for (ushort port = 1000; port < 1000 + TcpProxy.MostConnections; port++)
        {
            new TcpPeer(wire, ownPort: port).Connect();
        }

        TcpPeer late = new(wire, ownPort: 5000);
        late.Send(TcpFlags.Syn);
        Assert.Equal(TcpFlags.Reset | TcpFlags.Ack, late.Take().Flags);
        wire.Advance(400_000);
        late.Next = 1000;
        late.Send(TcpFlags.Syn);
        Assert.Equal(TcpProxy.MostConnections, wire.Stack.Connections);
        Assert.True(wire.Sockets.Streams[0].IsAborted);
    }

    [Fact]
    public void A_forwarded_port_connects_to_the_guest()
    {
        HostForward forward = HostForwardSyntax.Parse("tcp:127.0.0.1:2222-:22");
        Wire wire = new(new UserNetworkOptions { Forwards = [forward] });
        FakeStream host = new();
        wire.Sockets.Listeners[forward.Host](host, Wire.At("127.0.0.1", 45678));
        TcpPeer guest = new(wire, port: 45678, ownPort: 22);
        (TcpFlags flags, uint sequence, _, _, _) = guest.Take();
        Assert.Equal(TcpFlags.Syn, flags);
        guest.Expected = sequence + 1;
        guest.Send(TcpFlags.Syn | TcpFlags.Ack);
        Assert.Equal(TcpFlags.Ack, guest.Take().Flags);
        guest.Send(TcpFlags.Ack, "SSH-2.0"u8);
        Assert.Equal("SSH-2.0"u8.ToArray(), host.Output);
    }

    [Fact]
    public void A_forward_to_a_guest_that_is_not_there_asks_for_it_and_gives_up()
    {
        HostForward forward = HostForwardSyntax.Parse("tcp::2222-:22");
        Wire wire = new(new UserNetworkOptions { Forwards = [forward] }, greets: false);
        FakeStream host = new();
        wire.Sockets.Listeners[forward.Host](host, Wire.At("127.0.0.1", 45678));
        Assert.Equal(0x06, wire.Frames.Dequeue()[13]);
        for (int i = 0; i < 10; i++)
        {
            wire.Advance(61_000);
        }

        Assert.True(host.IsAborted);
        Assert.Equal(0, wire.Stack.Connections);
    }

    [Fact]
    public void Random_segments_neither_throw_nor_pile_up()
    {
        Wire wire = new(new UserNetworkOptions { Forwards = [new HostForward(false, new IPEndPoint(IPAddress.Loopback, 1), null, 22)] });
        Random random = new(1);
        TcpPeer guest = new(wire);
        guest.Connect();
        for (int i = 0; i < 20_000; i++)
        {
            byte[] segment = new byte[random.Next(0, 60)];
            random.NextBytes(segment);
            if (segment.Length >= 20)
            {
                segment[12] = (byte)(random.Next(5, 8) << 4);
                segment[0] = 4;
                segment[1] = (byte)(0xd2 + random.Next(3));
                segment[2] = 0;
                segment[3] = 80;
                TcpSegment.Seal(segment, Wire.Guest, Wire.Host);
            }

            wire.Send(Wire.Ip(6, Wire.Host, segment));
            foreach (FakeStream stream in wire.Sockets.Streams.Where(static _ => true).TakeLast(2).ToArray())
            {
                if (random.Next(8) == 0 && !stream.IsDisposed)
                {
                    stream.Owner!.Connected();
                    stream.Feed(new byte[random.Next(2000)]);
                }
            }

            wire.Advance(random.Next(50));
            wire.Frames.Clear();
        }

        Assert.InRange(wire.Stack.Connections, 0, TcpProxy.MostConnections);
    }
}
