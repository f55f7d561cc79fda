using System.Buffers.Binary;
using System.Net.Sockets;
using Firmament.Core.Replay;
using Firmament.Machines.Configuration;

namespace Firmament.Cli.Network;

/// <summary>Ethernet frames on a stream socket, each after its length in 4 big-endian bytes (QEMU net/stream.c and net/socket.c agree on this format).</summary>
internal sealed class StreamConnection : INetworkConnection
{
    private const int LongestFrame = 65550;
    private readonly Socket? _listener;
    private readonly Lock _gate = new();
    private volatile Socket? _peer;
    private volatile bool _disposed;

    /// <param name="listener">Accepts one peer after another; or null.</param>
    /// <param name="peer">The connected peer; or null.</param>
    public StreamConnection(Socket? listener, Socket? peer)
    {
        _listener = listener;
        _peer = peer;
    }

    /// <inheritdoc/>
    public void Connect(InputChannel input)
        => new Thread(() => Serve(input)) { IsBackground = true, Name = "network" }.Start();

    /// <inheritdoc/>
    public void Send(ReadOnlySpan<byte> frame)
    {
        Socket? peer = _peer;
        if (peer == null || frame.Length > LongestFrame)
        {
            return;
        }

        byte[] message = new byte[4 + frame.Length];
        BinaryPrimitives.WriteInt32BigEndian(message, frame.Length);
        frame.CopyTo(message.AsSpan(4));
        lock (_gate)
        {
            try
            {
                peer.SendTimeout = 1000;
                for (int sent = 0; sent < message.Length;)
                {
                    sent += peer.Send(message.AsSpan(sent));
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                Drop(peer);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        _listener?.Dispose();
        _peer?.Dispose();
    }

    private void Serve(InputChannel input)
    {
        while (!_disposed)
        {
            try
            {
                Socket peer = _peer ?? _listener!.Accept();
                _peer = peer;
                ReceiveFrames(peer, input);
                Drop(peer);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                if (_peer is { } lost)
                {
                    Drop(lost);
                }
            }

            if (_listener == null)
            {
                return;
            }
        }
    }

    private static void ReceiveFrames(Socket peer, InputChannel input)
    {
        byte[] length = new byte[4];
        while (Fill(peer, length))
        {
            int size = BinaryPrimitives.ReadInt32BigEndian(length);
            if (size is < 0 or > LongestFrame)
            {
                // Not this protocol; what follows cannot be told apart any more.
                return;
            }

            byte[] frame = new byte[size];
            if (!Fill(peer, frame))
            {
                return;
            }

            input.Post(frame);
        }
    }

    private static bool Fill(Socket peer, Span<byte> buffer)
    {
        while (buffer.Length != 0)
        {
            int count = peer.Receive(buffer);
            if (count == 0)
            {
                return false;
            }

            buffer = buffer[count..];
        }

        return true;
    }

    private void Drop(Socket peer)
    {
        _peer = null;
        peer.Dispose();
    }
}
