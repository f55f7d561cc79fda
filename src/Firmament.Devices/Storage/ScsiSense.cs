namespace Firmament.Devices.Storage;

/// <summary>Why a command failed. Source: SPC-4 4.5 and annex D.</summary>
/// <param name="Key">Sense key; 0 = nothing to tell.</param>
/// <param name="Code">Additional sense code.</param>
/// <param name="Qualifier">Additional sense code qualifier.</param>
public readonly record struct ScsiSense(byte Key, byte Code, byte Qualifier = 0)
{
    /// <summary>Bytes of sense data in fixed format.</summary>
    public const int Length = 18;

    /// <summary>Sense key NOT READY.</summary>
    public const byte NotReady = 2;

    /// <summary>Sense key MEDIUM ERROR.</summary>
    public const byte MediumError = 3;

    /// <summary>Sense key HARDWARE ERROR.</summary>
    public const byte HardwareError = 4;

    /// <summary>Sense key ILLEGAL REQUEST.</summary>
    public const byte IllegalRequest = 5;

    /// <summary>Sense key UNIT ATTENTION.</summary>
    public const byte UnitAttention = 6;

    /// <summary>Sense key DATA PROTECT.</summary>
    public const byte DataProtect = 7;

    /// <summary>Sense key MISCOMPARE.</summary>
    public const byte Miscompare = 14;

    /// <summary>Nothing to tell.</summary>
    public static ScsiSense None => default;

    /// <summary>INVALID COMMAND OPERATION CODE.</summary>
    public static ScsiSense InvalidOperation => new(IllegalRequest, 0x20);

    /// <summary>LOGICAL BLOCK ADDRESS OUT OF RANGE.</summary>
    public static ScsiSense OutOfRange => new(IllegalRequest, 0x21);

    /// <summary>INVALID FIELD IN CDB.</summary>
    public static ScsiSense InvalidField => new(IllegalRequest, 0x24);

    /// <summary>LOGICAL UNIT NOT SUPPORTED.</summary>
    public static ScsiSense NoUnit => new(IllegalRequest, 0x25);

    /// <summary>INVALID FIELD IN PARAMETER LIST.</summary>
    public static ScsiSense InvalidParameter => new(IllegalRequest, 0x26);

    /// <summary>WRITE PROTECTED.</summary>
    public static ScsiSense WriteProtected => new(DataProtect, 0x27);

    /// <summary>UNRECOVERED READ ERROR.</summary>
    public static ScsiSense ReadError => new(MediumError, 0x11);

    /// <summary>WRITE ERROR.</summary>
    public static ScsiSense WriteError => new(MediumError, 0x0c);

    /// <summary>INTERNAL TARGET FAILURE: what memory the initiator named is not there.</summary>
    public static ScsiSense TransferFailed => new(HardwareError, 0x44);

    /// <summary>POWER ON, RESET, OR BUS DEVICE RESET OCCURRED.</summary>
    public static ScsiSense ResetOccurred => new(UnitAttention, 0x29);

    /// <summary>Writes sense data in fixed format, current error.</summary>
    public void WriteTo(Span<byte> destination)
    {
        destination[..Length].Clear();
        destination[0] = 0x70;
        destination[2] = Key;
        destination[7] = Length - 8;
        destination[12] = Code;
        destination[13] = Qualifier;
    }
}
