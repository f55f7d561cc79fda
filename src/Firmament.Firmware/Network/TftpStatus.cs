namespace Firmament.Firmware.Network;

/// <summary>How a transfer ended.</summary>
internal enum TftpStatus
{
    /// <summary>All of the file was taken.</summary>
    Complete,

    /// <summary>Whoever takes the file wants no more of it.</summary>
    Declined,

    /// <summary>The server refused, or broke the protocol.</summary>
    Failed,

    /// <summary>The server is silent.</summary>
    NoAnswer,

    /// <summary>The platform was asked to stop.</summary>
    Stopped,
}
