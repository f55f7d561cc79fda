using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Firmament.Core.Backends;
using Firmament.Core.Backends.Host;
using Firmament.Core.Replay;
using Firmament.Core.Time;

namespace Firmament.Devices.Tests.Network;

public class NetworkBackendTests
{
    [Fact]
    public void Two_stream_backends_exchange_frames_over_a_unix_socket()
    {
        string path = Path.Combine(Path.GetTempPath(), $"fm{Environment.ProcessId}.sock");
        using StreamNetworkBackend server = StreamNetworkBackend.Listen(new UnixDomainSocketEndPoint(path));
        using StreamNetworkBackend client = StreamNetworkBackend.Connect(new UnixDomainSocketEndPoint(path));
        Receiver atServer = new(server);
        Receiver atClient = new(client);
        byte[] frame = [.. Enumerable.Range(0, 1514).Select(static i => (byte)i)];
        client.Send(frame);
        Assert.Equal(frame, atServer.Take());
        for (int i = 0; i < 1000; i++)
        {
            server.Send(frame.AsSpan(0, 60 + i));
            Assert.Equal(60 + i, atClient.Take().Length);
        }
    }

    [Fact]
    public void A_server_takes_frames_cut_anywhere_and_serves_the_next_peer()
    {
        using StreamNetworkBackend server = StreamNetworkBackend.Listen(new IPEndPoint(IPAddress.Loopback, 0));
        Receiver receiver = new(server);
        for (int round = 0; round < 2; round++)
        {
            using Socket peer = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            peer.Connect(server.LocalEndPoint!);
            peer.NoDelay = true;
            byte[] message = Message(60 + round);
            foreach (byte b in message)
            {
                peer.Send([b]);
            }

            Assert.Equal(60 + round, receiver.Take().Length);
        }
    }

    [Fact]
    public void A_stream_out_of_step_loses_its_connection_only()
    {
        using StreamNetworkBackend server = StreamNetworkBackend.Listen(new IPEndPoint(IPAddress.Loopback, 0));
        Receiver receiver = new(server);
        using Socket bad = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        bad.Connect(server.LocalEndPoint!);
        bad.Send([0xff, 0xff, 0xff, 0xff]);
        Assert.Equal(0, bad.Receive(new byte[1]));
        using Socket good = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        good.Connect(server.LocalEndPoint!);
        good.Send(Message(99));
        Assert.Equal(99, receiver.Take().Length);
    }

    [Fact]
    public void A_flood_is_held_back_until_the_machine_takes_it_and_none_is_lost()
    {
        using StreamNetworkBackend server = StreamNetworkBackend.Listen(new IPEndPoint(IPAddress.Loopback, 0));
        Receiver receiver = new(server);
        using Socket peer = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        peer.Connect(server.LocalEndPoint!);
        for (int i = 0; i < 1000; i++)
        {
            peer.Send(Message(60 + (i & 15)));
        }

        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal(60 + (i & 15), receiver.Take().Length);
        }
    }

    [Fact]
    public void Connecting_to_nobody_says_so()
    {
        BackendException e = Assert.Throws<BackendException>(
            () => StreamNetworkBackend.Connect(new UnixDomainSocketEndPoint("/nonexistent/socket")));
        Assert.Contains("start the peer first", e.Message, StringComparison.Ordinal);
        Assert.Throws<BackendException>(() => StreamNetworkBackend.Listen(new UnixDomainSocketEndPoint("/nonexistent/socket")));
    }

    [Fact]
    public void A_capture_holds_both_directions_with_virtual_time()
    {
        string path = Path.GetTempFileName();
        try
        {
            NetworkHub hub = new();
            using (CapturingNetwork network = new(hub.CreatePort(), new PcapFile(path, static () => new VirtualTime(3_000_000_007))))
            {
                network.Send(new byte[60]);
                network.Acknowledge(new byte[70]);
            }

            byte[] file = File.ReadAllBytes(path);
            Assert.Equal(24 + 16 + 60 + 16 + 70, file.Length);
            Assert.Equal(0xa1b23c4d, BinaryPrimitives.ReadUInt32LittleEndian(file));
            Assert.Equal(3u, BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(24)));
            Assert.Equal(7u, BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(28)));
            Assert.Equal(70u, BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(24 + 76 + 8)));
        }
        finally
        {
            File.Delete(path);
        }

        Assert.Throws<BackendException>(() => new PcapFile("/nonexistent/x.pcap", static () => VirtualTime.Zero));
    }

    private static byte[] Message(int length)
    {
        byte[] message = new byte[4 + length];
        BinaryPrimitives.WriteInt32BigEndian(message, length);
        return message;
    }

    /// <summary>The machine's side: drains its journal when something was posted.</summary>
    private sealed class Receiver
    {
        private readonly INetworkBackend _backend;
        private readonly InputJournal _journal = new();
        private readonly BlockingCollection<int> _posted = [];
        private readonly Queue<byte[]> _frames = [];

        public Receiver(INetworkBackend backend)
        {
            _backend = backend;
            _journal.Posted = () => _posted.Add(0);
            backend.Attach(_journal.CreateChannel("net", _frames.Enqueue));
        }

        public byte[] Take()
        {
            while (_frames.Count == 0)
            {
                Assert.True(_posted.TryTake(out _, TimeSpan.FromSeconds(30)), "no frame came");
                _journal.Drain();
            }

            byte[] frame = _frames.Dequeue();
            _backend.Acknowledge(frame);
            return frame;
        }
    }
}
