namespace Firmament.Firmware.Drivers.Scsi;

/// <summary>Which way the data of a command goes.</summary>
public enum ScsiDirection
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>From the unit into RAM.</summary>
    In,

    /// <summary>From RAM to the unit.</summary>
    Out,
}
