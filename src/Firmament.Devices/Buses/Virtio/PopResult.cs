namespace Firmament.Devices.Buses.Virtio;

/// <summary>What <see cref="Virtqueue.Pop"/> found.</summary>
public enum PopResult
{
    /// <summary>The driver offered nothing.</summary>
    Empty,

    /// <summary>A chain.</summary>
    Chain,

    /// <summary>The ring is malformed; the device needs a reset.</summary>
    Broken,
}
