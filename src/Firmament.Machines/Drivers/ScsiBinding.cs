using System.Globalization;
using Firmament.Devices.Storage;
using Firmament.DeviceTree;
using Firmament.Firmware.Drivers.Scsi;

namespace Firmament.Machines.Drivers;

/// <summary>The units behind a SCSI adapter: a child node each, with its 64-bit number for a unit address, as SLOF's paths and GRUB's have it.</summary>
internal static class ScsiBinding
{
    /// <summary>Adds the units.</summary>
    /// <param name="devices">Where to.</param>
    /// <param name="targets">What is attached.</param>
    /// <param name="node">The adapter's node.</param>
    /// <param name="adapter">Its driver.</param>
    /// <param name="number">The number of (target, unit).</param>
    public static void Add(FirmwareDevices devices, ScsiTargets targets, DeviceNode node, IScsiAdapter adapter, Func<int, int, ulong> number)
    {
        node.SetCells("#address-cells", 2);
        node.SetCells("#size-cells", 0);
        foreach (((int target, int unit), ScsiUnit device) in targets.Units)
        {
            ulong lun = number(target, unit);
            string name = string.Create(CultureInfo.InvariantCulture, $"disk@{lun:x}");
            DeviceNode child = node.Child(name) ?? node.AddChild(name);
            child.SetCells("reg", (uint)(lun >> 32), (uint)lun);
            devices.AddBlock(child, new ScsiBlockDriver(devices.Host, adapter, lun), device is ScsiCdrom);
        }
    }
}
