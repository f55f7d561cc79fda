using System.Net;

namespace Firmament.Core.Backends.Host.UserNetwork;

/// <summary>Takes a datagram that came in.</summary>
internal delegate void HostDatagramReceiver(IPEndPoint from, ReadOnlySpan<byte> payload);
