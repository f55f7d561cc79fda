namespace Firmament.DeviceTree;

/// <summary>A live device tree. Phandles are given in order of creation, the root first.</summary>
public sealed class DeviceTree
{
    private readonly Dictionary<uint, DeviceNode> _byPhandle = [];
    private uint _nextPhandle = 1;

    /// <summary>Makes a tree with an empty root.</summary>
    public DeviceTree() => Root = CreateNode(null, "");

    /// <summary>The node "/".</summary>
    public DeviceNode Root { get; }

    /// <summary>The node with this phandle, or null.</summary>
    public DeviceNode? Find(uint phandle) => _byPhandle.GetValueOrDefault(phandle);

    internal DeviceNode CreateNode(DeviceNode? parent, string name)
    {
        DeviceNode node = new(this, parent, name, _nextPhandle++);
        _byPhandle.Add(node.Phandle, node);
        return node;
    }

    internal void Forget(DeviceNode node)
    {
        _byPhandle.Remove(node.Phandle);
        foreach (DeviceNode child in node.Children)
        {
            Forget(child);
        }
    }
}
