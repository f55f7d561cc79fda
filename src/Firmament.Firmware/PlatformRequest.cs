namespace Firmament.Firmware;

/// <summary>What firmware asks of its machine.</summary>
public enum PlatformRequest
{
    /// <summary>Switch the power off.</summary>
    PowerOff,

    /// <summary>Reset and boot again as configured.</summary>
    Reset,

    /// <summary>Reset and boot with the given string (client service "boot").</summary>
    Boot,

    /// <summary>The client gave control back for good (client service "exit").</summary>
    ClientExit,

    /// <summary>The guest reports that it panicked (RTAS ibm,os-term); the detail is its message.</summary>
    Panic,

    /// <summary>Stop: strict mode met a call that is not implemented.</summary>
    Halt,
}
