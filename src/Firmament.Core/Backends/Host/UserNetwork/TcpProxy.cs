using System.Net;
using Firmament.Core.Internet;

namespace Firmament.Core.Backends.Host.UserNetwork;

/// <summary>The guest's TCP connections: finds the one a segment belongs to, makes and removes them, and accepts those from the host.</summary>
/// <remarks>
/// At most <see cref="MostConnections"/>, of which <see cref="MostOpening"/> may be opening. When all are taken the one idle for longest gives way
/// if it was idle for five minutes; else the guest's request is refused.
/// </remarks>
internal sealed class TcpProxy(UserStack stack, UserNetworkOptions options, IHostSockets sockets, UserLink link, Func<long> clock)
{
    public const int MostConnections = 256;
    public const int MostOpening = 64;

    private const long EvictableMilliseconds = 300_000;
    private const ushort FirstDynamicPort = 49152;

    private readonly Dictionary<TcpKey, TcpConnection> _connections = [];
    private readonly List<TcpConnection> _toFlush = [];
    private readonly List<TcpConnection> _scratch = [];
    private uint _sequence;
    private ushort _nextPort = FirstDynamicPort;

    public UserLink Link => link;

    public long Now => clock();

    public int Count => _connections.Count;

    public long NextDeadline => _connections.Count == 0 ? long.MaxValue : _connections.Values.Min(static connection => connection.Deadline);

    /// <summary>An initial sequence number: the wire has two ends only, so guessing is no threat, but old segments must not fit.</summary>
    public uint NewSequence() => _sequence += 0x0001_f3a7 + ((uint)clock() * 250);

    public void NeedsFlush(TcpConnection connection)
    {
        if (!_toFlush.Contains(connection))
        {
            _toFlush.Add(connection);
        }
    }

    public void Remove(TcpConnection connection)
    {
        if (_connections.GetValueOrDefault(connection.Key) == connection)
        {
            _connections.Remove(connection.Key);
        }
    }

    /// <summary>Accepts connections for a forward.</summary>
    /// <exception cref="BackendException">The port is taken.</exception>
    public IPEndPoint Open(HostForward forward)
    {
        uint guest = forward.Guest == null ? options.DhcpStartNumber : Ipv4Address.From(forward.Guest);
        return sockets.Listen(forward.Host, (stream, peer) => Accept(guest, forward.GuestPort, stream, peer));
    }

    public void Receive(in Ipv4Packet packet, ReadOnlySpan<byte> bytes)
    {
        if (!TcpSegment.TryParse(packet, bytes, out TcpSegment segment))
        {
            return;
        }

        TcpKey key = new(packet.Source, segment.SourcePort, packet.Destination, segment.DestinationPort);
        bool asks = segment.Has(TcpFlags.Syn) && !segment.Has(TcpFlags.Ack) && !segment.Has(TcpFlags.Reset);
        if (_connections.TryGetValue(key, out TcpConnection? connection))
        {
            if (!asks || connection.State != TcpState.TimeWait)
            {
                connection.Receive(segment);
                return;
            }

            // RFC 9293, 3.6.1: the same ports may be used again.
            connection.Reset();
        }

        if (!asks)
        {
            Refuse(key, segment);
        }
        else if (stack.Resolve(packet.Destination, segment.DestinationPort) is not { } host || !HasRoom())
        {
            Refuse(key, segment);
        }
        else if (_connections.Values.Count(static other => other.State is TcpState.Connecting or TcpState.SynReceived) < MostOpening)
        {
            // Beyond the backlog a request is lost, and the guest asks again.
            Connect(key, segment, host);
        }
    }

    public void Flush()
    {
        foreach (TcpConnection connection in _toFlush)
        {
            connection.Flush();
        }

        _toFlush.Clear();
    }

    public void Resume() => ForEach(static (connection, _) => connection.Output(), 0);

    public void Tick() => ForEach(static (connection, now) => connection.Tick(now), clock());

    private void ForEach(Action<TcpConnection, long> action, long now)
    {
        _scratch.AddRange(_connections.Values);
        foreach (TcpConnection connection in _scratch)
        {
            action(connection, now);
        }

        _scratch.Clear();
    }

    private void Connect(TcpKey key, in TcpSegment segment, IPEndPoint host)
    {
        TcpConnection connection = new(this, key, segment);
        IHostStream? stream = sockets.Connect(host, connection);
        if (stream == null)
        {
            Refuse(key, segment);
            return;
        }

        connection.Begin(stream);
        _connections.Add(key, connection);
    }

    private void Accept(uint guest, ushort guestPort, IHostStream stream, IPEndPoint peer)
    {
        uint remote = stack.Disguise(peer.Address);
        TcpKey key = new(guest, guestPort, remote, (ushort)peer.Port);
        if (!HasRoom())
        {
            stream.Abort();
            stream.Dispose();
            return;
        }

        for (int i = 0; _connections.ContainsKey(key) && i <= MostConnections; i++)
        {
            _nextPort = _nextPort == ushort.MaxValue ? FirstDynamicPort : (ushort)(_nextPort + 1);
            key = key with { RemotePort = _nextPort };
        }

        _connections.Add(key, new TcpConnection(this, key, stream));
    }

    private bool HasRoom()
    {
        if (_connections.Count < MostConnections)
        {
            return true;
        }

        TcpConnection oldest = _connections.Values.MinBy(static connection => connection.State == TcpState.TimeWait ? long.MinValue : connection.LastUse)!;
        if (oldest.State != TcpState.TimeWait && clock() - oldest.LastUse < EvictableMilliseconds)
        {
            return false;
        }

        oldest.Reset();
        return true;
    }

    // RFC 9293, 3.10.7.1: a segment for no connection.
    private void Refuse(TcpKey key, in TcpSegment segment)
    {
        if (segment.Has(TcpFlags.Reset))
        {
            return;
        }

        bool acknowledges = segment.Has(TcpFlags.Ack);
        byte[] reset = TcpSegment.Build(
            key.RemotePort, key.GuestPort, acknowledges ? segment.Acknowledgement : 0, acknowledges ? 0 : segment.Sequence + segment.Length,
            acknowledges ? TcpFlags.Reset : TcpFlags.Reset | TcpFlags.Ack, 0, [], 0);
        TcpSegment.Seal(reset, key.Remote, key.Guest);
        link.Send(key.Remote, key.Guest, Ipv4Packet.Tcp, reset);
    }
}
