namespace Firmament.Firmware;

/// <summary>PCI configuration space as RTAS reaches it.</summary>
public interface IPciConfiguration
{
    /// <summary>Reads a register. A function that does not exist reads as all ones.</summary>
    /// <param name="address">Which function; a hose is a host bridge, numbered in tree order.</param>
    /// <param name="register">Byte offset, aligned to <paramref name="size"/>.</param>
    /// <param name="size">1, 2 or 4 bytes.</param>
    /// <param name="value">The value, in the low bits.</param>
    /// <returns>False when there is no such hose or bus.</returns>
    bool TryRead(PciConfigurationAddress address, int register, int size, out uint value);

    /// <summary>Writes a register. A write to a function that does not exist is lost.</summary>
    /// <returns>False when there is no such hose or bus.</returns>
    bool TryWrite(PciConfigurationAddress address, int register, int size, uint value);
}
