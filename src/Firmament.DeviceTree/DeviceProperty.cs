namespace Firmament.DeviceTree;

/// <summary>A named value of a <see cref="DeviceNode"/>: bytes, big-endian where they hold numbers.</summary>
public sealed class DeviceProperty
{
    // Object, list slot and dictionary entry, rounded up.
    private const int Overhead = 128;

    internal DeviceProperty(string name, ReadOnlyMemory<byte> value)
    {
        Name = name;
        Value = value;
    }

    /// <summary>1 to 31 characters by IEEE 1275; longer names exist in flattened trees.</summary>
    public string Name { get; }

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Value { get; internal set; }

    internal long Footprint => FootprintOf(Name.Length, Value.Length);

    internal static long FootprintOf(int nameLength, int valueLength) => Overhead + (2L * nameLength) + valueLength;
}
