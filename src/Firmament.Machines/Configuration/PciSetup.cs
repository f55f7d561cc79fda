namespace Firmament.Machines.Configuration;

/// <summary>Who assigns PCI base addresses.</summary>
public enum PciSetup
{
    /// <summary>The firmware, before the guest starts.</summary>
    Firmware,

    /// <summary>The guest; the functions come up with unassigned base addresses.</summary>
    Guest,
}
