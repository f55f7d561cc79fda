using System.Net.Sockets;

namespace Firmament.Core.Backends.Host.UserNetwork;

/// <summary>A TCP socket of the host's that never blocks.</summary>
internal sealed class HostStream(HostSockets sockets, Socket socket) : IHostStream
{
    private bool _isDisposed;

    public Socket Socket => socket;

    /// <inheritdoc/>
    public IHostStreamOwner? Owner { get; set; }

    /// <inheritdoc/>
    public bool WantsInput { get; set; }

    /// <inheritdoc/>
    public bool WantsOutput { get; set; }

    /// <inheritdoc/>
    public int Receive(Span<byte> destination)
    {
        int count = socket.Receive(destination, SocketFlags.None, out SocketError error);
        return error switch
        {
            SocketError.Success => count == 0 ? IHostStream.Ended : count,
            SocketError.WouldBlock or SocketError.Interrupted => 0,
            _ => IHostStream.Broken,
        };
    }

    /// <inheritdoc/>
    public int Send(ReadOnlySpan<byte> source)
    {
        int count = socket.Send(source, SocketFlags.None, out SocketError error);
        return error switch
        {
            SocketError.Success => count,
            SocketError.WouldBlock or SocketError.Interrupted or SocketError.NoBufferSpaceAvailable => 0,
            _ => IHostStream.Broken,
        };
    }

    /// <inheritdoc/>
    public void EndOutput()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The peer is gone; the next receive says so.
        }
    }

    /// <inheritdoc/>
    public void Abort()
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It never connected.
        }

        Dispose();
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
