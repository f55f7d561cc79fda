using System.Net;
using System.Net.Sockets;
using Firmament.Core.Replay;
using Firmament.Machines.Configuration;

namespace Firmament.Cli.Network;

/// <summary>Ethernet frames, one a datagram (QEMU -netdev dgram).</summary>
internal sealed class DatagramConnection : INetworkConnection
{
    private readonly Socket _socket;
    private readonly EndPoint _remote;
    private volatile bool _disposed;

    public DatagramConnection(Socket socket, EndPoint remote)
    {
        _socket = socket;
        _remote = remote;
    }

    /// <inheritdoc/>
    public void Connect(InputChannel input)
        => new Thread(() => Receive(input)) { IsBackground = true, Name = "network" }.Start();

    /// <inheritdoc/>
    public void Send(ReadOnlySpan<byte> frame)
    {
        try
        {
            _socket.SendTo(frame, SocketFlags.None, _remote);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Nobody there: the frame is lost, as on a wire.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        _socket.Dispose();
    }

    private void Receive(InputChannel input)
    {
        byte[] buffer = new byte[65536];
        while (!_disposed)
        {
            try
            {
                int count = _socket.Receive(buffer);
                input.Post(buffer[..count]);
            }
            catch (SocketException)
            {
                // An ICMP "port unreachable" of an earlier frame arrives here; the peer may come later.
                Thread.Sleep(10);
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        }
    }
}
