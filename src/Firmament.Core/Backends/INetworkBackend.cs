using Firmament.Core.Replay;

namespace Firmament.Core.Backends;

/// <summary>The host end of a network card. Frames from the host arrive through an <see cref="InputChannel"/>.</summary>
public interface INetworkBackend : IDisposable
{
    /// <summary>Sends one Ethernet frame (no FCS). Drops it when the peer is gone.</summary>
    void Send(ReadOnlySpan<byte> frame);

    /// <summary>Starts posting the frames that come from the host to <paramref name="toGuest"/>. The card calls it once.</summary>
    void Attach(InputChannel toGuest);

    /// <summary>
    /// The machine took this posted frame. A backend stops reading while too many are on their way, so that a peer that floods a
    /// paused machine fills its own socket and not our memory. Called on the machine's thread.
    /// </summary>
    void Acknowledge(ReadOnlySpan<byte> frame);

    /// <summary>
    /// Returns when the backend has posted what it answers by itself to the frames sent so far, or after a second at most. An idle machine calls it
    /// before it skips time, or the guest would see its timeouts pass before an answer that takes the host microseconds. On the machine's thread.
    /// </summary>
    void Settle()
    {
    }
}
