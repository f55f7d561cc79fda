using Firmament.Core.Replay;

namespace Firmament.Core.Backends;

/// <summary>A repeater with any number of ports: a frame sent into one comes out of all others. For tests and for two cards on one wire.</summary>
public sealed class NetworkHub
{
    private const int MostInFlight = 256;

    private readonly List<Port> _ports = [];
    private readonly Lock _lock = new();

    /// <summary>Makes a port; dispose it to unplug.</summary>
    public INetworkBackend CreatePort()
    {
        Port port = new(this);
        lock (_lock)
        {
            _ports.Add(port);
        }

        return port;
    }

    private void Repeat(Port from, ReadOnlySpan<byte> frame)
    {
        lock (_lock)
        {
            foreach (Port port in _ports)
            {
                if (port != from)
                {
                    port.Take(frame);
                }
            }
        }
    }

    private void Unplug(Port port)
    {
        lock (_lock)
        {
            _ports.Remove(port);
        }
    }

    private sealed class Port(NetworkHub hub) : INetworkBackend
    {
        private InputChannel? _toGuest;
        private int _inFlight;

        public void Send(ReadOnlySpan<byte> frame) => hub.Repeat(this, frame);

        public void Attach(InputChannel toGuest) => _toGuest = toGuest;

        public void Acknowledge(ReadOnlySpan<byte> frame) => Interlocked.Decrement(ref _inFlight);

        public void Take(ReadOnlySpan<byte> frame)
        {
            // A repeater has no memory: what a slow listener cannot take is lost.
            if (_toGuest != null && Volatile.Read(ref _inFlight) < MostInFlight)
            {
                Interlocked.Increment(ref _inFlight);
                _toGuest.Post(frame.ToArray());
            }
        }

        public void Dispose() => hub.Unplug(this);
    }
}
