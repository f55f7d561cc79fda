namespace Firmament.Firmware.Rtas;

/// <summary>Status values of RTAS calls (LoPAPR 1.1 7.3).</summary>
public static class RtasStatus
{
    /// <summary>Done.</summary>
    public const uint Success = 0;

    /// <summary>No errors found (event-scan, check-exception).</summary>
    public const uint NoErrors = 1;

    /// <summary>Hardware error.</summary>
    public const uint HardwareError = unchecked((uint)-1);

    /// <summary>Parameter error, or not supported.</summary>
    public const uint ParameterError = unchecked((uint)-3);
}
