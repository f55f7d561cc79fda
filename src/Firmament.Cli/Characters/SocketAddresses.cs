using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Firmament.Core;

namespace Firmament.Cli.Characters;

/// <summary>Addresses and sockets with errors a user can act on; used by consoles and networks.</summary>
internal static class SocketAddresses
{
    /// <summary>"HOST:PORT" or "unix:PATH".</summary>
    /// <exception cref="UserErrorException">Malformed, or the host is unknown.</exception>
    public static EndPoint Parse(string text)
    {
        if (text.StartsWith("unix:", StringComparison.Ordinal))
        {
            return Resolve(text["unix:".Length..], "", 0);
        }

        int colon = text.LastIndexOf(':');
        if (colon < 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port is < 1 or > 65535)
        {
            throw new UserErrorException($"'{text}' is not an address; give HOST:PORT, for example 127.0.0.1:5555, or unix:PATH.");
        }

        return Resolve(null, text[..colon].Trim('[', ']'), port);
    }

    /// <summary>A Unix path, or a host and port.</summary>
    /// <exception cref="UserErrorException">The path is too long or the host is unknown.</exception>
    public static EndPoint Resolve(string? path, string host, int port)
    {
        if (path != null)
        {
            const int LongestPath = 103;
            return System.Text.Encoding.UTF8.GetByteCount(path) is > 0 and <= LongestPath
                ? new UnixDomainSocketEndPoint(path)
                : throw new UserErrorException($"'{path}' is not usable as a socket's path; give 1 to {LongestPath} bytes.");
        }

        if (host.Length == 0)
        {
            return new IPEndPoint(IPAddress.Any, port);
        }

        if (IPAddress.TryParse(host, out IPAddress? address))
        {
            return new IPEndPoint(address, port);
        }

        try
        {
            IPAddress[] found = Dns.GetHostAddresses(host);
            return new IPEndPoint(Array.Find(found, static a => a.AddressFamily == AddressFamily.InterNetwork) ?? found[0], port);
        }
        catch (SocketException e)
        {
            throw new UserErrorException($"Host '{host}' cannot be found; give its name or number, for example 127.0.0.1.", e);
        }
    }

    /// <summary>A listening socket. A Unix path that nobody serves any more is taken over.</summary>
    /// <exception cref="UserErrorException">The address is in use or not ours.</exception>
    public static Socket Listen(EndPoint address, string name)
    {
        Socket socket = Create(address, SocketType.Stream);
        try
        {
            if (address is UnixDomainSocketEndPoint unix && new FileInfo(unix.ToString()) is { Exists: true, Length: 0 } stale && !Answers(address))
            {
                stale.Delete();
            }

            if (address is IPEndPoint)
            {
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            }

            socket.Bind(address);
            socket.Listen(1);
            return socket;
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
        {
            socket.Dispose();
            throw new UserErrorException($"{name} cannot be listened on ({e.Message.TrimEnd('.')}); give another address.", e);
        }
    }

    /// <summary>A connected socket.</summary>
    /// <exception cref="UserErrorException">Nobody answers.</exception>
    public static Socket Connect(EndPoint address, string name)
    {
        Socket socket = Create(address, SocketType.Stream);
        try
        {
            socket.Connect(address);
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new UserErrorException($"{name} cannot be reached ({e.Message.TrimEnd('.')}); start the other side first, or listen here.", e);
        }
    }

    /// <summary>A socket of the address's family.</summary>
    public static Socket Create(EndPoint address, SocketType type)
        => new(address.AddressFamily, type, address is UnixDomainSocketEndPoint ? ProtocolType.Unspecified : type == SocketType.Dgram ? ProtocolType.Udp : ProtocolType.Tcp);

    private static bool Answers(EndPoint address)
    {
        using Socket probe = Create(address, SocketType.Stream);
        try
        {
            probe.Connect(address);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
