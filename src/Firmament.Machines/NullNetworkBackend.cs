using Firmament.Core.Backends;
using Firmament.Core.Replay;

namespace Firmament.Machines;

/// <summary>A cable that is plugged in nowhere.</summary>
internal sealed class NullNetworkBackend : INetworkBackend
{
    /// <inheritdoc/>
    public void Send(ReadOnlySpan<byte> frame)
    {
    }

    /// <inheritdoc/>
    public void Attach(InputChannel toGuest)
    {
    }

    /// <inheritdoc/>
    public void Acknowledge(ReadOnlySpan<byte> frame)
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
