namespace Firmament.Firmware.Drivers;

/// <summary>Where bus masters find RAM: the addresses that a driver gives its device.</summary>
public interface IDmaMapper
{
    /// <summary>Lets a device reach a range of RAM, for reading and writing.</summary>
    /// <param name="address">Physical address.</param>
    /// <param name="length">Bytes, at least 1.</param>
    /// <param name="busAddress">What to tell the device.</param>
    /// <returns>False when there is no room in the device's window.</returns>
    bool TryMap(ulong address, ulong length, out ulong busAddress);

    /// <summary>Ends what one <see cref="TryMap"/> began.</summary>
    void Unmap(ulong busAddress);
}
