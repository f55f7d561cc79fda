namespace Firmament.Firmware.Drivers.Scsi;

/// <summary>The data of a command.</summary>
/// <param name="Direction">Which way it goes.</param>
/// <param name="Address">Physical address in RAM, any alignment.</param>
/// <param name="Length">Bytes; 0 exactly when there is no direction.</param>
public readonly record struct ScsiRequest(ScsiDirection Direction, ulong Address, uint Length)
{
    /// <summary>A command without data.</summary>
    public static ScsiRequest Empty => default;

    /// <summary>Data from the unit.</summary>
    public static ScsiRequest In(ulong address, uint length) => new(ScsiDirection.In, address, length);

    /// <summary>Data to the unit.</summary>
    public static ScsiRequest Out(ulong address, uint length) => new(ScsiDirection.Out, address, length);
}
