using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Firmament.Core.Backends.Host.UserNetwork;

/// <summary>The host's sockets, all watched by the one thread that calls <see cref="Wait"/>; only <see cref="Wake"/> may come from others.</summary>
internal sealed class HostSockets : IHostSockets
{
    private readonly ResolverConfiguration _resolver = new();
    private readonly List<HostStream> _streams = [];
    private readonly List<HostDatagrams> _datagrams = [];
    private readonly List<(Socket Socket, Action<IHostStream, IPEndPoint> Accepted)> _listeners = [];
    private readonly ConcurrentQueue<(HostStream Stream, SocketError Error)> _connected = new();
    private readonly Socket _wake;
    private readonly byte[] _buffer = new byte[65536];
    private readonly List<Socket> _readable = [];
    private readonly List<Socket> _writable = [];
    private int _isAwake;

    public HostSockets()
    {
        // A UDP socket connected to itself: whatever is sent to it makes it readable.
        _wake = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        _wake.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _wake.Connect(_wake.LocalEndPoint!);
    }

    /// <inheritdoc/>
    public IPEndPoint? NameServer => _resolver.NameServer;

    /// <inheritdoc/>
    public IHostStream? Connect(IPEndPoint to, IHostStreamOwner owner)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            HostStream stream = new(this, socket) { Owner = owner };
            SocketAsyncEventArgs operation = new() { RemoteEndPoint = to };
            operation.Completed += (_, done) => Finished(stream, done);
            _streams.Add(stream);
            if (!socket.ConnectAsync(operation))
            {
                Finished(stream, operation);
            }

            return stream;
        }
        catch (SocketException)
        {
            socket?.Dispose();
            return null;
        }
    }

    /// <inheritdoc/>
    public IHostDatagrams? OpenDatagrams(AddressFamily family, HostDatagramReceiver receiver)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(family, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
            socket.Bind(new IPEndPoint(family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0));
            HostDatagrams datagrams = new(this, socket, receiver);
            _datagrams.Add(datagrams);
            return datagrams;
        }
        catch (SocketException)
        {
            socket?.Dispose();
            return null;
        }
    }

    /// <inheritdoc/>
    public IPEndPoint Listen(IPEndPoint at, Action<IHostStream, IPEndPoint> accepted)
    {
        const int Backlog = 16;
        Socket socket = new(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        Occupy(socket, at, "tcp");
        socket.Listen(Backlog);
        _listeners.Add((socket, accepted));
        return (IPEndPoint)socket.LocalEndPoint!;
    }

    /// <inheritdoc/>
    public IPEndPoint Bind(IPEndPoint at, HostDatagramReceiver receiver, out IHostDatagrams datagrams)
    {
        Socket socket = new(at.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        Occupy(socket, at, "udp");
        HostDatagrams bound = new(this, socket, receiver);
        _datagrams.Add(bound);
        datagrams = bound;
        return (IPEndPoint)socket.LocalEndPoint!;
    }

    /// <summary>Ends the wait of now, or the next one. Any thread.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _isAwake, 1) == 0)
        {
            try
            {
                _wake.Send([0]);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // Full of earlier calls, or gone.
            }
        }
    }

    /// <summary>Waits until something happens or the time is over, and tells the owners.</summary>
    public void Wait(long milliseconds)
    {
        const long Longest = 1000;
        _readable.Clear();
        _writable.Clear();
        _readable.Add(_wake);
        foreach ((Socket socket, _) in _listeners)
        {
            _readable.Add(socket);
        }

        foreach (HostDatagrams datagrams in _datagrams)
        {
            _readable.Add(datagrams.Socket);
        }

        foreach (HostStream stream in _streams)
        {
            if (stream.WantsInput)
            {
                _readable.Add(stream.Socket);
            }

            if (stream.WantsOutput)
            {
                _writable.Add(stream.Socket);
            }
        }

        try
        {
            Socket.Select(_readable, _writable, null, (int)Math.Clamp(milliseconds, 0, Longest) * 1000);
        }
        catch (SocketException)
        {
            // One of them broke; its owner finds out when it uses it.
        }

        // Cleared before the queues are looked at, so that whoever fills one after that wakes us again.
        Volatile.Write(ref _isAwake, 0);
        while (_readable.Remove(_wake))
        {
            _wake.Receive(_buffer, SocketFlags.None, out _);
        }

        Tell();
    }

    /// <summary>Forgets a socket that its owner closed.</summary>
    public void Remove(HostStream stream) => _streams.Remove(stream);

    /// <summary>Forgets a socket that its owner closed.</summary>
    public void Remove(HostDatagrams datagrams) => _datagrams.Remove(datagrams);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (HostStream stream in _streams.ToArray())
        {
            stream.Dispose();
        }

        foreach (HostDatagrams datagrams in _datagrams.ToArray())
        {
            datagrams.Dispose();
        }

        foreach ((Socket socket, _) in _listeners)
        {
            socket.Dispose();
        }

        _wake.Dispose();
    }

    private static void Occupy(Socket socket, IPEndPoint at, string protocol)
    {
        try
        {
            if (socket.SocketType == SocketType.Stream)
            {
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            }

            socket.Bind(at);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new BackendException($"{protocol} port {at} cannot be forwarded to the guest ({e.SocketErrorCode}); give hostfwd= another port or address", e);
        }
    }

    private void Finished(HostStream stream, SocketAsyncEventArgs operation)
    {
        _connected.Enqueue((stream, operation.SocketError));
        operation.Dispose();
        Wake();
    }

    private void Tell()
    {
        while (_connected.TryDequeue(out (HostStream Stream, SocketError Error) done))
        {
            if (!_streams.Contains(done.Stream))
            {
                continue;
            }

            if (done.Error == SocketError.Success)
            {
                done.Stream.Socket.Blocking = false;
                done.Stream.Owner?.Connected();
            }
            else
            {
                done.Stream.Owner?.Failed();
            }
        }

        HashSet<Socket> readable = [.. _readable];
        HashSet<Socket> writable = [.. _writable];
        foreach ((Socket socket, Action<IHostStream, IPEndPoint> accepted) in _listeners)
        {
            if (readable.Contains(socket))
            {
                Accept(socket, accepted);
            }
        }

        foreach (HostDatagrams datagrams in _datagrams.Where(datagrams => readable.Contains(datagrams.Socket)).ToArray())
        {
            datagrams.Receive(_buffer);
        }

        foreach (HostStream stream in _streams.Where(stream => readable.Contains(stream.Socket) || writable.Contains(stream.Socket)).ToArray())
        {
            if (writable.Contains(stream.Socket) && _streams.Contains(stream))
            {
                stream.Owner?.Writable();
            }

            if (readable.Contains(stream.Socket) && _streams.Contains(stream))
            {
                stream.Owner?.Readable();
            }
        }
    }

    private void Accept(Socket listener, Action<IHostStream, IPEndPoint> accepted)
    {
        try
        {
            Socket socket = listener.Accept();
            socket.Blocking = false;
            socket.NoDelay = true;
            HostStream stream = new(this, socket);
            _streams.Add(stream);
            accepted(stream, (IPEndPoint)socket.RemoteEndPoint!);
        }
        catch (SocketException)
        {
            // The peer left again, or the host has no socket left.
        }
    }
}
