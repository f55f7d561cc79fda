namespace Firmament.DeviceTree;

/// <summary>A named value of a <see cref="DeviceNode"/>: bytes, big-endian where they hold numbers.</summary>
public sealed class DeviceProperty
{
    internal DeviceProperty(string name, ReadOnlyMemory<byte> value)
    {
        Name = name;
        Value = value;
    }

    /// <summary>1 to 31 characters by IEEE 1275; longer names exist in flattened trees.</summary>
    public string Name { get; }

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Value { get; internal set; }
}
