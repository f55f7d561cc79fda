using Firmament.Devices.Buses.Vio;
using Firmament.Firmware.Drivers;
using Firmament.Firmware.Drivers.Papr;

namespace Firmament.Machines.Drivers;

/// <summary>A virtual adapter with a command queue, by what its hypercalls reach.</summary>
/// <param name="bus">The bus of virtual devices.</param>
/// <param name="device">The adapter.</param>
/// <param name="dma">Its window.</param>
internal sealed class VirtualIoAccess(VioBus bus, VioDevice device, IDmaMapper dma) : IVirtualIoAccess
{
    /// <inheritdoc/>
    public string Name => device.Name;

    /// <inheritdoc/>
    public IDmaMapper Dma => dma;

    /// <inheritdoc/>
    public long RegisterQueue(ulong queue, ulong length) => bus.RegisterCrq(device.Reg, queue, length);

    /// <inheritdoc/>
    public long FreeQueue() => bus.FreeCrq(device.Reg);

    /// <inheritdoc/>
    public long Send(ulong high, ulong low) => bus.SendCrq(device.Reg, high, low);
}
