using System.Buffers.Binary;
using System.Text;

namespace Firmament.DeviceTree;

/// <content>The properties of a node.</content>
public sealed partial class DeviceNode
{
    /// <summary>Longest property name that is found by bytes or read from a flattened tree. IEEE 1275 has 31.</summary>
    public const int MaxPropertyNameLength = 255;

    private readonly List<DeviceProperty> _properties = [];
    private readonly Dictionary<string, int> _propertyIndex = new(StringComparer.Ordinal);

    /// <summary>Properties in order of creation.</summary>
    public IReadOnlyList<DeviceProperty> Properties => _properties;

    /// <summary>The property, or null.</summary>
    public DeviceProperty? this[string property] =>
        _propertyIndex.TryGetValue(property, out int index) ? _properties[index] : null;

    /// <summary>The property, or null; allocates nothing.</summary>
    /// <param name="latin1Name">The name in ISO 8859-1, without the NUL.</param>
    public DeviceProperty? Find(ReadOnlySpan<byte> latin1Name)
    {
        int index = IndexOf(latin1Name);
        return index < 0 ? null : _properties[index];
    }

    /// <summary>Sets a property to raw bytes, creating it at the end or replacing the value in place. The bytes are not copied.</summary>
    /// <exception cref="ArgumentException">The name is empty, or not ISO 8859-1, or has a NUL.</exception>
    public DeviceNode Set(string property, ReadOnlyMemory<byte> value)
    {
        if (_propertyIndex.TryGetValue(property, out int index))
        {
            Charge(value.Length - _properties[index].Value.Length);
            _properties[index].Value = value;
        }
        else
        {
            if (property.Length == 0 || property.AsSpan().ContainsAnyExceptInRange('\u0001', '\u00ff'))
            {
                throw new ArgumentException($"\"{property}\" cannot name a property: use ISO 8859-1 characters", nameof(property));
            }

            DeviceProperty added = new(property, value);
            _propertyIndex.Add(property, _properties.Count);
            _properties.Add(added);
            Charge(added.Footprint);
        }

        Tree.Touch();
        return this;
    }

    /// <summary>
    /// Sets a property to a copy of bytes that come from a guest. False, with nothing changed, when the name is empty or longer
    /// than <see cref="MaxPropertyNameLength"/> or has a NUL, or when the tree would pass <see cref="DeviceTree.FootprintLimit"/>.
    /// </summary>
    /// <param name="latin1Name">The name in ISO 8859-1, without the NUL.</param>
    /// <param name="value">The bytes.</param>
    public bool TrySet(ReadOnlySpan<byte> latin1Name, ReadOnlySpan<byte> value)
    {
        if (latin1Name.IsEmpty || latin1Name.Length > MaxPropertyNameLength || latin1Name.Contains((byte)0))
        {
            return false;
        }

        int index = IndexOf(latin1Name);
        long growth = index < 0
            ? DeviceProperty.FootprintOf(latin1Name.Length, value.Length)
            : value.Length - _properties[index].Value.Length;
        if (growth > 0 && Tree.Footprint + growth > Tree.FootprintLimit)
        {
            return false;
        }

        Set(index < 0 ? Encoding.Latin1.GetString(latin1Name) : _properties[index].Name, value.ToArray());
        return true;
    }

    /// <summary>Sets a property without a value.</summary>
    public DeviceNode SetEmpty(string property) => Set(property, ReadOnlyMemory<byte>.Empty);

    /// <summary>Sets a property to a NUL-terminated string.</summary>
    public DeviceNode SetString(string property, string value) => SetStrings(property, value);

    /// <summary>Sets a property to NUL-terminated strings one after the other (ISO 8859-1).</summary>
    public DeviceNode SetStrings(string property, params ReadOnlySpan<string> values)
    {
        StringBuilder text = new();
        foreach (string value in values)
        {
            text.Append(value).Append('\0');
        }

        return Set(property, Encoding.Latin1.GetBytes(text.ToString()));
    }

    /// <summary>Sets a property to big-endian 32-bit cells.</summary>
    public DeviceNode SetCells(string property, params ReadOnlySpan<uint> cells)
    {
        byte[] value = new byte[cells.Length * 4];
        for (int i = 0; i < cells.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(value.AsSpan(i * 4), cells[i]);
        }

        return Set(property, value);
    }

    /// <summary>Removes a property. False when it did not exist.</summary>
    public bool RemoveProperty(string property)
    {
        if (!_propertyIndex.Remove(property, out int index))
        {
            return false;
        }

        Charge(-_properties[index].Footprint);
        _properties.RemoveAt(index);
        for (int i = index; i < _properties.Count; i++)
        {
            _propertyIndex[_properties[i].Name] = i;
        }

        Tree.Touch();
        return true;
    }

    /// <summary>The property after <paramref name="previous"/> in order; the first for null. Null at the end.</summary>
    /// <param name="previous">A property's name, or null.</param>
    /// <param name="found">False when <paramref name="previous"/> names no property.</param>
    public DeviceProperty? NextProperty(string? previous, out bool found)
    {
        int index = -1;
        found = previous == null || _propertyIndex.TryGetValue(previous, out index);
        return found && index + 1 < _properties.Count ? _properties[index + 1] : null;
    }

    /// <summary>As <see cref="NextProperty(string?, out bool)"/>, from bytes; an empty name asks for the first.</summary>
    public DeviceProperty? NextProperty(ReadOnlySpan<byte> latin1Previous, out bool found)
    {
        int index = latin1Previous.IsEmpty ? -1 : IndexOf(latin1Previous);
        found = latin1Previous.IsEmpty || index >= 0;
        return found && index + 1 < _properties.Count ? _properties[index + 1] : null;
    }

    /// <summary>A 32-bit cell of a property. False when the property is absent or too short.</summary>
    public bool TryGetCell(string property, int index, out uint cell)
    {
        ReadOnlyMemory<byte> value = this[property]?.Value ?? default;
        bool ok = index >= 0 && index < value.Length / 4;
        cell = ok ? BinaryPrimitives.ReadUInt32BigEndian(value.Span[(index * 4)..]) : 0;
        return ok;
    }

    /// <summary>The first NUL-terminated string of a property, or null.</summary>
    public string? GetString(string property)
    {
        if (this[property] is not { } found)
        {
            return null;
        }

        ReadOnlySpan<byte> bytes = found.Value.Span;
        int end = bytes.IndexOf((byte)0);
        return Encoding.Latin1.GetString(end < 0 ? bytes : bytes[..end]);
    }

    private void Charge(long bytes)
    {
        if (IsInTree)
        {
            Tree.Charge(bytes);
        }
    }

    private int IndexOf(ReadOnlySpan<byte> latin1Name)
    {
        if (latin1Name.Length > MaxPropertyNameLength)
        {
            return -1;
        }

        // Names have 31 characters by IEEE 1275; the larger buffer costs more to clear than the lookup itself.
        Span<char> name = latin1Name.Length <= 32 ? stackalloc char[32] : stackalloc char[MaxPropertyNameLength];
        int length = Encoding.Latin1.GetChars(latin1Name, name);
        return _propertyIndex.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name[..length], out int index) ? index : -1;
    }
}
