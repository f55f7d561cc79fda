namespace Firmament.Firmware.Network;

/// <summary>Codes of DHCP and BOOTP options. Sources: RFC 2132, 4578.</summary>
internal static class BootpOption
{
    public const byte SubnetMask = 1;
    public const byte Router = 3;
    public const byte NameServer = 6;
    public const byte HostName = 12;
    public const byte DomainName = 15;
    public const byte RootPath = 17;
    public const byte Vendor = 43;
    public const byte RequestedAddress = 50;
    public const byte LeaseTime = 51;
    public const byte Kind = 53;
    public const byte Server = 54;
    public const byte ParameterList = 55;
    public const byte LargestMessage = 57;
    public const byte ClassName = 60;
    public const byte TftpServerName = 66;
    public const byte BootFile = 67;
    public const byte Architecture = 93;
    public const byte End = 255;
}
