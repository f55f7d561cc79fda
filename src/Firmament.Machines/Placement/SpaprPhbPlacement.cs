using System.Globalization;
using Firmament.DeviceTree;
using Firmament.Devices.Buses;
using Firmament.Devices.Buses.Spapr;
using Firmament.Devices.Interrupts;

namespace Firmament.Machines.Placement;

/// <summary>The node of a pseries host bridge with a child for each function. Source: the pseries reference, section 6; PCI bus binding 2.1.</summary>
/// <remarks>Base address registers are the guest's to set: there is no `assigned-addresses`.</remarks>
internal static class SpaprPhbPlacement
{
    private const uint IoSpace = 0x0100_0000;
    private const uint MemorySpace = 0x0200_0000;
    private const uint Memory64Space = 0x0300_0000;
    private const int Slots = 32;
    private const int Pins = 4;

    /// <summary>RTAS tokens of the calls that query, create, remove and reset dynamic DMA windows.</summary>
    private static readonly (uint Query, uint Create, uint Remove, uint Reset) WindowCalls = (0x2026, 0x2027, 0x2028, 0x2029);

    /// <summary>Writes the node.</summary>
    /// <param name="bridge">The bridge.</param>
    /// <param name="root">The root node.</param>
    /// <param name="interruptController">Phandle of the interrupt controller.</param>
    public static DeviceNode Write(SpaprPhb bridge, DeviceNode root, uint interruptController)
    {
        DeviceNode node = root.AddChild($"pci@{bridge.Buid:x}");
        ulong index = (ulong)bridge.Index;
        ulong io = SpaprPhb.IoBase + (index * SpaprPhb.IoLength);
        ulong memory = SpaprPhb.MemoryBase + (index * SpaprPhb.MemoryLength);
        ulong memory64 = SpaprPhb.Memory64Base + (index * SpaprPhb.Memory64Length);
        TceTable window = bridge.Windows[0];
        node.SetString("device_type", "pci");
        node.SetString("compatible", "IBM,Logical_PHB");
        node.SetCells("#address-cells", 3);
        node.SetCells("#size-cells", 2);
        node.SetCells("#interrupt-cells", 1);
        node.SetEmpty("used-by-rtas");
        node.SetCells("bus-range", 0, 255);
        node.SetCells("reg", High(bridge.Buid), Low(bridge.Buid), 0, 0);
        node.SetCells(
            "ranges",
            [
                IoSpace, 0, 0, High(io), Low(io), High(SpaprPhb.IoLength), Low(SpaprPhb.IoLength),
                MemorySpace, High(SpaprPhb.MemoryBusAddress), Low(SpaprPhb.MemoryBusAddress), High(memory), Low(memory), High(SpaprPhb.MemoryLength), Low(SpaprPhb.MemoryLength),
                Memory64Space, High(memory64), Low(memory64), High(memory64), Low(memory64), High(SpaprPhb.Memory64Length), Low(SpaprPhb.Memory64Length),
            ]);
        node.SetCells("ibm,pci-config-space-type", 1);
        node.SetCells("ibm,pe-total-#msi", PseriesInterruptNumbers.MessageCount);
        node.SetCells("ibm,dma-window", window.Liobn, 0, 0, 0, (uint)SpaprPhb.DmaWindowLength);
        node.SetCells("ibm,#dma-address-cells", 2);
        node.SetCells("ibm,#dma-size-cells", 2);
        node.SetCells("ibm,ddw-applicable", WindowCalls.Query, WindowCalls.Create, WindowCalls.Remove);
        node.SetCells("ibm,ddw-extensions", 2, WindowCalls.Reset, 1);
        node.SetCells("interrupt-map-mask", 0xf800, 0, 0, uint.MaxValue);
        node.SetCells("interrupt-map", InterruptMap(bridge, interruptController));
        foreach (PciFunction function in bridge.Bus.Functions)
        {
            WriteFunction(node, bridge, function);
        }

        return node;
    }

    private static uint[] InterruptMap(SpaprPhb bridge, uint interruptController)
    {
        const uint Level = 1;
        List<uint> map = [];
        for (uint slot = 0; slot < Slots; slot++)
        {
            for (int pin = 1; pin <= Pins; pin++)
            {
                map.AddRange([slot << 11, 0, 0, (uint)pin, interruptController, (uint)bridge.LsiNumber(SpaprPhb.PinOf((int)slot, pin)), Level]);
            }
        }

        return [.. map];
    }

    private static void WriteFunction(DeviceNode bus, SpaprPhb bridge, PciFunction function)
    {
        uint Config(int offset, int size) => function.ReadConfig(offset, size);
        uint classCode = Config(0x08, 4) >> 8;
        (int device, int number) = (function.DevFn >> 3, function.DevFn & 7);
        string name = PciNodeNames.For(classCode, Config(0x00, 2), Config(0x02, 2));
        DeviceNode node = bus.AddChild(number == 0 ? $"{name}@{device:x}" : $"{name}@{device:x},{number:x}");
        node.SetCells("reg", Registers(function));
        node.SetCells("vendor-id", Config(0x00, 2));
        node.SetCells("device-id", Config(0x02, 2));
        node.SetCells("revision-id", Config(0x08, 1));
        node.SetCells("class-code", classCode);
        node.SetCells("subsystem-id", Config(0x2e, 2));
        node.SetCells("subsystem-vendor-id", Config(0x2c, 2));
        node.SetCells("#address-cells", 3);
        node.SetCells("#size-cells", 2);
        node.SetString(
            "ibm,loc-code", string.Create(CultureInfo.InvariantCulture, $"firmament_{function.Name}:{bridge.Index:x4}:00:{device:x2}.{number:x}"));
        if (Config(0x3d, 1) is var pin and not 0)
        {
            node.SetCells("interrupts", pin);
        }

        if (function.Msi is { } msi)
        {
            node.SetCells("ibm,req#msi", (uint)msi.Vectors);
        }

        if (function.Msix is { } msix)
        {
            // Linux asks for messages only as many as this allows, and for none without it.
            node.SetCells("ibm,req#msi-x", (uint)msix.Vectors);
        }
    }

    private static uint[] Registers(PciFunction function)
    {
        uint unit = (uint)function.DevFn << 8;
        List<uint> reg = [unit, 0, 0, 0, 0];
        foreach (PciBar bar in function.Bars.Append(function.Rom).OfType<PciBar>())
        {
            const uint Prefetchable = 0x4000_0000;
            uint space = bar.Space == PciSpace.Io ? IoSpace : bar.Is64Bit ? Memory64Space | Prefetchable : MemorySpace;
            reg.AddRange([unit | space | (uint)bar.ConfigOffset, 0, 0, 0, bar.Size]);
        }

        return [.. reg];
    }

    private static uint High(ulong value) => (uint)(value >> 32);

    private static uint Low(ulong value) => (uint)value;
}
