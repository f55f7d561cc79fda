using Firmament.Devices.Buses;

namespace Firmament.Devices.Bridges;

/// <summary>
/// The MV64361 as it appears at device 0 of each of its buses: 11ab:6460, a host bridge. Source: reference page pegasos2.md section 4.
/// </summary>
/// <remarks>
/// Not modelled: the BARs through which bus masters reach memory. Bus masters see all of RAM at its own address, as software programs them to.
/// </remarks>
internal sealed class Mv64361HostBridge() : PciFunction(0x11ab, 0x6460, 0x060000, 0)
{
    /// <inheritdoc/>
    public override string Name => "host";
}
