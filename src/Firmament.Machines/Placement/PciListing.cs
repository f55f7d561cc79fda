using System.Globalization;
using System.Text;
using Firmament.Devices.Buses;

namespace Firmament.Machines.Placement;

/// <summary>The monitor's `info pci`: each function with its bus, place, identifiers and name, and where its registers lie.</summary>
internal static class PciListing
{
    /// <summary>Writes the functions of buses, bus by bus.</summary>
    public static string Write(IEnumerable<PciBus> buses)
    {
        StringBuilder text = new();
        foreach (PciBus bus in buses)
        {
            foreach (PciFunction function in bus.Functions)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"{bus.Name} {function.DevFn >> 3:x2}.{function.DevFn & 7} {function.ReadConfig(0, 2):x4}:{function.ReadConfig(2, 2):x4} {function.Name}\n");
                foreach (PciBar bar in function.Bars.OfType<PciBar>())
                {
                    text.Append(CultureInfo.InvariantCulture, $"    bar {bar.Index}: {bar.Space} 0x{bar.Address:x8}, {bar.Size} bytes\n");
                }

                if (function.Rom is { } rom)
                {
                    text.Append(CultureInfo.InvariantCulture, $"    rom: 0x{rom.Address:x8}, {rom.Size} bytes\n");
                }
            }
        }

        return text.ToString();
    }
}
