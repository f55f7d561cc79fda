namespace Firmament.Machines.Configuration;

/// <summary>What kind of drive the guest sees.</summary>
public enum DriveMedia
{
    /// <summary>A hard disk.</summary>
    Disk,

    /// <summary>A CD-ROM; always read-only, and may be empty.</summary>
    Cdrom,
}
