using System.Net;

namespace Firmament.Core.Backends.Host.UserNetwork;

/// <summary>One port of the guest that sends datagrams, and the host's socket that stands for it.</summary>
internal sealed class UdpSession(uint guest, ushort guestPort)
{
    private const int MostPeers = 32;

    private readonly Queue<IPAddress> _peers = new();

    public uint Guest => guest;

    public ushort GuestPort => guestPort;

    public IHostDatagrams? Socket { get; set; }

    /// <summary>When it ends unless used.</summary>
    public long Deadline { get; set; }

    /// <summary>The name server in use, whose answers come from our name server's address; null when names were not asked for.</summary>
    public IPEndPoint? NameServer { get; set; }

    /// <summary>Notes whom the guest wrote to; the latest few may answer.</summary>
    public void Allow(IPAddress peer)
    {
        if (_peers.Contains(peer))
        {
            return;
        }

        if (_peers.Count == MostPeers)
        {
            _peers.Dequeue();
        }

        _peers.Enqueue(peer);
    }

    /// <summary>True for peers the guest wrote to, from whatever port they answer (RFC 4787, address-dependent filtering).</summary>
    public bool Allows(IPAddress peer) => _peers.Contains(peer);
}
