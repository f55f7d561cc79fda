using Firmament.DeviceTree.Paths;

namespace Firmament.DeviceTree;

/// <summary>
/// A live device tree. Phandles are given in order of creation, the root first; lookups by phandle and by property name are
/// hash lookups. Not safe for concurrent use.
/// </summary>
public sealed class DeviceTree
{
    /// <summary>Levels of nodes, the root being the first.</summary>
    public const int MaxDepth = 64;

    private readonly Dictionary<uint, DeviceNode> _byPhandle = [];
    private uint _nextPhandle = 1;

    /// <summary>Makes a tree with an empty root.</summary>
    public DeviceTree() => Root = CreateNode(null, "", null);

    /// <summary>The node "/".</summary>
    public DeviceNode Root { get; }

    /// <summary>Grows with every change of a node or a property; equal numbers mean that nothing changed in between.</summary>
    public long Version { get; private set; }

    /// <summary>
    /// Where the search for a new node's phandle begins. A saved tree keeps it, so that nodes made after a restore get the handles they would have got.
    /// </summary>
    public uint NextPhandle
    {
        get => _nextPhandle;
        set => _nextPhandle = value;
    }

    /// <summary>Nodes in the tree, the root included.</summary>
    public int NodeCount => _byPhandle.Count;

    /// <summary>Estimate of the host bytes that all properties take.</summary>
    public long Footprint { get; private set; }

    /// <summary>
    /// Bytes of <see cref="Footprint"/> above which <see cref="DeviceNode.TrySet"/> refuses, so that a guest cannot grow the host
    /// without bound. 16 MiB unless set, and that much above its size for a tree read from a blob.
    /// </summary>
    public long FootprintLimit { get; set; } = 16 << 20;

    /// <summary>The node with this phandle, or null.</summary>
    public DeviceNode? Find(uint phandle) => _byPhandle.GetValueOrDefault(phandle);

    /// <summary>The node a device specifier names, or null. See <see cref="Resolve(string)"/>.</summary>
    public DeviceNode? Find(string specifier) => Resolve(specifier).Node;

    /// <summary>
    /// Finds the node a device specifier names: a path or an alias, with optional arguments (IEEE 1275-1994 4.3). Bad text
    /// is an answer that says which part failed, never an exception.
    /// </summary>
    public DeviceResolution Resolve(string specifier) => Resolve(specifier.AsSpan());

    /// <summary>As <see cref="Resolve(string)"/>, from ISO 8859-1 bytes without the NUL.</summary>
    public DeviceResolution Resolve(ReadOnlySpan<byte> latin1Specifier)
    {
        if (latin1Specifier.Length > DevicePath.MaxLength)
        {
            return Resolve(new string('/', DevicePath.MaxLength + 1));
        }

        Span<char> text = latin1Specifier.Length <= 128 ? stackalloc char[128] : stackalloc char[DevicePath.MaxLength];
        int length = System.Text.Encoding.Latin1.GetChars(latin1Specifier, text);
        return Resolve((ReadOnlySpan<char>)text[..length]);
    }

    /// <summary>As <see cref="Resolve(string)"/>.</summary>
    public DeviceResolution Resolve(ReadOnlySpan<char> specifier) => new PathResolver(this).Resolve(specifier);

    /// <summary>Every node, parents before children, siblings in order.</summary>
    public IEnumerable<DeviceNode> Nodes()
    {
        DeviceNode? node = Root;
        while (node != null)
        {
            yield return node;
            node = Following(node);
        }
    }

    internal DeviceNode CreateNode(DeviceNode? parent, string name, uint? phandle)
    {
        if (phandle is { } wanted && (!IsPhandle(wanted) || _byPhandle.ContainsKey(wanted)))
        {
            throw new ArgumentException($"the phandle 0x{wanted:x} is reserved or taken; choose another one", nameof(phandle));
        }

        DeviceNode node = new(this, parent, name, phandle ?? NextFreePhandle());
        _byPhandle.Add(node.Phandle, node);
        Touch();
        return node;
    }

    /// <summary>Gives the nodes of <paramref name="chosen"/> their phandles, and every other node the lowest free ones in tree order.</summary>
    internal void Renumber(Dictionary<DeviceNode, uint> chosen)
    {
        List<DeviceNode> all = [.. Nodes()];
        _byPhandle.Clear();
        _nextPhandle = 1;
        foreach ((DeviceNode node, uint phandle) in chosen)
        {
            node.Phandle = phandle;
            _byPhandle.Add(phandle, node);
        }

        foreach (DeviceNode node in all)
        {
            if (!chosen.ContainsKey(node))
            {
                node.Phandle = NextFreePhandle();
                _byPhandle.Add(node.Phandle, node);
            }
        }

        Touch();
    }

    internal void Forget(DeviceNode node)
    {
        _byPhandle.Remove(node.Phandle);
        node.Detach();
        foreach (DeviceNode child in node.Children)
        {
            Forget(child);
        }
    }

    internal void Touch() => Version++;

    internal void Charge(long bytes) => Footprint += bytes;

    internal static bool IsPhandle(uint value) => value is not 0 and not uint.MaxValue;

    private static DeviceNode? Following(DeviceNode node)
    {
        if (node.FirstChild is { } child)
        {
            return child;
        }

        DeviceNode? at = node;
        while (at != null && at.NextSibling == null)
        {
            at = at.Parent;
        }

        return at?.NextSibling;
    }

    private uint NextFreePhandle()
    {
        // A handle is not given twice before the counter wraps, so a stale one of a removed node stays invalid.
        while (!IsPhandle(_nextPhandle) || _byPhandle.ContainsKey(_nextPhandle))
        {
            _nextPhandle++;
        }

        return _nextPhandle++;
    }
}
