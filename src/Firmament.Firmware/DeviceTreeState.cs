using System.Text;
using Firmament.Core.State;
using Firmament.DeviceTree;

namespace Firmament.Firmware;

/// <summary>
/// Saves, restores or hashes a live tree: clients change properties, client architecture support renames a node, and Forth makes nodes and removes them.
/// A node keeps its phandle through save and restore, by which its packages and instances know it.
/// </summary>
internal static class DeviceTreeState
{
    private const int LongestName = DeviceNode.MaxPropertyNameLength;

    public static void Visit(StateVisitor state, DeviceTree.DeviceTree tree)
    {
        List<DeviceNode> nodes = [.. tree.Nodes()];
        int nodeCount = nodes.Count;
        state.Field("nodes", ref nodeCount);
        if (state.IsLoading)
        {
            Load(state, tree, nodeCount);
        }
        else
        {
            foreach (DeviceNode node in nodes)
            {
                (string name, uint parent, uint phandle) = (node.Name, node.Parent?.Phandle ?? 0, node.Phandle);
                VisitPlace(state, ref name, ref phandle, ref parent);
                VisitProperties(state, node);
            }
        }

        uint next = tree.NextPhandle;
        state.Field("next-phandle", ref next);
        tree.NextPhandle = next;
    }

    private static void VisitPlace(StateVisitor state, ref string name, ref uint phandle, ref uint parent)
    {
        state.Text("node", ref name);
        state.Field("phandle", ref phandle);
        state.Field("parent", ref parent);
    }

    private static void Load(StateVisitor state, DeviceTree.DeviceTree tree, int count)
    {
        HashSet<DeviceNode> seen = [];
        for (int i = 0; i < count; i++)
        {
            (string name, uint phandle, uint parent) = ("", 0, 0);
            VisitPlace(state, ref name, ref phandle, ref parent);
            DeviceNode node = Place(tree, name, phandle, parent);
            seen.Add(node);
            VisitProperties(state, node);
        }

        foreach (DeviceNode node in tree.Nodes().ToList())
        {
            if (node.Parent != null && !seen.Contains(node))
            {
                node.Remove();
            }
        }
    }

    /// <summary>The node of that phandle below that parent; one that was made at run time is made again.</summary>
    private static DeviceNode Place(DeviceTree.DeviceTree tree, string name, uint phandle, uint parent)
    {
        DeviceNode? node = tree.Find(phandle);
        if (parent == 0)
        {
            return node == tree.Root ? node : throw new StateFormatException("tree", "its root has another phandle");
        }

        if (!DeviceNode.IsName(name) || tree.Find(parent) is not { } above)
        {
            throw new StateFormatException("tree", $"its node \"{name}\" has no place in the tree");
        }

        if (node != null && node.Parent != above)
        {
            if (node.Parent == null)
            {
                throw new StateFormatException("tree", $"its node \"{name}\" has the phandle of the root");
            }

            node.Remove();
            node = null;
        }

        if (node == null)
        {
            return above.Depth + 1 < DeviceTree.DeviceTree.MaxDepth
                ? above.AddChild(name, phandle)
                : throw new StateFormatException("tree", $"its node \"{name}\" is too deep");
        }

        if (name != node.Name)
        {
            node.Rename(name);
        }

        return node;
    }

    private static void VisitProperties(StateVisitor state, DeviceNode node)
    {
        int count = node.Properties.Count;
        state.Field("properties", ref count);
        DeviceProperty[] properties = [.. node.Properties];
        if (state.IsLoading)
        {
            foreach (DeviceProperty property in properties)
            {
                _ = node.RemoveProperty(property.Name);
            }
        }

        for (int i = 0; i < count; i++)
        {
            VisitProperty(state, node, state.IsLoading ? null : properties[i]);
        }
    }

    private static void VisitProperty(StateVisitor state, DeviceNode node, DeviceProperty? property)
    {
        int nameLength = property?.Name.Length ?? 0;
        int length = property?.Value.Length ?? 0;
        state.Field("nameLength", ref nameLength);
        state.Field("length", ref length);
        byte[] name = property == null ? new byte[Math.Clamp(nameLength, 0, LongestName)] : Encoding.Latin1.GetBytes(property.Name);
        byte[] value = property?.Value.ToArray() ?? new byte[(int)Math.Clamp(length, 0, node.Tree.FootprintLimit)];
        state.Bytes("name", name);
        state.Bytes("value", value);
        if (property == null)
        {
            _ = node.TrySet(name, value);
        }
    }
}
