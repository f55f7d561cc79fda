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

    /// <summary>Busy: call again at once.</summary>
    public const uint Busy = unchecked((uint)-2);

    /// <summary>Multi-level isolation error, or a resource that is in use.</summary>
    public const uint MultiLevelIsolation = unchecked((uint)-9000);

    /// <summary>The caller may not do that.</summary>
    public const uint NotAuthorized = unchecked((uint)-9002);

    /// <summary>ibm,configure-connector: nothing there can be configured.</summary>
    public const uint NotConfigurable = unchecked((uint)-9003);

    /// <summary>Other threads are still active.</summary>
    public const uint ThreadsActive = unchecked((uint)-9005);

    /// <summary>ibm,get-system-parameter: the buffer is too small or not memory.</summary>
    public const uint SystemParameterError = unchecked((uint)-9999);
}
