using System.Net;
using System.Net.Sockets;
using Firmament.Cli.Options;
using Firmament.Core;

namespace Firmament.Cli.Characters;

/// <summary>A TCP or Unix socket with one peer at a time. A server takes the next client when one has gone.</summary>
internal sealed class SocketCharacter : HostCharacter
{
    private readonly CharacterSpec _spec;
    private readonly Action<string> _note;
    private readonly EndPoint _address;
    private Socket? _listener;
    private volatile Socket? _peer;
    private volatile bool _disposed;
    private volatile bool _waiting;
    private volatile bool _sending;
    private Timer? _hurry;

    public SocketCharacter(CharacterSpec spec, Action<string> note)
        : base(spec.Id)
    {
        _spec = spec;
        _note = note;
        _address = SocketAddresses.Resolve(spec.Path, spec.Host, spec.Port);
    }

    /// <inheritdoc/>
    public override string Description => $"{(_spec.Path != null ? "unix:" + _spec.Path : $"tcp:{_spec.Host}:{_spec.Port}")}{(_spec.Server ? ",server=on" : "")}";

    /// <inheritdoc/>
    public override void Hurry()
    {
        const int Patience = 40;
        if (_waiting)
        {
            _disposed = true;
            _listener?.Dispose();
        }

        _hurry ??= new Timer(_ =>
        {
            if (_sending)
            {
                _peer?.Dispose();
            }
        }, null, Patience, Patience);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _disposed = true;
        _hurry?.Dispose();
        _listener?.Dispose();
        _peer?.Dispose();
        if (_listener != null && _spec.Path != null)
        {
            File.Delete(_spec.Path);
        }
    }

    /// <inheritdoc/>
    protected override void Open()
    {
        if (!_spec.Server)
        {
            _peer = SocketAddresses.Connect(_address, Description);
            StartThread($"socket {Id}", () => ReadUntilEnd(_peer));
            return;
        }

        _listener = SocketAddresses.Listen(_address, Description);
        if (_spec.Wait)
        {
            _note($"waiting for a connection on {Description}");
            AcceptFirst(_listener);
        }

        StartThread($"socket {Id}", Serve);
    }

    /// <inheritdoc/>
    protected override void Send(ReadOnlySpan<byte> bytes)
    {
        Socket? peer = _peer;
        if (peer == null)
        {
            return;
        }

        _sending = true;
        try
        {
            peer.SendTimeout = 1000;
            while (bytes.Length != 0)
            {
                bytes = bytes[peer.Send(bytes)..];
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // A peer that is gone, or does not read for a second, loses its connection; the guest goes on.
            _peer = null;
            peer.Dispose();
        }
        finally
        {
            _sending = false;
        }
    }

    private void AcceptFirst(Socket listener)
    {
        _waiting = true;
        try
        {
            _peer = listener.Accept();
        }
        catch (Exception e) when (_disposed && e is SocketException or ObjectDisposedException)
        {
            // The user ended the program while it waited.
        }
        finally
        {
            _waiting = false;
        }
    }

    private void Serve()
    {
        while (!_disposed)
        {
            try
            {
                Socket peer = _peer ?? _listener!.Accept();
                _peer = peer;
                ReadUntilEnd(peer);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                Thread.Sleep(_disposed ? 0 : 50);
            }
        }
    }

    private void ReadUntilEnd(Socket peer)
    {
        byte[] buffer = new byte[4096];
        try
        {
            for (int count = peer.Receive(buffer); count > 0; count = peer.Receive(buffer))
            {
                Received?.Invoke(buffer[..count]);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The same as an orderly end.
        }

        _peer = null;
        peer.Dispose();
    }
}
