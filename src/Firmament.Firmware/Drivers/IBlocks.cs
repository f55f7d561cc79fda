namespace Firmament.Firmware.Drivers;

/// <summary>Blocks that can be read into RAM and written from it.</summary>
public interface IBlocks
{
    /// <summary>Bytes of a block; a power of two.</summary>
    int BlockSize { get; }

    /// <summary>Number of blocks.</summary>
    ulong BlockCount { get; }

    /// <summary>Most bytes of one transfer; a multiple of <see cref="BlockSize"/>.</summary>
    uint MaxTransfer { get; }

    /// <summary>Reads whole blocks.</summary>
    /// <param name="block">The first.</param>
    /// <param name="count">How many; at most <see cref="MaxTransfer"/> bytes of them.</param>
    /// <param name="address">Physical address of RAM, any alignment; the caller has checked that all of it is RAM.</param>
    /// <returns>False on a device error, a range outside the device, or a time-out.</returns>
    bool TryRead(ulong block, uint count, ulong address);

    /// <summary>Writes whole blocks; the device keeps them when it returns true. Else as <see cref="TryRead"/>.</summary>
    bool TryWrite(ulong block, uint count, ulong address);
}
