using Firmament.Core.Backends.Host.UserNetwork;
using Firmament.Core.Replay;
using Firmament.Core.State;
using Firmament.Core.Time;
using Firmament.Firmware.Drivers;

namespace Firmament.Firmware.Tests.Network;

/// <summary>A card on the user network that machines have, with its thread.</summary>
internal sealed class UserNetworkBridge : INetworkDriver, IDisposable
{
    private readonly InputJournal _journal = new();
    private readonly Queue<byte[]> _inbox = new();
    private readonly UserNetworkBackend _backend;

    public UserNetworkBridge(FakePlatform platform, UserNetworkOptions options)
    {
        _backend = new UserNetworkBackend(options);
        _backend.Attach(_journal.CreateChannel("net", frame =>
        {
            _inbox.Enqueue(frame);
            _backend.Acknowledge(frame);
        }));
        platform.Waiter = duration =>
        {
            // As a machine does: time passes only where the network has nothing more to say.
            _backend.Settle();
            platform.Now += _journal.Drain() > 0 ? VirtualTime.Zero : duration;
            return true;
        };
    }

    public ReadOnlySpan<byte> MacAddress => FakeCard.Station;

    public bool TryStart() => true;

    public void Stop()
    {
    }

    public bool TrySend(ReadOnlySpan<byte> frame)
    {
        _backend.Send(frame);
        return true;
    }

    public int Receive(Span<byte> frame)
    {
        if (!_inbox.TryDequeue(out byte[]? next))
        {
            return 0;
        }

        next.CopyTo(frame);
        return next.Length;
    }

    public void Visit(StateVisitor state)
    {
    }

    public void Dispose() => _backend.Dispose();
}
