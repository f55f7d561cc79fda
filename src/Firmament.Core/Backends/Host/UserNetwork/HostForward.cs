using System.Net;

namespace Firmament.Core.Backends.Host.UserNetwork;

/// <summary>A port of the host that leads to a port of the guest.</summary>
/// <param name="IsDatagram">UDP; else TCP.</param>
/// <param name="Host">Where the host listens; port 0 takes a free one.</param>
/// <param name="Guest">The guest's address, or null for the first one DHCP gives out.</param>
/// <param name="GuestPort">The guest's port.</param>
public sealed record HostForward(bool IsDatagram, IPEndPoint Host, IPAddress? Guest, ushort GuestPort);
