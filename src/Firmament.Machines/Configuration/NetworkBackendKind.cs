namespace Firmament.Machines.Configuration;

/// <summary>The host side of a network card.</summary>
public enum NetworkBackendKind
{
    /// <summary>Not connected: frames are dropped.</summary>
    None,

    /// <summary>Frames on a stream socket, each after its length in 4 big-endian bytes (QEMU's -netdev stream and socket).</summary>
    Stream,

    /// <summary>Frames as datagrams (QEMU's -netdev dgram).</summary>
    Datagram,

    /// <summary>A network of the guest's own behind the host's sockets (QEMU's -netdev user).</summary>
    User,
}
