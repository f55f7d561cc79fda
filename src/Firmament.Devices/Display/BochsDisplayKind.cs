namespace Firmament.Devices.Display;

/// <summary>Which of QEMU's cards with the DISPI registers.</summary>
public enum BochsDisplayKind
{
    /// <summary>"VGA": class 0x030000.</summary>
    Vga,

    /// <summary>"secondary-vga": the same for a further monitor, class 0x038000.</summary>
    SecondaryVga,

    /// <summary>"bochs-display": class 0x038000, pixels in PCI's byte order from the start.</summary>
    BochsDisplay,
}
