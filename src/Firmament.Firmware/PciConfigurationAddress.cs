namespace Firmament.Firmware;

/// <summary>Names a PCI function.</summary>
/// <param name="Hose">The host bridge, 0 first, in the order of the device tree.</param>
/// <param name="Bus">Relative to the hose's first bus.</param>
/// <param name="Device">0 to 31.</param>
/// <param name="Function">0 to 7.</param>
public readonly record struct PciConfigurationAddress(int Hose, int Bus, int Device, int Function);
