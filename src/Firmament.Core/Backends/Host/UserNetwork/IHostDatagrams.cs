using System.Net;

namespace Firmament.Core.Backends.Host.UserNetwork;

/// <summary>A UDP socket of the host's. Never blocks and never throws; what cannot be sent is lost.</summary>
internal interface IHostDatagrams : IDisposable
{
    /// <summary>Sends one datagram.</summary>
    void Send(IPEndPoint to, ReadOnlySpan<byte> payload);
}
