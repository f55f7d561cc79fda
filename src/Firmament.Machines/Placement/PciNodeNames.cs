namespace Firmament.Machines.Placement;

/// <summary>
/// The names of PCI functions' nodes by class code: those of the Pegasos II firmware where it has one, else those of the PCI bus
/// binding's table (2.5), else pciVVVV,DDDD.
/// </summary>
internal static class PciNodeNames
{
    /// <summary>The name for a function.</summary>
    /// <param name="classCode">24 bits: base class, sub-class, programming interface.</param>
    /// <param name="vendor">Vendor ID.</param>
    /// <param name="device">Device ID.</param>
    public static string For(uint classCode, uint vendor, uint device) => (classCode >> 8) switch
    {
        0x0100 => "scsi",
        0x0101 => "ide",
        0x0200 => "ethernet",
        0x0300 => "display",
        0x0401 => "sound",
        0x0600 => "host",
        0x0601 => "isa",
        0x0680 => "other",
        0x0c00 => "firewire",
        0x0c03 => "usb",
        _ => $"pci{vendor:x},{device:x}",
    };
}
