using Firmament.Devices.Network;
using Firmament.Firmware.Drivers;
using Firmament.Firmware.Drivers.Papr;

namespace Firmament.Machines.Drivers;

/// <summary>A logical LAN adapter, by what its hypercalls reach.</summary>
/// <param name="lan">The adapter.</param>
/// <param name="dma">Its window.</param>
internal sealed class LogicalLanAccess(SpaprLan lan, IDmaMapper dma) : ILogicalLanAccess
{
    /// <inheritdoc/>
    public string Name => lan.Name;

    /// <inheritdoc/>
    public IDmaMapper Dma => dma;

    /// <inheritdoc/>
    public long Register(ulong bufferList, ulong queue, ulong filterList, ulong mac) => lan.Register(bufferList, queue, filterList, mac);

    /// <inheritdoc/>
    public long Free() => lan.Free();

    /// <inheritdoc/>
    public long AddBuffer(ulong descriptor) => lan.AddBuffer(descriptor);

    /// <inheritdoc/>
    public long Send(ulong descriptor) => lan.Send([descriptor, 0, 0, 0, 0, 0], 0);
}
