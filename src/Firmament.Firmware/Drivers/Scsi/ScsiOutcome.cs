namespace Firmament.Firmware.Drivers.Scsi;

/// <summary>How a command ended that reached its unit.</summary>
/// <param name="Status">The SCSI status; 0 is good.</param>
/// <param name="Key">Sense key (SPC-4 4.5); 0 when there is none.</param>
/// <param name="Code">Additional sense code.</param>
/// <param name="Qualifier">Additional sense code qualifier.</param>
public readonly record struct ScsiOutcome(byte Status, byte Key = 0, byte Code = 0, byte Qualifier = 0)
{
    /// <summary>Status: the command failed and the sense data says why.</summary>
    public const byte CheckCondition = 2;

    /// <summary>True when it did what it was to do.</summary>
    public bool IsGood => Status == 0;

    /// <summary>Something happened to the unit since the last command; the command was not executed.</summary>
    public bool IsAttention => Key == 6;

    /// <summary>Not ready, and it will not get so by waiting: there is no medium.</summary>
    public bool HasNoMedium => Key == 2 && Code == 0x3a;

    /// <summary>Not ready, and perhaps it will be.</summary>
    public bool IsBusy => Status == 8 || (Key == 2 && Code == 4);

    /// <summary>Reads fixed or descriptor format sense data (SPC-4 4.5.2, 4.5.3).</summary>
    public static ScsiOutcome FromSense(byte status, ReadOnlySpan<byte> sense)
    {
        const int FixedLength = 14;
        int format = sense.Length == 0 ? 0 : sense[0] & 0x7f;
        return format switch
        {
            0x72 or 0x73 when sense.Length >= 4 => new ScsiOutcome(status, (byte)(sense[1] & 15), sense[2], sense[3]),
            0x70 or 0x71 when sense.Length >= FixedLength => new ScsiOutcome(status, (byte)(sense[2] & 15), sense[12], sense[13]),
            _ => new ScsiOutcome(status),
        };
    }

    /// <inheritdoc/>
    public override string ToString() => IsGood ? "good" : $"status 0x{Status:x2}, sense {Key:x}/{Code:x2}/{Qualifier:x2}";
}
