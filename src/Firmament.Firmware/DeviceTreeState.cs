using System.Text;
using Firmament.Core.State;
using Firmament.DeviceTree;

namespace Firmament.Firmware;

/// <summary>
/// Saves, restores or hashes the names and properties of a live tree: clients change them, and client architecture support renames a node.
/// Nodes are the machine's and must be the same.
/// </summary>
internal static class DeviceTreeState
{
    private const int LongestName = DeviceNode.MaxPropertyNameLength;

    public static void Visit(StateVisitor state, DeviceTree.DeviceTree tree)
    {
        foreach (DeviceNode node in tree.Nodes())
        {
            string nodeName = node.Name;
            state.Text("node", ref nodeName);
            if (state.IsLoading && nodeName != node.Name && DeviceNode.IsName(nodeName))
            {
                node.Rename(nodeName);
            }

            uint phandle = node.Phandle;
            int count = node.Properties.Count;
            state.Field("phandle", ref phandle);
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
