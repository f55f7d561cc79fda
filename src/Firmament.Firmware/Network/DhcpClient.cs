using Firmament.Core.Internet;
using Firmament.Core.Time;

namespace Firmament.Firmware.Network;

/// <summary>Asks for an address: DHCP, or BOOTP where the server knows no more or the user wants it. Sources: RFC 2131 4.4.1, RFC 951, RFC 1534.</summary>
/// <remarks>
/// Not modelled: renewal (a boot is shorter than a lease), the ARP probe before the address is used, and DECLINE and RELEASE, which need or undo it.
/// </remarks>
internal sealed class DhcpClient(InternetHost host, string className)
{
    public const ushort ClientPort = 68;
    public const ushort ServerPort = 67;

    private const int MostRequests = 3;

    private static readonly VirtualTime FirstTimeout = VirtualTime.FromSeconds(2);
    private static readonly VirtualTime LongestTimeout = VirtualTime.FromSeconds(16);

    private readonly VirtualTime _start = host.Now;
    private uint _transactionId = host.Seed;

    /// <summary>Asks until a server gives an address.</summary>
    /// <param name="isBootp">Ask by BOOTP.</param>
    /// <param name="wantsFile">Look a while for a server that also names a file.</param>
    /// <param name="attempts">How often to ask; 2, 4, 8, 16, 16 … seconds each.</param>
    /// <returns>The answer with the address, or null.</returns>
    public BootpReply? Acquire(bool isBootp, bool wantsFile, int attempts)
    {
        VirtualTime timeout = FirstTimeout;
        for (int attempt = 0; attempt < attempts && !host.IsStopped; attempt++)
        {
            BootpRequest first = new(isBootp ? DhcpKind.None : DhcpKind.Discover, host.Station, _transactionId, className);
            BootpReply? offer = Offer(first, wantsFile, timeout);
            if (offer?.Kind == DhcpKind.None)
            {
                return offer;
            }

            if (offer != null && Take(offer) is { } lease)
            {
                return lease;
            }

            timeout = timeout < LongestTimeout ? timeout + timeout : LongestTimeout;
        }

        return null;
    }

    /// <summary>The first offer with a file; else, when the time is over, the first of all.</summary>
    private BootpReply? Offer(BootpRequest request, bool wantsFile, VirtualTime timeout)
    {
        BootpReply? best = null;
        VirtualTime deadline = host.Now + timeout;
        Send(request);
        while (Receive(deadline) is { } reply)
        {
            bool isOffer = reply.Kind == DhcpKind.None || (reply.Kind == DhcpKind.Offer && request.Kind != DhcpKind.None);
            if (!isOffer || !reply.IsUsable)
            {
                continue;
            }

            best ??= reply;
            if (reply.File != null || !wantsFile)
            {
                return reply;
            }
        }

        return host.IsStopped ? null : best;
    }

    /// <summary>Tells the server that its offer is taken. Null when it takes it back, or is silent.</summary>
    private BootpReply? Take(BootpReply offer)
    {
        BootpRequest request = new BootpRequest(DhcpKind.Request, host.Station, _transactionId, className)
            .Add(BootpOption.RequestedAddress, offer.Address)
            .Add(BootpOption.Server, offer.Server);
        VirtualTime timeout = FirstTimeout;
        for (int attempt = 0; attempt < MostRequests && !host.IsStopped; attempt++)
        {
            VirtualTime deadline = host.Now + timeout;
            Send(request);
            while (Receive(deadline) is { } reply)
            {
                if (reply.Server != offer.Server)
                {
                    continue;
                }

                if (reply.Kind == DhcpKind.Nak)
                {
                    // The next try is another transaction, or a late copy of this refusal would end it too.
                    _transactionId++;
                    return null;
                }

                if (reply.Kind == DhcpKind.Ack && reply.IsUsable)
                {
                    return reply with { File = reply.File ?? offer.File, FileServer = reply.FileServer != 0 ? reply.FileServer : offer.FileServer };
                }
            }

            timeout += timeout;
        }

        return null;
    }

    private void Send(BootpRequest request) =>
        host.TrySend(Ipv4Address.Broadcast, ServerPort, ClientPort, request.ToBytes((host.Now - _start).Nanoseconds / 1_000_000_000));

    private BootpReply? Receive(VirtualTime deadline)
    {
        while (host.TryReceive(ClientPort, deadline, out UdpDatagram datagram))
        {
            if (BootpReply.TryParse(datagram, host.Station, _transactionId, out BootpReply? reply))
            {
                return reply;
            }
        }

        return null;
    }
}
