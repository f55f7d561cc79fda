using System.Buffers.Binary;
using System.Text;
using Firmament.Core.Internet;

namespace Firmament.Core.Backends.Host.UserNetwork;

/// <summary>
/// The DHCP and BOOTP server: 16 addresses, each for one station, for as long as the network lives. Sources: RFC 2131, 2132, 1534, 3397.
/// </summary>
internal sealed class DhcpServer(UserNetworkOptions options)
{
    private const int MostLeases = 16;
    private const int FixedLength = 240;
    private const int ShortestReply = 300;
    private const uint Cookie = 0x6382_5363;
    private const uint LeaseSeconds = 86400;

    private const byte Discover = 1;
    private const byte Offer = 2;
    private const byte Request = 3;
    private const byte Decline = 4;
    private const byte Ack = 5;
    private const byte Nak = 6;
    private const byte Release = 7;
    private const byte Inform = 8;

    private readonly ulong?[] _leases = new ulong?[MostLeases];
    private readonly bool[] _isDeclined = new bool[MostLeases];

    /// <summary>Answers a message, or returns null when it wants no answer.</summary>
    public DhcpReply? Answer(ReadOnlySpan<byte> message)
    {
        // op 1 request, htype 1 Ethernet, hlen 6.
        if (message.Length < FixedLength || message[0] != 1 || message[1] != 1 || message[2] != 6
            || BinaryPrimitives.ReadUInt32BigEndian(message[236..]) != Cookie)
        {
            return null;
        }

        ReadOnlySpan<byte> all = message[FixedLength..];
        byte kind = Option(all, 53) is [byte type] ? type : (byte)0;
        ulong station = BinaryPrimitives.ReadUInt64BigEndian(message[28..]) >> 16;
        uint current = BinaryPrimitives.ReadUInt32BigEndian(message[12..]);
        uint wanted = Number(Option(all, 50));
        uint server = Number(Option(all, 54));
        switch (kind)
        {
            case 0 or Discover:
                return Lease(station, wanted) is { } offered ? Reply(message, kind == 0 ? (byte)0 : Offer, offered) : null;
            case Request when server != 0 && server != options.HostNumber:
                // The client took another server's offer.
                return null;
            case Request:
                uint asked = wanted != 0 ? wanted : current;
                uint? leased = Lease(station, asked);
                return leased == asked ? Reply(message, Ack, asked) : Reply(message, Nak, 0);
            case Decline:
                // Another station uses the address: keep it out of use.
                if (wanted - options.DhcpStartNumber is < MostLeases and var index && _leases[index] == station)
                {
                    _leases[index] = null;
                    _isDeclined[index] = true;
                }

                return null;
            case Release:
                if (current - options.DhcpStartNumber is < MostLeases and var released && _leases[released] == station)
                {
                    _leases[released] = null;
                }

                return null;
            case Inform:
                return Reply(message, Ack, 0);
            default:
                return null;
        }
    }

    /// <summary>An option's bytes; empty when it is not there.</summary>
    internal static ReadOnlySpan<byte> Option(ReadOnlySpan<byte> options, byte code)
    {
        const byte Pad = 0;
        const byte End = 255;
        while (!options.IsEmpty && options[0] != End)
        {
            if (options[0] == Pad)
            {
                options = options[1..];
                continue;
            }

            if (options.Length < 2 || options.Length < 2 + options[1])
            {
                break;
            }

            if (options[0] == code)
            {
                return options.Slice(2, options[1]);
            }

            options = options[(2 + options[1])..];
        }

        return default;
    }

    private static uint Number(ReadOnlySpan<byte> option) => option.Length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(option) : 0;

    private static void Put(List<byte> to, byte code, ReadOnlySpan<byte> bytes)
    {
        to.Add(code);
        to.Add((byte)bytes.Length);
        to.AddRange(bytes);
    }

    private static void Put(List<byte> to, byte code, uint number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        Put(to, code, bytes);
    }

    private static void Put(List<byte> to, byte code, string? text)
    {
        if (text != null)
        {
            Put(to, code, Encoding.ASCII.GetBytes(text));
        }
    }

    /// <summary>The station's address: the one it has, the one it wants, or a free one; null when all are taken.</summary>
    private uint? Lease(ulong station, uint wanted)
    {
        int index = Array.IndexOf(_leases, station);
        if (index < 0 && wanted - options.DhcpStartNumber is < MostLeases and var at && IsFree((int)at))
        {
            index = (int)at;
        }

        for (int i = 0; index < 0 && i < MostLeases; i++)
        {
            index = IsFree(i) ? i : -1;
        }

        if (index < 0)
        {
            return null;
        }

        _leases[index] = station;
        return options.DhcpStartNumber + (uint)index;
    }

    private bool IsFree(int index)
    {
        uint address = options.DhcpStartNumber + (uint)index;
        return _leases[index] == null && !_isDeclined[index] && address < options.BroadcastNumber && address != options.HostNumber && address != options.DnsNumber;
    }

    private DhcpReply Reply(ReadOnlySpan<byte> request, byte kind, uint address)
    {
        const int BootFileField = 108;
        List<byte> all = [];
        if (kind != 0)
        {
            Put(all, 53, [kind]);
            Put(all, 54, options.HostNumber);
        }

        byte[] head = new byte[FixedLength];
        head[0] = 2;
        head[1] = 1;
        head[2] = 6;
        request.Slice(4, 4).CopyTo(head.AsSpan(4));
        request.Slice(10, 2).CopyTo(head.AsSpan(10));
        request.Slice(28, 16).CopyTo(head.AsSpan(28));
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(236), Cookie);
        uint current = BinaryPrimitives.ReadUInt32BigEndian(request[12..]);
        bool wantsBroadcast = (request[10] & 0x80) != 0;
        if (kind == Nak)
        {
            Put(all, 56, "address not available");
        }
        else
        {
            request.Slice(12, 4).CopyTo(head.AsSpan(12));
            BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(16), address);
            BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(20), options.HostNumber);
            Encoding.ASCII.GetBytes(options.BootFile ?? "").CopyTo(head, BootFileField);
            if (kind != 0 && address != 0)
            {
                Put(all, 51, LeaseSeconds);
            }

            PutNetwork(all);
        }

        all.Add(255);
        byte[] message = new byte[Math.Max(ShortestReply, FixedLength + all.Count)];
        head.CopyTo(message, 0);
        all.CopyTo(message, FixedLength);

        // RFC 2131, 4.1: to the address in use, else to the new one unless the client cannot take that yet; a refusal to all.
        uint to = kind == Nak ? 0 : current != 0 ? current : wantsBroadcast ? 0 : address;
        return new DhcpReply(message, to == 0 ? Ipv4Address.Broadcast : to);
    }

    private void PutNetwork(List<byte> all)
    {
        Put(all, 1, options.Mask);
        if (!options.Restrict)
        {
            Put(all, 3, options.HostNumber);
            Put(all, 6, options.DnsNumber);
        }

        Put(all, 12, options.HostName);
        Put(all, 15, options.DomainName);
        Put(all, 66, options.TftpServerName);
        Put(all, 67, options.BootFile);
        List<byte> domains = [];
        foreach (string domain in options.DnsSearch)
        {
            // RFC 1035, 3.1: labels after their lengths.
            foreach (string label in domain.Split('.', StringSplitOptions.RemoveEmptyEntries))
            {
                domains.Add((byte)Math.Min(label.Length, 63));
                domains.AddRange(Encoding.ASCII.GetBytes(label.Length > 63 ? label[..63] : label));
            }

            domains.Add(0);
        }

        if (domains.Count is > 0 and <= 255)
        {
            Put(all, 119, domains.ToArray());
        }
    }
}
