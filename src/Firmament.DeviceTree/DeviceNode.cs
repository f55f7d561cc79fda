using System.Diagnostics.CodeAnalysis;

namespace Firmament.DeviceTree;

/// <summary>
/// One node of a live device tree: a name with an optional unit address, ordered properties, ordered children, and a phandle
/// that stays the same for the node's life. Lookups are hash lookups.
/// </summary>
public sealed partial class DeviceNode
{
    // Below this many children comparing names costs less than hashing one.
    private const int ChildScanLimit = 8;

    private readonly List<DeviceNode> _children = [];
    private Dictionary<string, DeviceNode>? _childIndex;
    private DeviceNode? _previous;
    private string? _path;

    internal DeviceNode(DeviceTree tree, DeviceNode? parent, string name, uint phandle)
    {
        Tree = tree;
        Parent = parent;
        Phandle = phandle;
        Depth = parent == null ? 0 : parent.Depth + 1;
        SetName(name);
    }

    /// <summary>The tree it belongs to.</summary>
    public DeviceTree Tree { get; }

    /// <summary>Null for the root, and for a node that was removed.</summary>
    public DeviceNode? Parent { get; internal set; }

    /// <summary>The component as it stands in a path, for example "pci@80000000"; "" for the root.</summary>
    public string Name { get; private set; }

    /// <summary>The name without the unit address.</summary>
    public string BaseName { get; private set; }

    /// <summary>What follows "@", or null.</summary>
    public string? UnitAddress { get; private set; }

    /// <summary>The handle a client sees; never 0 or 0xffffffff.</summary>
    public uint Phandle { get; internal set; }

    /// <summary>Levels below the root, 0 for the root, less than <see cref="DeviceTree.MaxDepth"/>.</summary>
    public int Depth { get; }

    /// <summary>False once the node, or one above it, was removed.</summary>
    public bool IsInTree => Tree.Find(Phandle) == this;

    /// <summary>Children in tree order.</summary>
    public IReadOnlyList<DeviceNode> Children => _children;

    /// <summary>The first child, or null.</summary>
    public DeviceNode? FirstChild => _children.Count == 0 ? null : _children[0];

    /// <summary>The next node with the same parent, or null.</summary>
    public DeviceNode? NextSibling { get; private set; }

    /// <summary>The full path, "/" for the root.</summary>
    public string Path
    {
        get
        {
            if (Parent == null)
            {
                return Name.Length == 0 ? "/" : "/" + Name;
            }

            return _path ??= Parent.Parent == null ? "/" + Name : Parent.Path + "/" + Name;
        }
    }

    /// <summary>Adds a child at the end. Siblings of the same name are possible, as in live Open Firmware trees.</summary>
    /// <param name="name">Name with unit address, for example "isa@c".</param>
    public DeviceNode AddChild(string name) => AddChild(name, null);

    /// <summary>Adds a child with a chosen phandle at the end.</summary>
    /// <param name="name">Name with unit address.</param>
    /// <param name="phandle">Not 0, not 0xffffffff, and not given to another node.</param>
    /// <exception cref="ArgumentException">The phandle is reserved or taken, or the name is not one.</exception>
    public DeviceNode AddChild(string name, uint phandle) => AddChild(name, (uint?)phandle);

    /// <summary>Gives the node another name with unit address. It keeps its phandle, its place, its properties and its children.</summary>
    /// <exception cref="ArgumentException">The name is not one.</exception>
    public void Rename(string name)
    {
        if (!IsName(name))
        {
            throw new ArgumentException($"\"{name}\" cannot name a node: use ISO 8859-1 characters without \"/\"", nameof(name));
        }

        SetName(name);
        ForgetPath();
        if (Parent != null)
        {
            Parent._childIndex = null;
        }

        Tree.Touch();
    }

    /// <summary>The first child of exactly this name, or null.</summary>
    public DeviceNode? Child(string name) => Child(name.AsSpan());

    /// <summary>The first child of exactly this name, or null.</summary>
    public DeviceNode? Child(ReadOnlySpan<char> name)
    {
        if (_children.Count > ChildScanLimit)
        {
            Dictionary<string, DeviceNode> index = _childIndex ??= IndexChildren();
            return index.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out DeviceNode? found) ? found : null;
        }

        foreach (DeviceNode child in _children)
        {
            if (name.SequenceEqual(child.Name))
            {
                return child;
            }
        }

        return null;
    }

    /// <summary>Takes the node and all below it out of the tree; its phandles become invalid. The root cannot be removed.</summary>
    public void Remove()
    {
        if (Parent == null)
        {
            throw new InvalidOperationException("the root of a device tree cannot be removed");
        }

        _ = Parent._children.Remove(this);
        Parent._childIndex = null;
        if (_previous != null)
        {
            _previous.NextSibling = NextSibling;
        }

        if (NextSibling != null)
        {
            NextSibling._previous = _previous;
        }

        _previous = null;
        NextSibling = null;
        Tree.Forget(this);
        Parent = null;
        Tree.Touch();
    }

    /// <summary>The path, for messages.</summary>
    public override string ToString() => Path;

    /// <summary>Drops what no longer holds outside the tree.</summary>
    internal void Detach()
    {
        _path = null;
        foreach (DeviceProperty property in _properties)
        {
            Tree.Charge(-property.Footprint);
        }
    }

    /// <summary>True when <paramref name="name"/> can be a node's: ISO 8859-1, not empty, no "/" and no NUL.</summary>
    public static bool IsName(ReadOnlySpan<char> name) =>
        !name.IsEmpty && !name.ContainsAny('/', '\0') && !name.ContainsAnyExceptInRange('\u0001', '\u00ff');

    [MemberNotNull(nameof(Name), nameof(BaseName))]
    private void SetName(string name)
    {
        Name = name;
        int at = name.IndexOf('@', StringComparison.Ordinal);
        BaseName = at < 0 ? name : name[..at];
        UnitAddress = at < 0 ? null : name[(at + 1)..];
    }

    private void ForgetPath()
    {
        _path = null;
        foreach (DeviceNode child in _children)
        {
            child.ForgetPath();
        }
    }

    private DeviceNode AddChild(string name, uint? phandle)
    {
        if (!IsName(name))
        {
            throw new ArgumentException($"\"{name}\" cannot name a node: use ISO 8859-1 characters without \"/\"", nameof(name));
        }

        if (Depth + 1 >= DeviceTree.MaxDepth)
        {
            throw new InvalidOperationException($"{Path} is as deep as a device tree can be ({DeviceTree.MaxDepth} levels)");
        }

        if (!IsInTree)
        {
            throw new InvalidOperationException($"the node {Name} was removed and takes no children");
        }

        DeviceNode child = Tree.CreateNode(this, name, phandle);
        if (_children.Count > 0)
        {
            child._previous = _children[^1];
            _children[^1].NextSibling = child;
        }

        _children.Add(child);
        _ = _childIndex?.TryAdd(name, child);
        return child;
    }

    private Dictionary<string, DeviceNode> IndexChildren()
    {
        Dictionary<string, DeviceNode> index = new(_children.Count, StringComparer.Ordinal);
        foreach (DeviceNode child in _children)
        {
            _ = index.TryAdd(child.Name, child);
        }

        return index;
    }
}
