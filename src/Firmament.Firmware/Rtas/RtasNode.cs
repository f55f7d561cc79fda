using Firmament.DeviceTree;
using Firmament.Firmware.Hypercalls;

namespace Firmament.Firmware.Rtas;

/// <summary>Writes the properties of `/rtas` that follow from the table of calls.</summary>
internal static class RtasNode
{
    /// <summary>One cell for each token under its published name, and the sizes. Properties the machine has set are kept.</summary>
    public static void Write(DeviceNode node, ServiceTable<RtasServices> table, HypercallConvention convention)
    {
        SetIfAbsent(node, "rtas-version", 1);

        // At least the 20 bytes of the sc 1 stub: some clients refuse less.
        SetIfAbsent(node, "rtas-size", (uint)Math.Max(20, GuestStub.BuildRtas(convention).Length));
        SetIfAbsent(node, "rtas-display-device", 0);
        SetIfAbsent(node, "rtas-event-scan-rate", 0);
        SetIfAbsent(node, "rtas-error-log-max", 0);
        foreach (ServiceRow<RtasServices> row in table)
        {
            node.SetCells(table.PublishedName(row), row.Token);
        }
    }

    private static void SetIfAbsent(DeviceNode node, string name, uint value)
    {
        if (node[name] == null)
        {
            node.SetCells(name, value);
        }
    }
}
