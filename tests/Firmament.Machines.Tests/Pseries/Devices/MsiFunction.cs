using Firmament.Devices.Buses;

namespace Firmament.Machines.Tests.Pseries.Devices;

/// <summary>A function that does nothing but interrupt, by four messages of the older kind or by INTA.</summary>
internal sealed class MsiFunction : PciFunction
{
    public MsiFunction(bool hasMsi = true)
        : base(0x1234, 0x5678, 0xff0000, 0)
    {
        Define8(0x3d, 1, 0);
        if (hasMsi)
        {
            DefineMsi(0x40, 4);
        }
    }

    public override string Name => "msi";

    public new void Interrupt(int vector) => Msi!.Raise(vector);
}
