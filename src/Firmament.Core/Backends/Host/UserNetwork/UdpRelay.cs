using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Firmament.Core.Internet;

namespace Firmament.Core.Backends.Host.UserNetwork;

/// <summary>
/// The guest's UDP: DHCP and TFTP to our own servers, names to the host's name server, all else through a host socket for each port of the guest.
/// Sources: RFC 768, RFC 4787.
/// </summary>
/// <remarks>At most <see cref="MostSessions"/> ports at a time; the one idle for longest gives way. Not modelled: multicast.</remarks>
internal sealed class UdpRelay(
    UserStack stack, UserNetworkOptions options, IHostSockets sockets, UserLink link, IcmpResponder icmp, DhcpServer dhcp, TftpServer? tftp, Func<long> clock)
{
    public const int MostSessions = 256;

    private const int HeaderLength = 8;
    private const ushort DhcpServerPort = 67;
    private const ushort DhcpClientPort = 68;
    private const ushort DnsPort = 53;

    // RFC 4787 REQ-5 asks for at least 2 minutes; names are asked for and answered once (RFC 4787 lets known services be shorter).
    private const long IdleMilliseconds = 120_000;
    private const long DnsMilliseconds = 15_000;

    private readonly Dictionary<(uint Guest, ushort Port), UdpSession> _sessions = [];
    private readonly List<UdpForward> _forwards = [];

    public int Count => _sessions.Count;

    public long NextDeadline => Math.Min(
        _sessions.Count == 0 ? long.MaxValue : _sessions.Values.Min(static session => session.Deadline), tftp?.NextDeadline ?? long.MaxValue);

    /// <summary>Opens a forwarded port.</summary>
    /// <exception cref="BackendException">It is taken.</exception>
    public IPEndPoint Open(HostForward forward)
    {
        UdpForward entry = new(forward.Guest == null ? options.DhcpStartNumber : Ipv4Address.From(forward.Guest), forward.GuestPort);
        IPEndPoint bound = sockets.Bind(forward.Host, (from, payload) => ReceiveForwarded(entry, from, payload), out IHostDatagrams socket);
        entry.Socket = socket;
        _forwards.Add(entry);
        return bound;
    }

    /// <summary>Takes a datagram of the guest's.</summary>
    public void Receive(in Ipv4Packet packet, ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> station)
    {
        if (datagram.Length < HeaderLength)
        {
            return;
        }

        ushort from = BinaryPrimitives.ReadUInt16BigEndian(datagram);
        ushort to = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
        int length = BinaryPrimitives.ReadUInt16BigEndian(datagram[4..]);
        bool hasChecksum = datagram[6] != 0 || datagram[7] != 0;
        if (length < HeaderLength || length > datagram.Length
            || (hasChecksum && InternetChecksum.OfTransport(packet.Source, packet.Destination, Ipv4Packet.Udp, datagram[..length]) != 0))
        {
            return;
        }

        ReadOnlySpan<byte> payload = datagram[HeaderLength..length];
        bool isToAll = packet.Destination == Ipv4Address.Broadcast || packet.Destination == options.BroadcastNumber;
        if (to == DhcpServerPort && (isToAll || packet.Destination == options.HostNumber))
        {
            ReceiveDhcp(payload, station);
        }
        else if (packet.Source == 0 || isToAll || Ipv4Address.IsMulticast(packet.Destination))
        {
            // Nobody else listens to all.
        }
        else if (packet.Destination == options.HostNumber && tftp?.Receive(packet.Source, from, to, payload) == true)
        {
            // A request or a transfer's own port.
        }
        else if (FindForward(packet, from, to, out UdpForward? forward, out IPEndPoint? peer))
        {
            forward.Socket?.Send(peer, payload);
        }
        else if (stack.Resolve(packet.Destination, to) is { } host)
        {
            Relay(packet, from, to, host, payload);
        }
        else
        {
            icmp.Refuse(packet, datagram, link.IsOurs(packet.Destination) ? IcmpResponder.PortUnreachable : IcmpResponder.NetworkUnreachable);
        }
    }

    /// <summary>Ends what was idle for too long.</summary>
    public void Tick()
    {
        long now = clock();
        foreach (((uint, ushort) key, UdpSession session) in _sessions)
        {
            // .NET lets a dictionary's entry be removed while it is walked through.
            if (session.Deadline <= now)
            {
                End(key, session);
            }
        }

        tftp?.Tick();
    }

    /// <summary>Sends the guest a datagram.</summary>
    public void Send(uint source, ushort sourcePort, uint guest, ushort guestPort, ReadOnlySpan<byte> payload) =>
        link.Send(source, guest, Ipv4Packet.Udp, Datagram(source, sourcePort, guest, guestPort, payload));

    private static byte[] Datagram(uint source, ushort sourcePort, uint destination, ushort destinationPort, ReadOnlySpan<byte> payload)
    {
        byte[] datagram = new byte[HeaderLength + payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(datagram, sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(2), destinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(4), (ushort)datagram.Length);
        payload.CopyTo(datagram.AsSpan(HeaderLength));
        ushort checksum = InternetChecksum.OfTransport(source, destination, Ipv4Packet.Udp, datagram);

        // RFC 768: a sum of zero is sent as all ones, for zero means none.
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(6), checksum == 0 ? (ushort)0xffff : checksum);
        return datagram;
    }

    private void ReceiveDhcp(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> station)
    {
        if (dhcp.Answer(payload) is not { } reply)
        {
            return;
        }

        byte[] datagram = Datagram(options.HostNumber, DhcpServerPort, reply.Destination, DhcpClientPort, reply.Message);
        if (reply.Destination != Ipv4Address.Broadcast)
        {
            link.Learn(reply.Destination, station);
            link.SendTo(station, options.HostNumber, reply.Destination, Ipv4Packet.Udp, datagram);
        }
        else
        {
            link.Send(options.HostNumber, Ipv4Address.Broadcast, Ipv4Packet.Udp, datagram);
        }
    }

    private void Relay(in Ipv4Packet packet, ushort from, ushort to, IPEndPoint host, ReadOnlySpan<byte> payload)
    {
        (uint, ushort) key = (packet.Source, from);
        if (!_sessions.TryGetValue(key, out UdpSession? session))
        {
            if (_sessions.Count == MostSessions)
            {
                ((uint, ushort) oldKey, UdpSession old) = _sessions.MinBy(static entry => entry.Value.Deadline);
                End(oldKey, old);
            }

            session = new UdpSession(packet.Source, from);
            UdpSession owner = session;
            session.Socket = sockets.OpenDatagrams(host.AddressFamily, (peer, answer) => ReceiveAnswer(owner, peer, answer));
            if (session.Socket == null)
            {
                return;
            }

            _sessions.Add(key, session);
        }

        bool isDns = packet.Destination == options.DnsNumber && to == DnsPort;
        session.NameServer = isDns ? host : session.NameServer;
        session.Deadline = Math.Max(session.Deadline, clock() + (isDns ? DnsMilliseconds : IdleMilliseconds));
        session.Allow(host.Address);
        session.Socket!.Send(host, payload);
    }

    private void ReceiveAnswer(UdpSession session, IPEndPoint peer, ReadOnlySpan<byte> payload)
    {
        if (!session.Allows(peer.Address))
        {
            return;
        }

        bool isDns = peer.Equals(session.NameServer);
        session.Deadline = Math.Max(session.Deadline, clock() + (isDns ? DnsMilliseconds : IdleMilliseconds));
        Send(isDns ? options.DnsNumber : stack.Disguise(peer.Address), (ushort)peer.Port, session.Guest, session.GuestPort, payload);
    }

    private void ReceiveForwarded(UdpForward forward, IPEndPoint peer, ReadOnlySpan<byte> payload)
    {
        uint seen = stack.Disguise(peer.Address);
        forward.Note((seen, (ushort)peer.Port), peer);
        Send(seen, (ushort)peer.Port, forward.Guest, forward.GuestPort, payload);
    }

    private bool FindForward(
        in Ipv4Packet packet, ushort from, ushort to,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out UdpForward? forward, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IPEndPoint? peer)
    {
        peer = null;
        forward = null;
        foreach (UdpForward candidate in _forwards)
        {
            if (candidate.Guest == packet.Source && candidate.GuestPort == from && candidate.Find(packet.Destination, to) is { } found)
            {
                (forward, peer) = (candidate, found);
                return true;
            }
        }

        return false;
    }

    private void End((uint, ushort) key, UdpSession session)
    {
        session.Socket?.Dispose();
        _sessions.Remove(key);
    }
}
