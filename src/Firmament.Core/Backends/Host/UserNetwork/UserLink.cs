using System.Buffers.Binary;
using Firmament.Core.Internet;

namespace Firmament.Core.Backends.Host.UserNetwork;

/// <summary>
/// Our end of the wire: makes Ethernet frames, knows which station has which address, and answers ARP. Sources: RFC 894, RFC 826.
/// </summary>
internal sealed class UserLink(UserNetworkOptions options, Action<byte[]> output, Func<int> inFlight)
{
    public const int Mtu = 1500;
    public const int HeaderLength = 14;
    public const ushort TypeIpv4 = 0x0800;
    public const ushort TypeArp = 0x0806;

    private const int ShortestFrame = 60;
    private const int MostNeighbours = 64;
    private const int ArpLength = 28;

    // Above this many frames that the machine did not take yet, TCP waits; everything else is lost from the higher limit on.
    private const int MostInFlightForStreams = 128;
    private const int MostInFlight = 256;

    private readonly Dictionary<uint, byte[]> _neighbours = [];
    private ushort _identification;

    /// <summary>The host as the guest sees it.</summary>
    public uint HostAddress => options.HostNumber;

    /// <summary>False while the machine has too much to take before it needs more.</summary>
    public bool HasRoom => inFlight() < MostInFlightForStreams;

    /// <summary>True while the machine has not taken all that was sent (it is slow, or stopped), so that silence does not mean loss.</summary>
    public bool IsStalled => inFlight() != 0;

    /// <summary>Notes that a station has an address. False when it may not: ours, or outside the network.</summary>
    public bool Learn(uint address, ReadOnlySpan<byte> station)
    {
        if ((address & options.Mask) != options.NetworkNumber || address == options.NetworkNumber || address == options.BroadcastNumber
            || IsOurs(address) || (station[0] & 1) != 0)
        {
            return false;
        }

        if (_neighbours.TryGetValue(address, out byte[]? known))
        {
            if (!station.SequenceEqual(known))
            {
                _neighbours[address] = station.ToArray();
            }

            return true;
        }

        if (_neighbours.Count == MostNeighbours)
        {
            _neighbours.Clear();
        }

        _neighbours.Add(address, station.ToArray());
        return true;
    }

    /// <summary>True for the host's and the name server's address.</summary>
    public bool IsOurs(uint address) => address == options.HostNumber || address == options.DnsNumber;

    /// <summary>Answers an ARP packet of the guest's.</summary>
    public void ReceiveArp(ReadOnlySpan<byte> packet)
    {
        const ushort Request = 1;
        const ushort Reply = 2;
        if (packet.Length < ArpLength || !packet[..6].SequenceEqual((ReadOnlySpan<byte>)[0, 1, 8, 0, 6, 4]))
        {
            return;
        }

        ushort operation = BinaryPrimitives.ReadUInt16BigEndian(packet[6..]);
        uint sender = BinaryPrimitives.ReadUInt32BigEndian(packet[14..]);
        uint target = BinaryPrimitives.ReadUInt32BigEndian(packet[24..]);
        ReadOnlySpan<byte> station = packet.Slice(8, 6);
        if (operation is not (Request or Reply))
        {
            return;
        }

        // A probe (RFC 5227) has no sender's address.
        Learn(sender, station);
        if (operation == Request && IsOurs(target))
        {
            SendArp(Reply, target, station, sender);
        }
    }

    /// <summary>Sends a packet, in fragments when it must. Frames to a station not known yet are lost, and the station is asked for.</summary>
    public void Send(uint source, uint destination, byte protocol, ReadOnlySpan<byte> payload)
    {
        if (destination == Ipv4Address.Broadcast || destination == options.BroadcastNumber)
        {
            SendTo([0xff, 0xff, 0xff, 0xff, 0xff, 0xff], source, destination, protocol, payload);
        }
        else if (_neighbours.TryGetValue(destination, out byte[]? station))
        {
            SendTo(station, source, destination, protocol, payload);
        }
        else if ((destination & options.Mask) == options.NetworkNumber)
        {
            SendArp(1, options.HostNumber, [], destination);
        }
    }

    /// <summary>As <see cref="Send"/>, to a station that has no address yet.</summary>
    public void SendTo(ReadOnlySpan<byte> station, uint source, uint destination, byte protocol, ReadOnlySpan<byte> payload)
    {
        const int LargestPart = Mtu - Ipv4Packet.HeaderLength;
        ushort identification = ++_identification;
        int offset = 0;
        do
        {
            int length = Math.Min(payload.Length - offset, LargestPart);
            bool more = offset + length < payload.Length;
            byte[] frame = NewFrame(station, source, TypeIpv4, Ipv4Packet.HeaderLength + length);
            Ipv4Packet.WriteHeader(frame.AsSpan(HeaderLength), source, destination, protocol, identification, length, offset, more);
            payload.Slice(offset, length).CopyTo(frame.AsSpan(HeaderLength + Ipv4Packet.HeaderLength));
            Emit(frame);
            offset += length;
        }
        while (offset < payload.Length);
    }

    private void SendArp(ushort operation, uint sender, ReadOnlySpan<byte> targetStation, uint target)
    {
        byte[] frame = NewFrame(targetStation.IsEmpty ? [0xff, 0xff, 0xff, 0xff, 0xff, 0xff] : targetStation, sender, TypeArp, ArpLength);
        Span<byte> packet = frame.AsSpan(HeaderLength);
        ((ReadOnlySpan<byte>)[0, 1, 8, 0, 6, 4]).CopyTo(packet);
        BinaryPrimitives.WriteUInt16BigEndian(packet[6..], operation);
        WriteStation(packet[8..], sender);
        BinaryPrimitives.WriteUInt32BigEndian(packet[14..], sender);
        targetStation.CopyTo(packet[18..]);
        BinaryPrimitives.WriteUInt32BigEndian(packet[24..], target);
        Emit(frame);
    }

    private byte[] NewFrame(ReadOnlySpan<byte> station, uint source, ushort type, int payloadLength)
    {
        byte[] frame = new byte[Math.Max(ShortestFrame, HeaderLength + payloadLength)];
        station.CopyTo(frame);
        WriteStation(frame.AsSpan(6), IsOurs(source) ? source : options.HostNumber);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), type);
        return frame;
    }

    // As in QEMU, so that captures look alike: 52:55 and the address.
    private static void WriteStation(Span<byte> bytes, uint address)
    {
        bytes[0] = 0x52;
        bytes[1] = 0x55;
        BinaryPrimitives.WriteUInt32BigEndian(bytes[2..], address);
    }

    private void Emit(byte[] frame)
    {
        if (inFlight() < MostInFlight)
        {
            output(frame);
        }
    }
}
