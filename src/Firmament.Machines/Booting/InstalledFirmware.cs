using Firmament.Firmware;
using Firmament.Machines.Drivers;

namespace Firmament.Machines.Booting;

/// <summary>The firmware of one boot, with what belongs to it.</summary>
/// <param name="Firmware">Open Firmware over its tree.</param>
/// <param name="Devices">What it can drive; null where the client gets no Open Firmware.</param>
/// <param name="Shell">What runs while no client does; null there too.</param>
internal sealed record InstalledFirmware(OpenFirmware Firmware, FirmwareDevices? Devices, FirmwareShell? Shell);
