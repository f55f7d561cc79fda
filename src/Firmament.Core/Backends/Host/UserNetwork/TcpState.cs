namespace Firmament.Core.Backends.Host.UserNetwork;

/// <summary>States of a connection with the guest (RFC 9293, 3.3.2), and one before them.</summary>
internal enum TcpState
{
    /// <summary>The guest asked for a connection and the host's is being made; nothing was answered yet.</summary>
    Connecting,
    SynSent,
    SynReceived,
    Established,
    FinWait1,
    FinWait2,
    CloseWait,
    Closing,
    LastAck,
    TimeWait,
    Closed,
}
