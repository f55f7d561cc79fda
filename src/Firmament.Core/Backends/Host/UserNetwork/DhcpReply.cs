namespace Firmament.Core.Backends.Host.UserNetwork;

/// <summary>What a DHCP server answers.</summary>
/// <param name="Message">The BOOTP message.</param>
/// <param name="Destination">The client's address, or broadcast.</param>
internal sealed record DhcpReply(byte[] Message, uint Destination);
