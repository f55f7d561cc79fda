using Firmament.Firmware.Packages;

namespace Firmament.Firmware.Booting;

/// <summary>A package that knows what of its device is to be booted. Its method `load` does the same without telling where it was found.</summary>
public interface IBootSource
{
    /// <summary>Looks for the program.</summary>
    /// <param name="firmware">The firmware.</param>
    /// <param name="instance">The open device, with its arguments.</param>
    /// <param name="file">A file that the user names apart from the device (`boot hd:0 vmlinux`), or null.</param>
    /// <returns>Null when there is none; the reason has been traced.</returns>
    BootProgram? FindProgram(OpenFirmware firmware, Instance instance, string? file);
}
