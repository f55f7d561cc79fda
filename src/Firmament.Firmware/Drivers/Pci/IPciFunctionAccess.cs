namespace Firmament.Firmware.Drivers.Pci;

/// <summary>One function of a PCI bus, as a driver of the firmware's reaches it: the same accesses that a guest's loads, stores and RTAS calls make.</summary>
public interface IPciFunctionAccess
{
    /// <summary>Where it is, for traces.</summary>
    string Name { get; }

    /// <summary>What its bus mastering is translated by.</summary>
    IDmaMapper Dma { get; }

    /// <summary>
    /// Makes the function answer at its base address registers and be a bus master; those without an address get one for the time. Counted.
    /// </summary>
    /// <returns>False when there is no room for its registers.</returns>
    bool TryEnable();

    /// <summary>Undoes one <see cref="TryEnable"/>: the last one puts base address and command registers back.</summary>
    void Disable();

    /// <summary>Reads configuration space; all ones where there is no function.</summary>
    /// <param name="offset">0 to 255, a multiple of <paramref name="size"/>.</param>
    /// <param name="size">1, 2 or 4.</param>
    uint ReadConfig(int offset, int size);

    /// <summary>Writes configuration space.</summary>
    void WriteConfig(int offset, uint value, int size);

    /// <summary>CPU address of a base address register's first byte; 0 while the function is not enabled, or where there is none.</summary>
    ulong Address(int bar);

    /// <summary>Reads a little-endian register. Enabled functions only.</summary>
    /// <param name="bar">The base address register, 0 to 5.</param>
    /// <param name="offset">Bytes from its address.</param>
    /// <param name="size">1, 2 or 4.</param>
    uint Read(int bar, uint offset, int size);

    /// <summary>Writes a little-endian register. Enabled functions only.</summary>
    void Write(int bar, uint offset, uint value, int size);
}
