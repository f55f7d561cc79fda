namespace Firmament.PowerPC.Isa;

/// <summary>What the engine must know of an encoding.</summary>
[Flags]
internal enum OpcodeFlags : byte
{
    None = 0,

    /// <summary>Nothing is executed straight after it without asking the engine: branches and context changes.</summary>
    EndsRun = 1,

    /// <summary>Supervisor only.</summary>
    Privileged = 2,

    /// <summary>Has no fast handler.</summary>
    Slow = 4,

    /// <summary>RA 0 means the value 0.</summary>
    RaOrZero = 8,
}
