using System.Buffers.Binary;
using System.Text;

namespace Firmament.DeviceTree;

/// <summary>
/// One node of a live device tree: a name with an optional unit address, ordered properties, ordered children, and a phandle
/// that stays the same for the node's life. Lookups are hash lookups.
/// </summary>
public sealed class DeviceNode
{
    private readonly List<DeviceNode> _children = [];
    private readonly List<DeviceProperty> _properties = [];
    private readonly Dictionary<string, int> _propertyIndex = new(StringComparer.Ordinal);

    internal DeviceNode(DeviceTree tree, DeviceNode? parent, string name, uint phandle)
    {
        Tree = tree;
        Parent = parent;
        Name = name;
        Phandle = phandle;
        int at = name.IndexOf('@', StringComparison.Ordinal);
        BaseName = at < 0 ? name : name[..at];
        UnitAddress = at < 0 ? null : name[(at + 1)..];
    }

    /// <summary>The tree it belongs to.</summary>
    public DeviceTree Tree { get; }

    /// <summary>Null for the root, and for a node that was removed.</summary>
    public DeviceNode? Parent { get; internal set; }

    /// <summary>The component as it stands in a path, for example "pci@80000000"; "" for the root.</summary>
    public string Name { get; }

    /// <summary>The name without the unit address.</summary>
    public string BaseName { get; }

    /// <summary>What follows "@", or null.</summary>
    public string? UnitAddress { get; }

    /// <summary>The handle a client sees; never 0 or 0xffffffff.</summary>
    public uint Phandle { get; }

    /// <summary>Children in tree order.</summary>
    public IReadOnlyList<DeviceNode> Children => _children;

    /// <summary>Properties in order of creation.</summary>
    public IReadOnlyList<DeviceProperty> Properties => _properties;

    /// <summary>The full path, "/" for the root.</summary>
    public string Path
    {
        get
        {
            if (Parent == null)
            {
                return Name.Length == 0 ? "/" : "/" + Name;
            }

            return Parent.Parent == null ? "/" + Name : Parent.Path + "/" + Name;
        }
    }

    /// <summary>The property, or null.</summary>
    public DeviceProperty? this[string property] =>
        _propertyIndex.TryGetValue(property, out int index) ? _properties[index] : null;

    /// <summary>The next node with the same parent, or null.</summary>
    public DeviceNode? NextSibling
    {
        get
        {
            int index = Parent?._children.IndexOf(this) ?? -1;
            return index >= 0 && index + 1 < Parent!._children.Count ? Parent._children[index + 1] : null;
        }
    }

    /// <summary>Adds a child at the end.</summary>
    /// <param name="name">Name with unit address, for example "isa@c".</param>
    public DeviceNode AddChild(string name)
    {
        DeviceNode child = Tree.CreateNode(this, name);
        _children.Add(child);
        return child;
    }

    /// <summary>The child of exactly this name, or null.</summary>
    public DeviceNode? Child(string name) => _children.Find(child => child.Name == name);

    /// <summary>Takes the node and all below it out of the tree; its phandles become invalid. The root cannot be removed.</summary>
    public void Remove()
    {
        if (Parent == null)
        {
            throw new InvalidOperationException("the root of a device tree cannot be removed");
        }

        Parent._children.Remove(this);
        Tree.Forget(this);
        Parent = null;
    }

    /// <summary>Sets a property to raw bytes, creating it at the end or replacing the value in place.</summary>
    public DeviceNode Set(string property, ReadOnlyMemory<byte> value)
    {
        if (_propertyIndex.TryGetValue(property, out int index))
        {
            _properties[index].Value = value;
        }
        else
        {
            _propertyIndex.Add(property, _properties.Count);
            _properties.Add(new DeviceProperty(property, value));
        }

        return this;
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

        _properties.RemoveAt(index);
        for (int i = index; i < _properties.Count; i++)
        {
            _propertyIndex[_properties[i].Name] = i;
        }

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

    /// <summary>A 32-bit cell of a property. False when the property is absent or too short.</summary>
    public bool TryGetCell(string property, int index, out uint cell)
    {
        ReadOnlyMemory<byte> value = this[property]?.Value ?? default;
        bool ok = index >= 0 && value.Length >= (index + 1) * 4;
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
}
