using Firmament.DeviceTree;

namespace Firmament.Machines.Placement;

/// <summary>A device on an ISA bus: the bus writes its name, `reg` and `interrupts`; the device adds what the bus cannot know.</summary>
/// <param name="Name">The node's name without unit address; the device_type too unless <paramref name="DeviceType"/> says otherwise.</param>
/// <param name="Port">First I/O port.</param>
/// <param name="Length">Number of ports.</param>
/// <param name="Irq">ISA interrupt, or null for none.</param>
/// <param name="DeviceType">device_type when it differs from the name.</param>
/// <param name="Describe">What the device adds; null for nothing.</param>
internal sealed record IsaPlacement(
    string Name, ushort Port, byte Length, byte? Irq = null, string? DeviceType = null, Action<DeviceNode>? Describe = null)
{
    /// <summary>
    /// Writes the node. Source: ISA/EISA/ISA-PnP binding to IEEE 1275: unit address "i" for I/O, cells (1 = I/O space, port, length),
    /// interrupt cells (IRQ, sense; 0 as the Pegasos firmware has it).
    /// </summary>
    public DeviceNode WriteTo(DeviceNode isa)
    {
        DeviceNode node = isa.AddChild($"{Name}@i{Port:x}");
        node.SetString("device_type", DeviceType ?? Name);
        node.SetCells("reg", 1, Port, Length);
        if (Irq is { } irq)
        {
            node.SetCells("interrupts", irq, 0);
        }

        Describe?.Invoke(node);
        return node;
    }
}
