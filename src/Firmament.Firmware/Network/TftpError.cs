namespace Firmament.Firmware.Network;

/// <summary>TFTP error codes (RFC 1350, appendix; RFC 2347).</summary>
internal enum TftpError : ushort
{
    NotDefined = 0,
    FileNotFound = 1,
    AccessViolation = 2,
    DiskFull = 3,
    IllegalOperation = 4,
    UnknownTransfer = 5,
    OptionRefused = 8,
}
