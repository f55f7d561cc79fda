using Firmament.Core.Internet;
using Firmament.Core.Time;

namespace Firmament.Firmware.Network;

/// <summary>
/// The firmware as a host on the network: while it waits for an answer it answers ARP and pings for its address, and it does nothing at any other time.
/// Sources: RFC 791, 826, 1122.
/// </summary>
/// <remarks>Not modelled: routes but the default one, redirects, sending fragments.</remarks>
internal sealed class InternetHost
{
    private const ushort NoPort = 0;

    private static readonly VirtualTime FirstArpTimeout = VirtualTime.FromMilliseconds(500);

    private readonly PolledCard _card;
    private readonly NeighbourTable _neighbours = new();
    private readonly Ipv4Reassembler _reassembler = new();
    private uint _awaited;
    private uint _lastDestination;
    private ushort _lastSourcePort;
    private ushort _identification;
    private ushort _port;

    /// <summary>Makes a host without an address.</summary>
    public InternetHost(PolledCard card)
    {
        _card = card;
        ulong now = (ulong)card.Now.Nanoseconds;
        Seed = Mix(card.Station.Value ^ (now << 16) ^ now);
        _port = (ushort)(Seed >> 16);
        _identification = (ushort)Seed;
    }

    /// <summary>Differs from station to station and from boot to boot, and is the same in each run of a machine.</summary>
    public uint Seed { get; }

    /// <summary>The card's address.</summary>
    public StationAddress Station => _card.Station;

    /// <summary>Our address; 0 while there is none.</summary>
    public uint Address { get; private set; }

    /// <summary>Ones for the network's part of an address.</summary>
    public uint Mask { get; private set; }

    /// <summary>The way out of the network; 0 when there is none.</summary>
    public uint Gateway { get; private set; }

    /// <summary>True once the platform was asked to stop: give up.</summary>
    public bool IsStopped => _card.IsStopped;

    public VirtualTime Now => _card.Now;

    /// <summary>Takes an address.</summary>
    public void Configure(uint address, uint mask, uint gateway)
    {
        Address = address;
        Mask = mask;
        Gateway = gateway;
    }

    /// <summary>A UDP port not used lately, of the dynamic ones.</summary>
    public ushort NextPort()
    {
        const ushort FirstDynamic = 0xc000;
        return (ushort)(++_port | FirstDynamic);
    }

    /// <summary>True when word came that nobody listens where the last datagram went.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>Sends a datagram of at most <see cref="UdpDatagram.LongestPayload"/> bytes; looks for the receiver's station first, which may take seconds.</summary>
    /// <returns>False when there is no way to the receiver, or the card did not take it.</returns>
    public bool TrySend(uint destination, ushort destinationPort, ushort sourcePort, ReadOnlySpan<byte> payload)
    {
        StationAddress station = StationAddress.Broadcast;
        _lastDestination = destination;
        _lastSourcePort = sourcePort;
        IsRefused = false;
        bool isFound = destination == Ipv4Address.Broadcast || TryResolve(NextHop(destination), out station);
        return isFound && _card.TrySend(UdpDatagram.ToFrame(station, Station, Address, sourcePort, destination, destinationPort, ++_identification, payload));
    }

    /// <summary>Forgets the station of a receiver that does not answer.</summary>
    public void Doubt(uint destination) => _neighbours.Forget(NextHop(destination));

    /// <summary>Waits for a datagram to a port of ours.</summary>
    /// <param name="port">Ours.</param>
    /// <param name="deadline">When to give up.</param>
    /// <param name="datagram">Valid until the next call.</param>
    /// <returns>False when none came, the last datagram was refused, or the platform stops.</returns>
    public bool TryReceive(ushort port, VirtualTime deadline, out UdpDatagram datagram)
    {
        datagram = default;
        while (_card.TryReceive(deadline, out ReadOnlySpan<byte> frame))
        {
            if (TryTake(frame, out datagram) && datagram.DestinationPort == port)
            {
                return true;
            }

            datagram = default;
            if ((port != NoPort && IsRefused) || (_awaited != 0 && _neighbours.TryFind(_awaited, out _)))
            {
                return false;
            }
        }

        return false;
    }

    private static uint Mix(ulong value)
    {
        value = (value ^ (value >> 33)) * 0xff51_afd7_ed55_8ccd;
        value = (value ^ (value >> 33)) * 0xc4ce_b9fe_1a85_ec53;
        return (uint)(value ^ (value >> 32));
    }

    private uint NextHop(uint destination) => ((destination ^ Address) & Mask) == 0 || Gateway == 0 ? destination : Gateway;

    private bool TryResolve(uint address, out StationAddress station)
    {
        const int MostAttempts = 4;
        VirtualTime timeout = FirstArpTimeout;
        for (int attempt = 0; attempt < MostAttempts && !IsStopped; attempt++)
        {
            if (_neighbours.TryFind(address, out station))
            {
                return true;
            }

            _card.TrySend(new ArpPacket(ArpPacket.Request, Station, Address, default, address).ToFrame(StationAddress.Broadcast));
            _awaited = address;
            VirtualTime deadline = Now + timeout;
            while (!IsStopped && !_neighbours.TryFind(address, out _) && TryReceive(NoPort, deadline, out _))
            {
                // A datagram to no port: not what we wait for.
            }

            _awaited = 0;
            timeout += timeout;
        }

        return _neighbours.TryFind(address, out station);
    }

    private bool TryTake(ReadOnlySpan<byte> frame, out UdpDatagram datagram)
    {
        datagram = default;
        if (frame.Length < EthernetFrame.HeaderLength)
        {
            return false;
        }

        StationAddress to = EthernetFrame.Destination(frame);
        StationAddress from = EthernetFrame.Source(frame);
        if ((to != Station && to != StationAddress.Broadcast) || from.IsGroup || from == Station)
        {
            return false;
        }

        ReadOnlySpan<byte> payload = frame[EthernetFrame.HeaderLength..];
        switch (EthernetFrame.Type(frame))
        {
            case EthernetFrame.Arp when ArpPacket.TryParse(payload, out ArpPacket arp):
                TakeArp(arp);
                return false;
            case EthernetFrame.Ipv4 when Ipv4Packet.TryParse(payload, out Ipv4Packet packet):
                return TryTake(packet, from, out datagram);
            default:
                return false;
        }
    }

    private void TakeArp(ArpPacket arp)
    {
        if (arp.Sender == 0 || arp.Sender == Address)
        {
            return;
        }

        bool isToUs = Address != 0 && arp.Target == Address;
        if (isToUs || arp.Sender == _awaited)
        {
            _neighbours.Learn(arp.Sender, arp.SenderStation);
        }
        else
        {
            _neighbours.Update(arp.Sender, arp.SenderStation);
        }

        if (isToUs && arp.Operation == ArpPacket.Request)
        {
            _card.TrySend(new ArpPacket(ArpPacket.Reply, Station, Address, arp.SenderStation, arp.Sender).ToFrame(arp.SenderStation));
        }
    }

    private bool TryTake(scoped in Ipv4Packet packet, StationAddress from, out UdpDatagram datagram)
    {
        datagram = default;
        uint to = packet.Destination;
        uint source = packet.Source;

        // A station that has no address yet takes what DHCP servers send to the one it will have (RFC 2131, 4.1).
        bool isForUs = Address == 0 || to == Address || to == Ipv4Address.Broadcast || (Mask != 0 && to == (Address | ~Mask));
        if (!isForUs || Ipv4Address.IsMulticast(source) || source == Ipv4Address.Broadcast)
        {
            return false;
        }

        ReadOnlySpan<byte> payload = packet.Payload;
        if (packet.IsFragment)
        {
            byte[]? whole = _reassembler.Add(packet, Now.Nanoseconds / 1_000_000);
            if (whole == null)
            {
                return false;
            }

            payload = whole;
        }

        switch (packet.Protocol)
        {
            case Ipv4Packet.Icmp when Address != 0 && to == Address && source != 0:
                TakeIcmp(source, from, payload);
                return false;
            case Ipv4Packet.Udp:
                return UdpDatagram.TryParse(from, source, to, payload, out datagram);
            default:
                return false;
        }
    }

    private void TakeIcmp(uint source, StationAddress from, ReadOnlySpan<byte> message)
    {
        if (IcmpMessage.TryParseRefusal(message, out uint address, out ushort port))
        {
            IsRefused |= address == _lastDestination && port == _lastSourcePort;
        }
        else if (message.Length <= EthernetFrame.Mtu - Ipv4Packet.HeaderLength && IcmpMessage.Answer(message) is { } reply)
        {
            // To the station it came from: a ping must not make us wait for ARP.
            byte[] frame = EthernetFrame.Create(from, Station, EthernetFrame.Ipv4, Ipv4Packet.HeaderLength + reply.Length);
            Span<byte> answer = frame.AsSpan(EthernetFrame.HeaderLength);
            Ipv4Packet.WriteHeader(answer, Address, source, Ipv4Packet.Icmp, ++_identification, reply.Length);
            reply.CopyTo(answer[Ipv4Packet.HeaderLength..]);
            _card.TrySend(frame);
        }
    }
}
