using System.Net;

namespace Firmament.Core.Backends.Host.UserNetwork;

/// <summary>A UDP port of the host that leads to the guest, and the outside peers the guest may answer through it.</summary>
internal sealed class UdpForward(uint guest, ushort guestPort)
{
    private const int MostPeers = 256;

    private readonly Dictionary<(uint Address, ushort Port), IPEndPoint> _peers = [];
    private readonly Queue<(uint Address, ushort Port)> _order = new();

    public uint Guest => guest;

    public ushort GuestPort => guestPort;

    public IHostDatagrams? Socket { get; set; }

    /// <summary>Notes a peer under the address and port the guest sees.</summary>
    public void Note((uint Address, ushort Port) seen, IPEndPoint peer)
    {
        if (_peers.TryAdd(seen, peer))
        {
            if (_order.Count == MostPeers)
            {
                _peers.Remove(_order.Dequeue());
            }

            _order.Enqueue(seen);
        }
        else
        {
            _peers[seen] = peer;
        }
    }

    /// <summary>The peer behind what the guest sees, or null.</summary>
    public IPEndPoint? Find(uint address, ushort port) => _peers.GetValueOrDefault((address, port));
}
