using Firmament.Machines.Placement;

namespace Firmament.Machines.Pegasos2;

/// <summary>Configuration cycles through the MV64361's address and data registers. Source: pegasos2 reference, section 3.</summary>
/// <param name="bus">The CPU's address space.</param>
/// <param name="addressRegister">The configuration address register; the data register follows it.</param>
internal sealed class BridgeConfigAccess(LittleEndianBus bus, uint addressRegister) : IConfigAccess
{
    private const uint Enable = 0x8000_0000;

    /// <inheritdoc/>
    public uint Read(int devfn, int offset, int size)
    {
        Select(devfn, offset);
        return bus.Read(addressRegister + 4 + (uint)(offset & 3), size);
    }

    /// <inheritdoc/>
    public void Write(int devfn, int offset, uint value, int size)
    {
        Select(devfn, offset);
        bus.Write(addressRegister + 4 + (uint)(offset & 3), value, size);
    }

    private void Select(int devfn, int offset) => bus.Write(addressRegister, Enable | ((uint)devfn << 8) | (uint)(offset & 0xfc), 4);
}
