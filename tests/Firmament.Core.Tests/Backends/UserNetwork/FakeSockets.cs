using System.Net;
using System.Net.Sockets;
using Firmament.Core.Backends.Host.UserNetwork;

namespace Firmament.Core.Tests.Backends.UserNetwork;

/// <summary>The host's sockets as a test plays them.</summary>
internal sealed class FakeSockets : IHostSockets
{
    public List<FakeStream> Streams { get; } = [];

    public List<FakeDatagrams> Datagrams { get; } = [];

    public Dictionary<IPEndPoint, Action<IHostStream, IPEndPoint>> Listeners { get; } = [];

    public bool HasSockets { get; set; } = true;

    public IPEndPoint? NameServer { get; set; } = new(IPAddress.Parse("192.0.2.53"), 53);

    public IHostStream? Connect(IPEndPoint to, IHostStreamOwner owner)
    {
        if (!HasSockets)
        {
            return null;
        }

        FakeStream stream = new() { To = to, Owner = owner };
        Streams.Add(stream);
        return stream;
    }

    public IHostDatagrams? OpenDatagrams(AddressFamily family, HostDatagramReceiver receiver)
    {
        FakeDatagrams datagrams = new() { Receiver = receiver };
        Datagrams.Add(datagrams);
        return HasSockets ? datagrams : null;
    }

    public IPEndPoint Listen(IPEndPoint at, Action<IHostStream, IPEndPoint> accepted)
    {
        Listeners.Add(at, accepted);
        return at;
    }

    public IPEndPoint Bind(IPEndPoint at, HostDatagramReceiver receiver, out IHostDatagrams datagrams)
    {
        FakeDatagrams bound = new() { Receiver = receiver };
        Datagrams.Add(bound);
        datagrams = bound;
        return at;
    }

    public void Dispose()
    {
    }
}

internal sealed class FakeDatagrams : IHostDatagrams
{
    public required HostDatagramReceiver Receiver { get; init; }

    public List<(IPEndPoint To, byte[] Payload)> Sent { get; } = [];

    public bool IsDisposed { get; private set; }

    public void Send(IPEndPoint to, ReadOnlySpan<byte> payload) => Sent.Add((to, payload.ToArray()));

    public void Dispose() => IsDisposed = true;
}

internal sealed class FakeStream : IHostStream
{
    private readonly Queue<byte> _input = [];

    public IPEndPoint? To { get; init; }

    public IHostStreamOwner? Owner { get; set; }

    public bool WantsInput { get; set; }

    public bool WantsOutput { get; set; }

    public List<byte> Output { get; } = [];

    /// <summary>Bytes the peer takes before it is full.</summary>
    public int Room { get; set; } = int.MaxValue;

    public bool InputEnds { get; set; }

    public bool IsBroken { get; set; }

    public bool OutputEnded { get; private set; }

    public bool IsAborted { get; private set; }

    public bool IsDisposed { get; private set; }

    /// <summary>The peer sends.</summary>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            _input.Enqueue(b);
        }

        Pump();
    }

    /// <summary>Tells the owner for as long as it wants to read and there is something.</summary>
    public void Pump()
    {
        while (WantsInput && !IsDisposed && (_input.Count != 0 || InputEnds || IsBroken))
        {
            Owner!.Readable();
        }
    }

    public int Receive(Span<byte> destination)
    {
        if (IsBroken)
        {
            return IHostStream.Broken;
        }

        int count = Math.Min(destination.Length, _input.Count);
        for (int i = 0; i < count; i++)
        {
            destination[i] = _input.Dequeue();
        }

        return count != 0 ? count : InputEnds ? IHostStream.Ended : 0;
    }

    public int Send(ReadOnlySpan<byte> source)
    {
        if (IsBroken)
        {
            return IHostStream.Broken;
        }

        int count = Math.Min(source.Length, Room);
        Output.AddRange(source[..count]);
        Room -= count;
        return count;
    }

    public void EndOutput() => OutputEnded = true;

    public void Abort()
    {
        IsAborted = true;
        Dispose();
    }

    public void Dispose() => IsDisposed = true;
}
