using System.Net;
using System.Net.Sockets;

namespace Firmament.Core.Backends.Host;

/// <summary>A connection to an NBD server whose every wait has an end.</summary>
internal sealed class NbdStream : IDisposable
{
    private const int TimeoutMilliseconds = 30_000;

    private readonly Socket _socket;

    /// <exception cref="SocketException">Nobody answers.</exception>
    public NbdStream(EndPoint server)
    {
        _socket = server switch
        {
            UnixDomainSocketEndPoint => new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified),
            IPEndPoint ip => new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true },
            _ => new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true },
        };
        _socket.ReceiveTimeout = _socket.SendTimeout = TimeoutMilliseconds;
        try
        {
            _socket.Connect(server);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends all bytes. False when the connection is gone or stuck.</summary>
    public bool TrySend(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int count = _socket.Send(bytes, SocketFlags.None, out SocketError error);
            if (error != SocketError.Success || count <= 0)
            {
                return false;
            }

            bytes = bytes[count..];
        }

        return true;
    }

    /// <summary>Receives exactly as many bytes as fit. False when the connection is gone or stuck.</summary>
    public bool TryReceive(Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int count = _socket.Receive(bytes, SocketFlags.None, out SocketError error);
            if (error != SocketError.Success || count <= 0)
            {
                return false;
            }

            bytes = bytes[count..];
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
