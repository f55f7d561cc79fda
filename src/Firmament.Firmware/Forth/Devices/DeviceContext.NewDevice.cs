using System.Globalization;
using System.Text;
using Firmament.Core.State;
using Firmament.DeviceTree;
using Firmament.Firmware.Forth.Engine;
using Firmament.Firmware.Packages;

namespace Firmament.Firmware.Forth.Devices;

/// <content>Making nodes (IEEE 1275-1994 5.3.1.1, 5.3.2.1).</content>
internal sealed partial class DeviceContext
{
    private const int MostOrigins = 16;
    private const int MostNodes = 8192;

    private readonly List<NodeOrigin> _origins = [];

    /// <summary>`new-device`: a child of the target node with an instance of its own, both current until `finish-device`.</summary>
    public void NewDevice()
    {
        if (RequireTarget() is not { } parent)
        {
            return;
        }

        bool hasRoom = parent.Depth + 1 < DeviceTree.DeviceTree.MaxDepth && Tree.NodeCount < MostNodes && _origins.Count < MostOrigins;
        DeviceNode? node = hasRoom ? parent.AddChild("new-device") : null;
        Instance? instance = node == null ? null : Firmware.Instances.Create(node, null, Self, null);
        if (node == null || instance == null)
        {
            node?.Remove();
            _forth.Throw(ThrowCode.TreeFull);
            return;
        }

        _origins.Add(new NodeOrigin(_active, _forth.Self, node.Phandle, ""));
        Activate(node);
        _forth.Self = instance.Ihandle;
    }

    /// <summary>`set-args`: arguments and unit address of the node being made.</summary>
    public void SetArguments(string arguments, string unit)
    {
        if (_origins.Count == 0 || Self is not { } self)
        {
            _forth.Throw(ThrowCode.NoActivePackage);
            return;
        }

        self.Arguments = arguments;
        _origins[^1] = _origins[^1] with { UnitAddress = unit };
    }

    /// <summary>`finish-device`: gives the node its unit address and goes back to its parent.</summary>
    public void FinishDevice()
    {
        if (_origins.Count == 0)
        {
            _forth.Throw(ThrowCode.NoActivePackage);
            return;
        }

        NodeOrigin origin = _origins[^1];
        _origins.RemoveAt(_origins.Count - 1);
        if (Tree.Find(origin.Node) is { Parent: { } parent } node)
        {
            string unit = origin.UnitAddress.Length > 0 ? origin.UnitAddress : UnitAddressOf(parent, node);
            string name = unit.Length > 0 ? $"{node.BaseName}@{unit}" : node.BaseName;
            if (name != node.Name && DeviceNode.IsName(name))
            {
                node.Rename(name);
            }
        }

        if (Self is { } self)
        {
            Forget(self);
            Firmware.Instances.Remove(self);
        }

        _forth.Self = origin.Self;
        Activate(Tree.Find(origin.Active));
    }

    /// <summary>`device-name`: the property "name", and the node's name in paths.</summary>
    public void SetName(DeviceNode node, string name)
    {
        string full = node.UnitAddress is { } unit ? $"{name}@{unit}" : name;
        if (node.Parent == null || !DeviceNode.IsName(full) || full.Length > DeviceNode.MaxPropertyNameLength)
        {
            return;
        }

        node.Rename(full);
    }

    /// <summary>Cells of an address below a node; 2 where it does not say (IEEE 1275-1994 3.6.5).</summary>
    public static int AddressCells(DeviceNode? parent) =>
        (int)Math.Clamp(parent != null && parent.TryGetCell("#address-cells", 0, out uint cells) ? cells : 2, 0, 8);

    /// <summary>Cells of a size below a node; 1 where it does not say.</summary>
    public static int SizeCells(DeviceNode? parent) =>
        (int)Math.Clamp(parent != null && parent.TryGetCell("#size-cells", 0, out uint cells) ? cells : 1, 0, 8);

    /// <summary>The text of a "reg" property's address: PCI's device and function, else the numbers from the first that is not 0.</summary>
    private static string UnitAddressOf(DeviceNode parent, DeviceNode node)
    {
        int count = AddressCells(parent);
        if (count == 0 || node["reg"] == null)
        {
            return "";
        }

        StringBuilder text = new();
        if (count == 3 && parent.GetString("device_type") == "pci" && node.TryGetCell("reg", 0, out uint high))
        {
            text.Append(CultureInfo.InvariantCulture, $"{(high >> 11) & 31:x}");
            uint function = (high >> 8) & 7;
            return function == 0 ? text.ToString() : text.Append(CultureInfo.InvariantCulture, $",{function:x}").ToString();
        }

        for (int i = 0; i < count; i++)
        {
            if (!node.TryGetCell("reg", i, out uint cell))
            {
                return "";
            }

            if (cell != 0 || text.Length > 0 || i == count - 1)
            {
                text.Append(text.Length > 0 ? "," : "").Append(CultureInfo.InvariantCulture, $"{cell:x}");
            }
        }

        return text.ToString();
    }

    private void VisitOrigins(StateVisitor state)
    {
        int count = _origins.Count;
        state.Field("origins", ref count);
        List<NodeOrigin> loaded = [];
        for (int i = 0; i < Math.Clamp(count, 0, MostOrigins); i++)
        {
            NodeOrigin origin = i < _origins.Count ? _origins[i] : new NodeOrigin(0, 0, 0, "");
            (uint active, uint self, uint node, string unit) = origin;
            state.Field("active", ref active);
            state.Field("self", ref self);
            state.Field("node", ref node);
            state.Text("unit", ref unit);
            loaded.Add(new NodeOrigin(active, self, node, unit));
        }

        if (state.IsLoading)
        {
            _origins.Clear();
            _origins.AddRange(loaded);
        }
    }
}
