using Firmament.Core.Backends;
using Firmament.Core.Replay;

namespace Firmament.Machines.Tests.Drivers;

/// <summary>A host end that sends every frame back to whom it came from, when it is told to.</summary>
internal sealed class EchoNetwork : INetworkBackend
{
    private InputChannel? _guest;

    public List<byte[]> Sent { get; } = [];

    public void Send(ReadOnlySpan<byte> frame)
    {
        Sent.Add(frame.ToArray());
        byte[] answer = frame.ToArray();
        frame[6..12].CopyTo(answer);
        frame[..6].CopyTo(answer.AsSpan(6));
        _guest!.Post(answer);
    }

    public void Post(byte[] frame) => _guest!.Post(frame);

    public void Attach(InputChannel toGuest) => _guest = toGuest;

    public void Acknowledge(ReadOnlySpan<byte> frame)
    {
    }

    public void Dispose()
    {
    }
}
