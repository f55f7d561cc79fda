using System.Globalization;
using Firmament.Core;
using Firmament.Devices.Buses;
using Firmament.Devices.Buses.Spapr;
using Firmament.Machines.Configuration;

namespace Firmament.Machines.Pseries;

/// <summary>The host bridges of a machine, the first of which is always there, and the names by which bus= finds theirs.</summary>
internal sealed class BridgeNames
{
    private const string Driver = "spapr-pci-host-bridge";

    private readonly SortedDictionary<int, string?> _ids = new() { [0] = null };

    private BridgeNames()
    {
    }

    /// <summary>Their indices, ascending.</summary>
    public IReadOnlyCollection<int> Indices => _ids.Keys;

    /// <summary>Reads what the user asked for.</summary>
    /// <exception cref="UserErrorException">An index is missing, out of range or taken.</exception>
    public static BridgeNames Read(IEnumerable<DeviceConfiguration> devices)
    {
        BridgeNames names = new();
        foreach (DeviceConfiguration device in devices.Where(static device => device.Driver == Driver))
        {
            string text = device["index"] ?? throw new UserErrorException($"Device '{Driver}' needs an index; give {Driver},index=1.");
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int index) || index >= SpaprPhb.MostBridges)
            {
                throw new UserErrorException($"'{text}' is no index of a PCI host bridge; give index= a number from 1 to {SpaprPhb.MostBridges - 1}.");
            }

            if (!names._ids.TryAdd(index, device["id"]))
            {
                throw new UserErrorException(
                    $"PCI host bridge {index} is there already{(index == 0 ? ": every machine has it" : "")}; give another index=, or leave the device out.");
            }
        }

        return names;
    }

    /// <summary>Buses by name: pci.N for bridge N, and what follows from its id, id.0 and id.</summary>
    public Dictionary<string, PciBus> Buses(IEnumerable<SpaprPhb> bridges)
    {
        Dictionary<string, PciBus> buses = [];
        if (_ids.Count == 1)
        {
            return buses;
        }

        foreach (SpaprPhb bridge in bridges)
        {
            buses[string.Create(CultureInfo.InvariantCulture, $"pci.{bridge.Index}")] = bridge.Bus;
        }

        foreach (SpaprPhb bridge in bridges.Where(bridge => _ids[bridge.Index] != null))
        {
            buses[_ids[bridge.Index] + ".0"] = bridge.Bus;
            buses.TryAdd(_ids[bridge.Index]!, bridge.Bus);
        }

        return buses;
    }
}
