namespace Firmament.Devices.Buses;

/// <summary>The two address spaces of a PCI bus that BARs decode.</summary>
public enum PciSpace
{
    /// <summary>I/O ports.</summary>
    Io,

    /// <summary>32-bit memory.</summary>
    Memory,
}
