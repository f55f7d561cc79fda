namespace Firmament.Machines.Configuration;

/// <summary>One network backend, and the card on it when the machine is to add one itself.</summary>
public sealed record NetworkConfiguration
{
    /// <summary>The name a device's netdev= refers to; null when none was given.</summary>
    public string? Id { get; init; }

    /// <summary>The host side.</summary>
    public NetworkBackendKind Kind { get; init; } = NetworkBackendKind.None;

    /// <summary>The card to add ("virtio-net-pci"), or null when a <see cref="DeviceConfiguration"/> brings the card.</summary>
    public string? Model { get; init; }

    /// <summary>The card's address as "52:54:00:12:34:56"; null for the default, counted up by card.</summary>
    public string? MacAddress { get; init; }

    /// <summary>
    /// The backend's parameters, ready for <see cref="HostServices.OpenNetwork"/>: "listen", "connect" (host:port), "path" (unix socket),
    /// "local", "remote" (datagrams, host:port); for a user network QEMU's names, see <see cref="Firmament.Core.Backends.Host.UserNetwork.UserNetworkOptions.Parse"/>.
    /// </summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>A file that gets a copy of every frame (libpcap format), or null.</summary>
    public string? CaptureFile { get; init; }

    /// <summary>Bytes of a frame that the capture keeps at most.</summary>
    public int CaptureLength { get; init; } = 65536;
}
