namespace Firmament.Core.Tracing;

/// <summary>Kinds of trace events; each can be switched on by itself.</summary>
[Flags]
public enum TraceCategory
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Client interface, RTAS and hypervisor calls.</summary>
    Firmware = 1,

    /// <summary>What a guest did wrong, or asked for that is not modelled.</summary>
    GuestErrors = 2,

    /// <summary>Device register accesses.</summary>
    Devices = 4,

    /// <summary>Interrupts and exceptions the CPU takes.</summary>
    Exceptions = 8,

    /// <summary>What the translator makes of the guest's code.</summary>
    Code = 16,
}
