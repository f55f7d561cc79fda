using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Firmament.Core.Replay;

namespace Firmament.Core.Backends.Host;

/// <summary>
/// Ethernet frames over a stream socket, each after its length in 4 big-endian bytes: what QEMU's <c>-netdev stream</c> (and its older
/// <c>socket</c>) and passt speak. A server serves one peer at a time and waits for the next when it leaves; a client that loses its peer
/// stays silent.
/// </summary>
/// <remarks>
/// The only code here that runs on host threads are the socket's completion callbacks; they touch this object under its lock, and reach the
/// machine by <see cref="InputChannel.Post"/> alone. <see cref="Send"/> never blocks: what a slow peer leaves unread beyond 1 MiB is dropped.
/// </remarks>
public sealed class StreamNetworkBackend : INetworkBackend
{
    private const int HeaderLength = 4;
    private const int LongestFrame = 65536 + 14;
    private const int MostQueuedBytes = 1 << 20;
    private const int MostInFlight = 256;

    private readonly Lock _lock = new();
    private readonly Socket? _listener;
    private readonly SocketAsyncEventArgs _receive = new();
    private readonly SocketAsyncEventArgs _send = new();
    private readonly SocketAsyncEventArgs _accept = new();
    private readonly byte[] _input = new byte[HeaderLength + LongestFrame];
    private readonly Queue<byte[]> _output = [];
    private readonly string? _unixPath;
    private Socket? _peer;
    private InputChannel? _toGuest;
    private int _inputLength;
    private int _queuedBytes;
    private int _inFlight;
    private bool _isReceiving;
    private bool _isSending;
    private bool _isDisposed;

    private StreamNetworkBackend(Socket? listener, Socket? peer, string? unixPath)
    {
        _listener = listener;
        _peer = peer;
        _unixPath = unixPath;
        _receive.Completed += (_, _) => Completed(_receive, Received, ref _isReceiving, ReceiveMore);
        _send.Completed += (_, _) => Completed(_send, Sent, ref _isSending, SendMore);
        _accept.Completed += (_, _) => Accepted();
        _receive.SetBuffer(_input, 0, _input.Length);
    }

    /// <summary>True while a peer is connected.</summary>
    public bool IsConnected
    {
        get
        {
            lock (_lock)
            {
                return _peer != null;
            }
        }
    }

    /// <summary>Where a server listens; null for a client. Tells the port when port 0 was asked for.</summary>
    public EndPoint? LocalEndPoint => _listener?.LocalEndPoint;

    /// <summary>Connects to a server.</summary>
    /// <param name="address">A <see cref="UnixDomainSocketEndPoint"/>, <see cref="IPEndPoint"/> or <see cref="DnsEndPoint"/>.</param>
    /// <exception cref="BackendException">Nothing listens there.</exception>
    public static StreamNetworkBackend Connect(EndPoint address)
    {
        Socket socket = NewSocket(address);
        try
        {
            socket.Connect(address);
            return new StreamNetworkBackend(null, socket, null);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new BackendException($"nothing answers at network socket {address} ({e.SocketErrorCode}); start the peer first", e);
        }
    }

    /// <summary>Listens for a peer. Frames sent before one is there are dropped.</summary>
    /// <param name="address">A <see cref="UnixDomainSocketEndPoint"/> or an <see cref="IPEndPoint"/>, whose port may be 0.</param>
    /// <exception cref="BackendException">The address is taken or not ours.</exception>
    public static StreamNetworkBackend Listen(EndPoint address)
    {
        Socket socket = NewSocket(address);
        try
        {
            socket.Bind(address);
            socket.Listen(1);
            StreamNetworkBackend backend = new(socket, null, address is UnixDomainSocketEndPoint ? address.ToString() : null);
            lock (backend._lock)
            {
                backend.AcceptMore();
            }

            return backend;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new BackendException($"network socket {address} cannot be listened on ({e.SocketErrorCode}); choose another address or remove the old socket", e);
        }
    }

    /// <inheritdoc/>
    public void Attach(InputChannel toGuest)
    {
        lock (_lock)
        {
            _toGuest = toGuest;
            ReceiveMore();
        }
    }

    /// <inheritdoc/>
    public void Acknowledge(ReadOnlySpan<byte> frame)
    {
        lock (_lock)
        {
            _inFlight--;
            if (_inFlight == MostInFlight / 2 && !_isReceiving && PostFrames())
            {
                ReceiveMore();
            }
        }
    }

    /// <inheritdoc/>
    public void Send(ReadOnlySpan<byte> frame)
    {
        lock (_lock)
        {
            if (_peer == null || frame.Length > LongestFrame || _queuedBytes + frame.Length > MostQueuedBytes)
            {
                return;
            }

            byte[] message = new byte[HeaderLength + frame.Length];
            BinaryPrimitives.WriteInt32BigEndian(message, frame.Length);
            frame.CopyTo(message.AsSpan(HeaderLength));
            _output.Enqueue(message);
            _queuedBytes += message.Length;
            SendMore();
        }
    }

    /// <summary>Disconnects, and removes the socket file a server made.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            _peer?.Dispose();
            _peer = null;
            _listener?.Dispose();
        }

        if (_unixPath != null)
        {
            try
            {
                File.Delete(_unixPath);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The file is only a name by now.
            }
        }
    }

    private static Socket NewSocket(EndPoint address) => address is UnixDomainSocketEndPoint
        ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        : address is IPEndPoint ip
            ? new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private void Completed(SocketAsyncEventArgs operation, Func<SocketAsyncEventArgs, bool> take, ref bool isUnderWay, Action more)
    {
        lock (_lock)
        {
            isUnderWay = false;
            if (!_isDisposed && take(operation))
            {
                more();
            }
        }
    }

    private void Accepted()
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                _accept.AcceptSocket?.Dispose();
                return;
            }

            if (_accept.SocketError == SocketError.Success && _accept.AcceptSocket != null)
            {
                _peer = _accept.AcceptSocket;
                _inputLength = 0;
                ReceiveMore();
            }
            else if (_accept.SocketError is SocketError.ConnectionReset or SocketError.ConnectionAborted)
            {
                AcceptMore();
            }
        }
    }

    private void AcceptMore()
    {
        try
        {
            _accept.AcceptSocket = null;
            if (_listener != null && !_listener.AcceptAsync(_accept))
            {
                Accepted();
            }
        }
        catch (ObjectDisposedException)
        {
            // Dispose won the race.
        }
    }

    private void Disconnect()
    {
        // An operation of the old socket that is still under way keeps its flag until its callback; both start anew afterwards.
        _peer?.Dispose();
        _peer = null;
        _output.Clear();
        _queuedBytes = 0;
        _inputLength = 0;
        if (!_isReceiving && !_isSending && !_isDisposed)
        {
            AcceptMore();
        }
    }

    private bool Received(SocketAsyncEventArgs operation)
    {
        if (_peer == null || operation.SocketError != SocketError.Success || operation.BytesTransferred == 0)
        {
            Disconnect();
            return false;
        }

        _inputLength += operation.BytesTransferred;
        return PostFrames();
    }

    private bool PostFrames()
    {
        int start = 0;
        while (_inputLength - start >= HeaderLength && _inFlight < MostInFlight)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(_input.AsSpan(start));
            if (length > LongestFrame)
            {
                // The stream is out of step; there is no way back into it.
                Disconnect();
                return false;
            }

            if (_inputLength - start - HeaderLength < length)
            {
                break;
            }

            if (length != 0)
            {
                _inFlight++;
                _toGuest!.Post(_input.AsSpan(start + HeaderLength, (int)length).ToArray());
            }

            start += HeaderLength + (int)length;
        }

        _input.AsSpan(start, _inputLength - start).CopyTo(_input);
        _inputLength -= start;
        return true;
    }

    private void ReceiveMore()
    {
        while (!_isReceiving && _peer != null && _toGuest != null && _inFlight < MostInFlight && _inputLength < _input.Length)
        {
            try
            {
                _receive.SetBuffer(_inputLength, _input.Length - _inputLength);
                _isReceiving = true;
                if (_peer.ReceiveAsync(_receive))
                {
                    return;
                }
            }
            catch (ObjectDisposedException)
            {
                _isReceiving = false;
                return;
            }

            _isReceiving = false;
            if (!Received(_receive))
            {
                return;
            }
        }
    }

    private bool Sent(SocketAsyncEventArgs operation)
    {
        if (_peer == null || operation.SocketError != SocketError.Success)
        {
            Disconnect();
            return false;
        }

        byte[] message = _output.Peek();
        int done = operation.Offset + operation.BytesTransferred;
        if (done < message.Length)
        {
            operation.SetBuffer(message, done, message.Length - done);
        }
        else
        {
            _output.Dequeue();
            _queuedBytes -= message.Length;
            operation.SetBuffer(null, 0, 0);
        }

        return true;
    }

    private void SendMore()
    {
        while (!_isSending && _peer != null && _output.Count != 0)
        {
            try
            {
                if (_send.Buffer != _output.Peek())
                {
                    _send.SetBuffer(_output.Peek(), 0, _output.Peek().Length);
                }

                _isSending = true;
                if (_peer.SendAsync(_send))
                {
                    return;
                }
            }
            catch (ObjectDisposedException)
            {
                _isSending = false;
                return;
            }

            _isSending = false;
            if (!Sent(_send))
            {
                return;
            }
        }
    }
}
