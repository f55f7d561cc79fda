using Firmament.Core.Backends;
using Firmament.Core.Replay;

namespace Firmament.Machines.Configuration;

/// <summary>A network backend that also receives.</summary>
public interface INetworkConnection : INetworkBackend
{
    /// <summary>Starts posting received frames (no FCS), one a payload, to <paramref name="input"/>. Called once, before the first run.</summary>
    void Connect(InputChannel input);
}
