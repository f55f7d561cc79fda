using System.Net;
using System.Net.Sockets;

namespace Firmament.Core.Backends.Host.UserNetwork;

/// <summary>A UDP socket of the host's that never blocks.</summary>
internal sealed class HostDatagrams(HostSockets sockets, Socket socket, HostDatagramReceiver receiver) : IHostDatagrams
{
    private const int MostAtOnce = 32;

    private readonly EndPoint _any = new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
    private bool _isDisposed;

    public Socket Socket => socket;

    /// <inheritdoc/>
    public void Send(IPEndPoint to, ReadOnlySpan<byte> payload)
    {
        try
        {
            socket.SendTo(payload, SocketFlags.None, to);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Out of reach, too long, or no room: lost, as datagrams may be.
        }
    }

    /// <summary>Takes what came in, a few at a time.</summary>
    public void Receive(byte[] buffer)
    {
        for (int i = 0; i < MostAtOnce && !_isDisposed; i++)
        {
            EndPoint from = _any;
            int count;
            try
            {
                if (socket.Available == 0)
                {
                    return;
                }

                count = socket.ReceiveFrom(buffer, ref from);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            receiver((IPEndPoint)from, buffer.AsSpan(0, count));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            sockets.Remove(this);
            socket.Dispose();
        }
    }
}
