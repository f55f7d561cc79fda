namespace Firmament.Machines.Configuration;

/// <summary>What a drive is attached to.</summary>
public enum DriveInterface
{
    /// <summary>Nothing: a <see cref="DeviceConfiguration"/> with drive=ID takes it.</summary>
    None,

    /// <summary>The board's IDE controller; index 0 to 3 is primary master, primary slave, secondary master, secondary slave.</summary>
    Ide,

    /// <summary>A virtio-blk PCI function of its own.</summary>
    Virtio,

    /// <summary>A logical unit behind the machine's own SCSI adapter; the index is its target.</summary>
    Scsi,

    /// <summary>What the machine has of its own: <see cref="MachineKind.OwnDrives"/>.</summary>
    Own,
}
