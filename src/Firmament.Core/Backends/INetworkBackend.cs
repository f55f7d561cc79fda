namespace Firmament.Core.Backends;

/// <summary>The host end of a network card. Frames from the host arrive through an <see cref="Replay.InputChannel"/>.</summary>
public interface INetworkBackend : IDisposable
{
    /// <summary>Sends one Ethernet frame (no FCS). Drops it when the peer is gone.</summary>
    void Send(ReadOnlySpan<byte> frame);
}
