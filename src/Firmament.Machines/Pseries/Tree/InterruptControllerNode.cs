using Firmament.DeviceTree;
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

    private const string XicsName = "interrupt-controller";

    /// <summary>Adds the node.</summary>
    public static void Build(DeviceNode root) => root.AddChild(XicsName, Phandle).SetEmpty("interrupt-controller").SetCells("#interrupt-cells", 2);

    /// <summary>Makes it the controller of <paramref name="mode"/>.</summary>
    public static void Apply(DeviceNode root, PseriesTopology topology, InterruptMode mode)
    {
        DeviceNode node = root.Tree.Find(Phandle)!;
        foreach (string property in (string[])["device_type", "compatible", "reg", "ibm,interrupt-server-ranges", "ibm,xive-lisn-ranges", "ibm,xive-eq-sizes"])
        {
            node.RemoveProperty(property);
        }

        root.RemoveProperty("ibm,plat-res-int-priorities");
        uint servers = (uint)topology.MostCpus;
        if (mode == InterruptMode.Xics)
        {
            node.Rename(XicsName);
            node.SetString("device_type", "PowerPC-External-Interrupt-Presentation")
                .SetString("compatible", "IBM,ppc-xicp")
                .SetCells("ibm,interrupt-server-ranges", 0, servers);
            return;
        }

        ulong user = XiveThreadManagement.UserPage;
        ulong os = XiveThreadManagement.OsPage;
        node.Rename($"{XicsName}@{user:x}");
        node.SetString("device_type", "power-ivpe")
            .SetString("compatible", "ibm,power-ivpe")
            .SetCells("reg", (uint)(user >> 32), (uint)user, 0, XiveThreadManagement.PageBytes, (uint)(os >> 32), (uint)os, 0, XiveThreadManagement.PageBytes)
            .SetCells("ibm,xive-eq-sizes", 16)
            .SetCells("ibm,xive-lisn-ranges", 0, servers);

        // Priorities from 7 on, 0xf8 of them, are the hypervisor's.
        root.SetCells("ibm,plat-res-int-priorities", 7, 0xf8);
    }
}
