namespace Firmament.Firmware.Network;

/// <summary>DHCP message types (RFC 2132, 9.6).</summary>
internal enum DhcpKind : byte
{
    /// <summary>BOOTP, which has none.</summary>
    None = 0,
    Discover = 1,
    Offer = 2,
    Request = 3,
    Ack = 5,
    Nak = 6,
}
