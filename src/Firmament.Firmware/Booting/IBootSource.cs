using Firmament.Firmware.Packages;

namespace Firmament.Firmware.Booting;

/// <summary>A package whose device may hold a program to boot.</summary>
public interface IBootSource
{
    /// <summary>Looks for the program.</summary>
    /// <param name="firmware">The firmware.</param>
    /// <param name="instance">The open device; stays open while the program is in use.</param>
    /// <param name="file">The word the user typed after the device, or null.</param>
    /// <returns>Null when the device holds none; it has said why on the console.</returns>
    BootProgram? FindProgram(OpenFirmware firmware, Instance instance, string? file);
}
