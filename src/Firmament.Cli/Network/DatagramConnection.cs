using System.Net;
using System.Net.Sockets;
using Firmament.Core.Backends;
using Firmament.Core.Replay;

namespace Firmament.Cli.Network;

/// <summary>Ethernet frames, one a datagram (QEMU -netdev dgram).</summary>
internal sealed class DatagramConnection : INetworkBackend
{
    // A peer that floods a paused machine fills its socket, not our memory.
    private const int MostInFlight = 1024;
    private readonly SemaphoreSlim _room = new(MostInFlight);
    private readonly Socket _socket;
    private readonly EndPoint _remote;
    private volatile bool _disposed;

    public DatagramConnection(Socket socket, EndPoint remote)
    {
        _socket = socket;
        _remote = remote;
    }

    /// <inheritdoc/>
    public void Attach(InputChannel toGuest)
        => new Thread(() => Receive(toGuest)) { IsBackground = true, Name = "network" }.Start();

    /// <inheritdoc/>
    public void Acknowledge(ReadOnlySpan<byte> frame) => _room.Release();

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
        _room.Release();
    }

    private void Receive(InputChannel input)
    {
        byte[] buffer = new byte[65536];
        while (!_disposed)
        {
            try
            {
                int count = _socket.Receive(buffer);
                _room.Wait();
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
