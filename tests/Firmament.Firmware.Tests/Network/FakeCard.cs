using Firmament.Core.State;
using Firmament.Core.Time;
using Firmament.Firmware.Drivers;

namespace Firmament.Firmware.Tests.Network;

/// <summary>A card on a wire on which things happen at virtual times.</summary>
internal sealed class FakeCard : INetworkDriver
{
    private readonly FakePlatform _platform;
    private readonly PriorityQueue<Action, (long Due, int Order)> _events = new();
    private readonly Queue<byte[]> _inbox = new();
    private int _order;

    public FakeCard(FakePlatform platform)
    {
        _platform = platform;
        platform.Waiter = Wait;
    }

    public static byte[] Station { get; } = [0x52, 0x54, 0x00, 0x12, 0x34, 0x56];

    public ReadOnlySpan<byte> MacAddress => Station;

    public bool CanStart { get; set; } = true;

    public int Starts { get; private set; }

    /// <summary>Frames the firmware sent.</summary>
    public List<byte[]> Sent { get; } = [];

    /// <summary>Takes each frame that is sent.</summary>
    public Action<byte[]>? Peer { get; set; }

    /// <summary>When the user stops the run.</summary>
    public VirtualTime StopsAt { get; set; } = VirtualTime.Never;

    /// <summary>Gives a frame on each call.</summary>
    public byte[]? Flood { get; set; }

    public int Received { get; private set; }

    public void At(VirtualTime delay, Action action) => _events.Enqueue(action, ((_platform.Now + delay).Nanoseconds, _order++));

    public void Deliver(byte[] frame, VirtualTime delay = default) => At(delay, () => _inbox.Enqueue(frame));

    public bool TryStart()
    {
        Starts += CanStart ? 1 : 0;
        return CanStart;
    }

    public void Stop() => Starts--;

    public bool TrySend(ReadOnlySpan<byte> frame)
    {
        Assert.True(Starts > 0);
        Assert.InRange(frame.Length, 14, 1514);
        byte[] copy = frame.ToArray();
        if (Sent.Count < 1000)
        {
            Sent.Add(copy);
        }

        Peer?.Invoke(copy);
        return true;
    }

    public int Receive(Span<byte> frame)
    {
        Assert.True(Starts > 0);
        Happen();
        byte[]? next = _inbox.TryDequeue(out byte[]? waiting) ? waiting : Flood;
        if (next == null)
        {
            return 0;
        }

        Received++;
        int length = Math.Min(next.Length, frame.Length);
        next.AsSpan(0, length).CopyTo(frame);
        return length;
    }

    public void Visit(StateVisitor state)
    {
    }

    private bool Wait(VirtualTime duration)
    {
        VirtualTime end = _platform.Now + duration;
        if (_events.TryPeek(out _, out (long Due, int Order) next) && next.Due < end.Nanoseconds)
        {
            end = new VirtualTime(Math.Max(next.Due, _platform.Now.Nanoseconds));
        }

        _platform.Now = end;
        Happen();
        return _platform.Now < StopsAt;
    }

    private void Happen()
    {
        while (_events.TryPeek(out Action? action, out (long Due, int Order) next) && next.Due <= _platform.Now.Nanoseconds)
        {
            _events.Dequeue();
            action();
        }
    }
}
