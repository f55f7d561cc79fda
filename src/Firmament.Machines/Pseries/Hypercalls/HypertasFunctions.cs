using Firmament.DeviceTree;
using Firmament.Firmware.Hypercalls;

namespace Firmament.Machines.Pseries.Hypercalls;

/// <summary>
/// `/rtas` `ibm,hypertas-functions`: groups of hypercalls a guest may use (LoPAPR 1.1 table 184). A group is named when each of its calls
/// has a row, so the property never promises more than there is.
/// </summary>
internal static class HypertasFunctions
{
    private static readonly IReadOnlyList<KeyValuePair<string, uint[]>> Groups =
    [
        new("hcall-pft", [0x04, 0x08, 0x0c, 0x18]),
        new("hcall-term", [0x54, 0x58]),
        new("hcall-dabr", [0x28]),
        new("hcall-interrupt", [0x64, 0x68, 0x6c, 0x74]),
        new("hcall-tce", [0x1c, 0x20]),
        new("hcall-vio", [0xfc, 0x100, 0x104, 0x108]),
        new("hcall-splpar", [0xdc, 0xe0, 0xe4, 0xe8]),
        new("hcall-join", [0x298]),
        new("hcall-bulk", [0x124]),
        new("hcall-set-mode", [0x31c]),
        new("hcall-sprg0", [0x24]),
        new("hcall-copy", [0x2c]),
        new("hcall-debug", [0x3c, 0x40]),
        new("hcall-vphn", [0x2ec]),
        new("hcall-multi-tce", [0x138, 0x13c]),
        new("hcall-hpt-resize", [0x36c, 0x370]),
        new("hcall-watchdog", [0x45c]),
        new("hcall-rpt-invalidate", [0x448]),
    ];

    /// <summary>Writes the properties, once the table has all its rows.</summary>
    public static void Write(DeviceNode rtas, HypercallTable table)
    {
        rtas.SetStrings("ibm,hypertas-functions", [.. For(table)]);

        // The name of the group of H_LOGICAL_MEMOP, which is QEMU's call.
        rtas.SetString("qemu,hypertas-functions", "hcall-memop1");
    }

    /// <summary>The groups of a table.</summary>
    public static IEnumerable<string> For(HypercallTable table) =>
        Groups.Where(group => group.Value.All(number => table.Find(number) != null)).Select(static group => group.Key);
}
