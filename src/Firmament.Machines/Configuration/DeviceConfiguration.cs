namespace Firmament.Machines.Configuration;

/// <summary>One device to add: a driver's name and its properties, as in QEMU's -device.</summary>
public sealed record DeviceConfiguration
{
    /// <summary>The canonical driver name, for example "virtio-blk-pci".</summary>
    public required string Driver { get; init; }

    /// <summary>Properties by name ("drive", "netdev", "mac", "chardev", "addr", "id"), values as written.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();

    /// <summary>A property's value, or null.</summary>
    public string? this[string property] => Properties.TryGetValue(property, out string? value) ? value : null;
}
