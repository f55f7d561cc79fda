using System.Globalization;
using Firmament.Core.Memory;
using Firmament.Devices.Buses;
using Firmament.Devices.Buses.Virtio;
using Firmament.Devices.Display;
using Firmament.Devices.Network;
using Firmament.Devices.Storage;
using Firmament.DeviceTree;
using Firmament.DeviceTree.Paths;
using Firmament.Firmware.Drivers;
using Firmament.Firmware.Drivers.Display;
using Firmament.Firmware.Drivers.Ide;
using Firmament.Firmware.Drivers.Pci;
using Firmament.Firmware.Drivers.Scsi;
using Firmament.Firmware.Drivers.Virtio;

namespace Firmament.Machines.Drivers;

/// <summary>Finds the functions of a PCI bus that the firmware can drive, and their nodes.</summary>
/// <param name="bus">The bus.</param>
/// <param name="path">The path of its node.</param>
/// <param name="windows">Where the CPU sees it.</param>
/// <param name="guestOrder">Byte order of legacy virtio devices.</param>
internal sealed class PciBinding(PciBus bus, string path, PciWindows windows, Endianness guestOrder)
{
    /// <summary>Adds the devices. Those without a node (a tree of the user's may leave them out) are left out.</summary>
    /// <param name="devices">Where to.</param>
    /// <param name="dma">What translates bus mastering on this bus.</param>
    public void AddTo(FirmwareDevices devices, IDmaMapper dma)
    {
        if (devices.Tree.Find(path) is not { } host)
        {
            return;
        }

        // The board's own controller before cards, wherever they are plugged in.
        foreach (PciFunction function in bus.Functions.OrderBy(static function => function is not IdeController))
        {
            string unit = string.Create(CultureInfo.InvariantCulture, $"{function.DevFn >> 3:x},{function.DevFn & 7:x}");
            if (host.Children.FirstOrDefault(child => child.UnitAddress is { } address && UnitAddress.Matches(address, unit)) is { } node)
            {
                Add(devices, function, node, dma);
            }
        }
    }

    private void Add(FirmwareDevices devices, PciFunction function, DeviceNode node, IDmaMapper dma)
    {
        PciFunctionAccess Access() => devices.Keep(node.Path + " pci", new PciFunctionAccess(node.Path, windows, function.DevFn, dma));
        if (function.Rom != null)
        {
            // It is enabled only while the ROM is read, so it has nothing to save.
            devices.AddRom(node, new PciFunctionAccess(node.Path, windows, function.DevFn, dma));
        }

        switch (function)
        {
            case IdeController ide:
                PciFunctionAccess access = Access();
                AddChannel(devices, ide.Primary, 0, node, access);
                AddChannel(devices, ide.Secondary, 1, node, access);
                break;
            case VirtioPciFunction { Device: VirtioBlock }:
                devices.AddBlock(node, new VirtioBlockDriver(devices.Host, Access(), guestOrder), isCdrom: false);
                break;
            case VirtioPciFunction { Device: VirtioScsi scsi } when scsi.Targets.Units.Count != 0:
                AddScsi(devices, scsi, node, devices.Keep(node.Path + " adapter", new VirtioScsiAdapter(devices.Host, Access(), guestOrder)));
                break;
            case BochsDisplay:
                devices.AddDisplay(node, new BochsDisplayDriver(devices.Host, Access()));
                break;
            case VirtioPciFunction { Device: VirtioNetwork network }:
                Span<byte> configuration = stackalloc byte[network.ConfigurationLength];
                network.GetConfiguration(configuration, Endianness.Little);
                devices.AddNetwork(node, new VirtioNetworkDriver(devices.Host, Access(), guestOrder, configuration[..6]));
                break;
        }
    }

    private static void AddChannel(FirmwareDevices devices, IdeChannel channel, int number, DeviceNode node, IPciFunctionAccess access)
    {
        if (channel.Drives.All(static drive => drive == null))
        {
            return;
        }

        node.SetCells("#address-cells", 2);
        node.SetCells("#size-cells", 0);
        IdeChannelDriver driver = devices.Keep($"{node.Path} channel {number}", new IdeChannelDriver(devices.Host, access, number));
        for (int i = 0; i < channel.Drives.Count; i++)
        {
            bool isCdrom = channel.Drives[i] is AtapiCdrom;
            if (channel.Drives[i] == null)
            {
                continue;
            }

            DeviceNode child = GetOrAdd(node, string.Create(CultureInfo.InvariantCulture, $"{(isCdrom ? "cd" : "disk")}@{number},{i}"));
            child.SetCells("reg", (uint)number, (uint)i);
            if (isCdrom)
            {
                devices.AddBlock(child, new ScsiBlockDriver(devices.Host, new AtapiAdapter(driver, i), 0), isCdrom);
            }
            else
            {
                devices.AddBlock(child, new AtaBlockDriver(driver, i), isCdrom);
            }
        }
    }

    private static void AddScsi(FirmwareDevices devices, VirtioScsi scsi, DeviceNode node, IScsiAdapter adapter) =>
        ScsiBinding.Add(devices, scsi.Targets, node, adapter, VirtioScsiAdapter.UnitNumber);

    private static DeviceNode GetOrAdd(DeviceNode parent, string name) => parent.Child(name) ?? parent.AddChild(name);
}
