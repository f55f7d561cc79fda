using System.Buffers.Binary;
using System.Net;
using Firmament.Core.Internet;

namespace Firmament.Core.Backends.Host.UserNetwork;

/// <summary>
/// The far side of a user network: a gateway that is the host, a name server, DHCP and TFTP servers, and a proxy that gives the guest's TCP and
/// UDP to sockets of the host. One thread calls it; it waits for nothing and knows the time only from its caller.
/// </summary>
/// <remarks>
/// Sources: RFC 791, 792, 826, 768, 9293, 2131, 1350. Not modelled: IPv6 (its frames are dropped), multicast, pings to anything but the gateway
/// and the name server, routing to other networks than through the host's sockets.
/// </remarks>
internal sealed class UserStack
{
    private readonly UserNetworkOptions _options;
    private readonly IHostSockets _sockets;
    private readonly Func<long> _clock;
    private readonly UserLink _link;
    private readonly Ipv4Reassembler _reassembler = new();
    private readonly IcmpResponder _icmp;
    private readonly UdpRelay _udp;
    private readonly TcpProxy _tcp;

    /// <summary>Makes the network and opens the forwarded ports.</summary>
    /// <param name="options">Checked options.</param>
    /// <param name="sockets">The host's sockets; stay the caller's.</param>
    /// <param name="output">Takes frames for the guest.</param>
    /// <param name="inFlight">Frames the guest's machine has not taken yet.</param>
    /// <param name="clock">Milliseconds; only differences count.</param>
    /// <param name="files">What TFTP serves, or null.</param>
    /// <exception cref="BackendException">A forwarded port is taken.</exception>
    public UserStack(UserNetworkOptions options, IHostSockets sockets, Action<byte[]> output, Func<int> inFlight, Func<long> clock, IFileTree? files)
    {
        _options = options;
        _sockets = sockets;
        _clock = clock;
        _link = new UserLink(options, output, inFlight);
        _icmp = new IcmpResponder(_link);
        TftpServer? tftp = files == null ? null : new TftpServer(files, clock, (to, port, fromPort, payload) => _udp!.Send(options.HostNumber, fromPort, to, port, payload));
        _udp = new UdpRelay(this, options, sockets, _link, _icmp, new DhcpServer(options), tftp, clock);
        _tcp = new TcpProxy(this, options, sockets, _link, clock);
        foreach (HostForward forward in options.Forwards)
        {
            BoundForwards.Add(forward.IsDatagram ? _udp.Open(forward) : _tcp.Open(forward));
        }
    }

    /// <summary>Where the forwards listen, in order.</summary>
    public List<IPEndPoint> BoundForwards { get; } = [];

    /// <summary>When <see cref="Tick"/> is due, by the clock; <see cref="long.MaxValue"/> for never.</summary>
    public long NextDeadline => Math.Min(_tcp.NextDeadline, _udp.NextDeadline);

    /// <summary>TCP connections there are, closing ones among them.</summary>
    public int Connections => _tcp.Count;

    /// <summary>UDP sessions there are.</summary>
    public int Sessions => _udp.Count;

    /// <summary>Takes a frame of the guest's. Call <see cref="Flush"/> after a batch.</summary>
    public void Receive(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < UserLink.HeaderLength)
        {
            return;
        }

        ReadOnlySpan<byte> payload = frame[UserLink.HeaderLength..];
        switch (BinaryPrimitives.ReadUInt16BigEndian(frame[12..]))
        {
            case UserLink.TypeArp:
                _link.ReceiveArp(payload);
                break;
            case UserLink.TypeIpv4 when Ipv4Packet.TryParse(payload, out Ipv4Packet packet):
                Receive(packet, frame.Slice(6, 6));
                break;
        }
    }

    /// <summary>Sends what the last frames made due: acknowledgements of several segments at once.</summary>
    public void Flush() => _tcp.Flush();

    /// <summary>The machine took frames: what waited for that goes on.</summary>
    public void Resume() => _tcp.Resume();

    /// <summary>Does what the clock made due.</summary>
    public void Tick()
    {
        _tcp.Tick();
        _udp.Tick();
    }

    /// <summary>Where a guest's packet to an address goes on the host, or null when nowhere.</summary>
    /// <param name="address">The destination as the guest sees it.</param>
    /// <param name="port">Its port.</param>
    public IPEndPoint? Resolve(uint address, ushort port)
    {
        const ushort DnsPort = 53;
        if (_options.Restrict || port == 0)
        {
            return null;
        }

        if (address == _options.DnsNumber)
        {
            return port == DnsPort ? _sockets.NameServer : null;
        }

        if (address == _options.HostNumber)
        {
            return new IPEndPoint(IPAddress.Loopback, port);
        }

        // 127/8 and 0/8 have no meaning on a wire, and would reach the host where only the gateway's address is meant to.
        bool isOutside = (address & _options.Mask) != _options.NetworkNumber && address >> 24 is not (0 or 127) && address >> 28 < 0xe;
        return isOutside ? new IPEndPoint(Ipv4Address.ToAddress(address), port) : null;
    }

    /// <summary>The address under which the guest sees a host's peer.</summary>
    public uint Disguise(IPAddress address)
    {
        uint number = Ipv4Address.From(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
        return number == 0 || number >> 24 == 127 || (number & _options.Mask) == _options.NetworkNumber ? _options.HostNumber : number;
    }

    private void Receive(in Ipv4Packet packet, ReadOnlySpan<byte> station)
    {
        const uint Nobody = 0;
        if (packet.Source != Nobody && !_link.Learn(packet.Source, station))
        {
            return;
        }

        if (!packet.IsFragment)
        {
            Dispatch(packet, packet.Payload, station);
        }
        else if (_reassembler.Add(packet, _clock()) is { } whole)
        {
            Dispatch(packet, whole, station);
        }
    }

    private void Dispatch(in Ipv4Packet packet, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> station)
    {
        if (packet.Source == 0 && packet.Protocol != Ipv4Packet.Udp)
        {
            return;
        }

        switch (packet.Protocol)
        {
            case Ipv4Packet.Icmp:
                _icmp.Receive(packet, payload);
                break;
            case Ipv4Packet.Udp:
                _udp.Receive(packet, payload, station);
                break;
            case Ipv4Packet.Tcp:
                _tcp.Receive(packet, payload);
                break;
        }
    }
}
