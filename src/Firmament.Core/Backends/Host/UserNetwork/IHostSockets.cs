using System.Net;
using System.Net.Sockets;

namespace Firmament.Core.Backends.Host.UserNetwork;

/// <summary>The host's sockets, as the protocols need them; a test has its own.</summary>
internal interface IHostSockets : IDisposable
{
    /// <summary>Where names are resolved, or null when the host has no name server.</summary>
    IPEndPoint? NameServer { get; }

    /// <summary>Starts a connection; null when the host has no socket left. The owner is told of the outcome, not before this returns.</summary>
    IHostStream? Connect(IPEndPoint to, IHostStreamOwner owner);

    /// <summary>Opens an unbound UDP socket; null when the host has none left.</summary>
    IHostDatagrams? OpenDatagrams(AddressFamily family, HostDatagramReceiver receiver);

    /// <summary>Accepts connections. Returns where it listens.</summary>
    /// <exception cref="BackendException">The address is taken or not ours.</exception>
    IPEndPoint Listen(IPEndPoint at, Action<IHostStream, IPEndPoint> accepted);

    /// <summary>Opens a UDP socket on a port. Returns where it is bound.</summary>
    /// <exception cref="BackendException">The address is taken or not ours.</exception>
    IPEndPoint Bind(IPEndPoint at, HostDatagramReceiver receiver, out IHostDatagrams datagrams);
}
