namespace Firmament.Devices.Storage;

/// <summary>Which way the data of a SCSI command goes.</summary>
public enum ScsiDirection
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>To the initiator.</summary>
    In,

    /// <summary>From the initiator.</summary>
    Out,
}
