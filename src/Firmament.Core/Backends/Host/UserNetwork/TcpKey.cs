namespace Firmament.Core.Backends.Host.UserNetwork;

/// <summary>What tells connections apart: the guest's end and the other end as the guest sees it.</summary>
internal readonly record struct TcpKey(uint Guest, ushort GuestPort, uint Remote, ushort RemotePort);
