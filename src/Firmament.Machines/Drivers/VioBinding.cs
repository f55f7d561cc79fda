using Firmament.Devices.Buses.Spapr;
using Firmament.Devices.Buses.Vio;
using Firmament.Devices.Network;
using Firmament.DeviceTree;
using Firmament.Firmware.Drivers.Papr;

namespace Firmament.Machines.Drivers;

/// <summary>Finds the virtual adapters of a partition that the firmware can drive, and their nodes.</summary>
/// <param name="bus">The bus.</param>
/// <param name="tables">The partition's DMA windows.</param>
internal sealed class VioBinding(VioBus bus, TceTables tables)
{
    /// <summary>Adds the devices.</summary>
    public void AddTo(FirmwareDevices devices)
    {
        foreach (VioDevice device in bus.Devices)
        {
            if (devices.Tree.Find($"/vdevice/{device.Name}") is { } node)
            {
                Add(devices, device, node);
            }
        }
    }

    private void Add(FirmwareDevices devices, VioDevice device, DeviceNode node)
    {
        TceMapper Window() => devices.Keep(node.Path + " window", new TceMapper(new TceWindow(tables, device.Dma!)));
        switch (device)
        {
            case SpaprVscsi { Targets.Units.Count: > 0 } vscsi:
                VscsiAdapter adapter = devices.Keep(node.Path + " adapter", new VscsiAdapter(devices.Host, new VirtualIoAccess(bus, vscsi, Window())));
                ScsiBinding.Add(devices, vscsi.Targets, node, adapter, VscsiAdapter.UnitNumber);
                break;
            case SpaprLan lan when node["local-mac-address"] is { } address && address.Value.Length >= 6:
                devices.AddNetwork(node, new LogicalLanDriver(devices.Host, new LogicalLanAccess(lan, Window()), address.Value.Span[^6..]));
                break;
        }
    }
}
