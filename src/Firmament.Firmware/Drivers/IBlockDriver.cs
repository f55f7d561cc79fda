using Firmament.Core.State;

namespace Firmament.Firmware.Drivers;

/// <summary>
/// A disk or CD that the firmware drives through the registers of its controller. At rest until <see cref="TryStart"/>; after <see cref="Stop"/> the device
/// is again as a driver of the guest's expects it.
/// </summary>
/// <remarks>Addresses are physical and the data goes there by the device's own DMA or ports. Every wait is bounded in virtual time.</remarks>
public interface IBlockDriver : IStateful
{
    /// <summary>Bytes of a block. Valid while started.</summary>
    int BlockSize { get; }

    /// <summary>Number of blocks. Valid while started.</summary>
    ulong BlockCount { get; }

    /// <summary>Most bytes of one transfer; a multiple of <see cref="BlockSize"/>.</summary>
    uint MaxTransfer { get; }

    /// <summary>True when it cannot be written. Valid while started.</summary>
    bool IsReadOnly { get; }

    /// <summary>Sets the controller up and asks the device for its size. Counted: the controller rests when as many calls of <see cref="Stop"/> have followed.</summary>
    /// <returns>False when the device does not answer, has no medium, or no memory is left for its rings.</returns>
    bool TryStart();

    /// <summary>Undoes one <see cref="TryStart"/>.</summary>
    void Stop();

    /// <summary>Reads whole blocks.</summary>
    /// <param name="block">The first.</param>
    /// <param name="count">How many; at most <see cref="MaxTransfer"/> bytes of them.</param>
    /// <param name="address">Physical address of RAM, any alignment; the caller has checked that all of it is RAM.</param>
    /// <returns>False on a device error, a range outside the device, or a time-out.</returns>
    bool TryRead(ulong block, uint count, ulong address);

    /// <summary>Writes whole blocks; the device keeps them when it returns true. Else as <see cref="TryRead"/>.</summary>
    bool TryWrite(ulong block, uint count, ulong address);
}
