using Firmament.Core.Replay;

namespace Firmament.Core.Backends;

/// <summary>A backend whose frames, sent and received, are also written to a capture file.</summary>
/// <param name="inner">The backend that does the work; owned from now on.</param>
/// <param name="capture">Where copies go; owned from now on.</param>
public sealed class CapturingNetwork(INetworkBackend inner, PcapFile capture) : INetworkBackend
{
    /// <inheritdoc/>
    public void Send(ReadOnlySpan<byte> frame)
    {
        capture.Write(frame);
        inner.Send(frame);
    }

    /// <inheritdoc/>
    public void Attach(InputChannel toGuest) => inner.Attach(toGuest);

    /// <inheritdoc/>
    public void Acknowledge(ReadOnlySpan<byte> frame)
    {
        // Here, and not where it was posted, the frame has a virtual time.
        capture.Write(frame);
        inner.Acknowledge(frame);
    }

    /// <inheritdoc/>
    public void Settle() => inner.Settle();

    /// <inheritdoc/>
    public void Dispose()
    {
        inner.Dispose();
        capture.Dispose();
    }
}
