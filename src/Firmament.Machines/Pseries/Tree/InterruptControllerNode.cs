using Firmament.Core.Interrupts;
using Firmament.DeviceTree;
using Firmament.Devices.Interrupts;
using Firmament.Firmware.Architecture;

namespace Firmament.Machines.Pseries.Tree;

/// <summary>
/// The interrupt controller's node: XICS (LoPAPR 1.1 C.6.4) or XIVE (PAPR+ 14.5). One node with one phandle, which other nodes'
/// interrupt maps hold; it changes name and properties with the client's choice.
/// </summary>
internal static class InterruptControllerNode
{
    /// <summary>Its phandle; the one QEMU gives it, so that trees can be compared.</summary>
    public const uint Phandle = 0x1111;

    /// <summary>Adds the node.</summary>
    public static void Build(DeviceNode root) => root.AddChild(XicsController.NodeName, Phandle).SetEmpty("interrupt-controller").SetCells("#interrupt-cells", 2);

    /// <summary>Makes it the controller of <paramref name="mode"/>.</summary>
    public static void Apply(DeviceNode root, PseriesTopology topology, InterruptMode mode)
    {
        // A tree of the user's may lack it.
        if (root.Tree.Find(Phandle) is not { } node)
        {
            return;
        }

        foreach (string property in (string[])["device_type", "compatible", "reg", "ibm,interrupt-server-ranges", "ibm,xive-lisn-ranges", "ibm,xive-eq-sizes"])
        {
            node.RemoveProperty(property);
        }

        root.RemoveProperty("ibm,plat-res-int-priorities");
        int servers = topology.MostCpus;
        if (mode == InterruptMode.Xics)
        {
            node.Rename(XicsController.NodeName);
            XicsController.Describe(node, servers);
        }
        else
        {
            node.Rename(XiveController.NodeName);
            XiveController.Describe(node, root, servers);
        }
    }
}
