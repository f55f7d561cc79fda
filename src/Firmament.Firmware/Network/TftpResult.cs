namespace Firmament.Firmware.Network;

/// <summary>What came of a transfer.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Length">Bytes taken; of a declined transfer, bytes of the file or −1.</param>
/// <param name="Message">Why it failed, for the user; "" otherwise.</param>
internal readonly record struct TftpResult(TftpStatus Status, long Length, string Message);
