using Firmament.DeviceTree;
using Firmament.Devices.Buses;

namespace Firmament.Machines.Placement;

/// <summary>A PCI bus where the CPU sees it: the windows of its host bridge, and its node with all functions below.</summary>
/// <param name="Bus">The bus.</param>
/// <param name="IoWindow">CPU address of I/O port 0.</param>
/// <param name="IoSize">Bytes of the I/O window.</param>
/// <param name="MemoryWindow">CPU address of the memory window; the same as its bus address.</param>
/// <param name="MemorySize">Bytes of the memory window.</param>
/// <param name="ClockFrequency">Hertz of the bus.</param>
/// <param name="Describe">What the board adds to the bus's node before its functions.</param>
internal sealed record PciHostPlacement(
    PciBus Bus, uint IoWindow, uint IoSize, uint MemoryWindow, uint MemorySize, uint ClockFrequency, Action<DeviceNode> Describe)
{
    private const uint IoSpace = 0x0100_0000;
    private const uint MemorySpace = 0x0200_0000;

    /// <summary>Writes the bus's node and a child for each function, in order of device and function. Source: PCI bus binding 2.1, 2.2.1, 4.1.</summary>
    public DeviceNode WriteTo(DeviceNode root)
    {
        DeviceNode node = root.AddChild($"pci@{MemoryWindow:x}");
        node.SetString("device_type", "pci");
        node.SetCells("#address-cells", 3);
        node.SetCells("#size-cells", 2);
        node.SetCells("clock-frequency", ClockFrequency);
        node.SetCells("ranges", IoSpace, 0, 0, IoWindow, 0, IoSize, MemorySpace, 0, MemoryWindow, MemoryWindow, 0, MemorySize);
        node.SetCells("reg", MemoryWindow, MemorySize);
        Describe(node);
        foreach (PciFunction function in Bus.Functions)
        {
            WriteFunction(node, function);
        }

        return node;
    }

    private static void WriteFunction(DeviceNode bus, PciFunction function)
    {
        uint Config(int offset, int size) => function.ReadConfig(offset, size);
        uint classCode = Config(0x08, 4) >> 8;
        (int device, int number) = (function.DevFn >> 3, function.DevFn & 7);
        string name = PciNodeNames.For(classCode, Config(0x00, 2), Config(0x02, 2));
        DeviceNode node = bus.AddChild(number == 0 ? $"{name}@{device:x}" : $"{name}@{device:x},{number:x}");
        node.SetCells("vendor-id", Config(0x00, 2));
        node.SetCells("device-id", Config(0x02, 2));
        node.SetCells("revision-id", Config(0x08, 1));
        node.SetCells("class-code", classCode);
        node.SetCells("subsystem-id", Config(0x2e, 2));
        node.SetCells("subsystem-vendor-id", Config(0x2c, 2));
        if (Config(0x3d, 1) is var pin and not 0)
        {
            node.SetCells("interrupts", pin);
        }

        uint unit = (uint)function.DevFn << 8;
        List<uint> reg = [unit, 0, 0, 0, 0];
        List<uint> assigned = [];
        foreach (PciBar? bar in function.Bars.Append(function.Rom))
        {
            if (bar != null)
            {
                uint physicalHigh = unit | (bar.Space == PciSpace.Io ? IoSpace : MemorySpace) | (uint)bar.ConfigOffset;
                reg.AddRange([physicalHigh, 0, 0, 0, bar.Size]);
                if (bar.Address != 0)
                {
                    const uint NotRelocatable = 0x8000_0000;
                    assigned.AddRange([physicalHigh | NotRelocatable, (uint)(bar.Address >> 32), (uint)bar.Address, 0, bar.Size]);
                }
            }
        }

        node.SetCells("reg", [.. reg]);
        if (assigned.Count != 0)
        {
            node.SetCells("assigned-addresses", [.. assigned]);
        }
    }
}
