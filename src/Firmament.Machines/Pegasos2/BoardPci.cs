using Firmament.Firmware;
using Firmament.Machines.Placement;

namespace Firmament.Machines.Pegasos2;

/// <summary>PCI configuration space for RTAS: hose 0 is pci@80000000, hose 1 is pci@c0000000; each is one bus without bridges.</summary>
internal sealed class BoardPci(BoardSetup board) : IPciConfiguration
{
    /// <inheritdoc/>
    public bool TryRead(PciConfigurationAddress address, int register, int size, out uint value)
    {
        IConfigAccess? hose = Hose(address, register);
        value = hose?.Read((address.Device << 3) | address.Function, register, size) ?? uint.MaxValue;
        return hose != null;
    }

    /// <inheritdoc/>
    public bool TryWrite(PciConfigurationAddress address, int register, int size, uint value)
    {
        IConfigAccess? hose = Hose(address, register);
        hose?.Write((address.Device << 3) | address.Function, register, value, size);
        return hose != null;
    }

    private IConfigAccess? Hose(PciConfigurationAddress address, int register) => address switch
    {
        _ when address.Bus != 0 || register > 255 => null,
        { Hose: 0 } => board.Pci1,
        { Hose: 1 } => board.Pci0,
        _ => null,
    };
}
