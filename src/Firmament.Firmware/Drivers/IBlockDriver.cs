using Firmament.Core.State;

namespace Firmament.Firmware.Drivers;

/// <summary>
/// A disk or CD that the firmware drives through the registers of its controller. At rest until <see cref="TryStart"/>; after <see cref="Stop"/> the device
/// is again as a driver of the guest's expects it. Its sizes are valid while it is started.
/// </summary>
/// <remarks>Addresses are physical and the data goes there by the device's own DMA or ports. Every wait is bounded in virtual time.</remarks>
public interface IBlockDriver : IBlocks, IStateful
{
    /// <summary>True when it cannot be written. Valid while started.</summary>
    bool IsReadOnly { get; }

    /// <summary>Sets the controller up and asks the device for its size. Counted: the controller rests when as many calls of <see cref="Stop"/> have followed.</summary>
    /// <returns>False when the device does not answer, has no medium, or no memory is left for its rings.</returns>
    bool TryStart();

    /// <summary>Undoes one <see cref="TryStart"/>.</summary>
    void Stop();
}
