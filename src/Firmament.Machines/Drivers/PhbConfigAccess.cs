using Firmament.Devices.Buses.Spapr;
using Firmament.Machines.Placement;

namespace Firmament.Machines.Drivers;

/// <summary>Configuration cycles on the bus of a pseries host bridge, as RTAS makes them.</summary>
internal sealed class PhbConfigAccess(SpaprPhb bridge) : IConfigAccess
{
    /// <inheritdoc/>
    public uint Read(int devfn, int offset, int size) => bridge.Bus.ReadConfig(devfn, offset, size);

    /// <inheritdoc/>
    public void Write(int devfn, int offset, uint value, int size) => bridge.Bus.WriteConfig(devfn, offset, value, size);
}
