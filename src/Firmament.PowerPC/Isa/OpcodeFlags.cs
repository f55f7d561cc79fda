namespace Firmament.PowerPC.Isa;

/// <summary>What the engine must know of an encoding.</summary>
[Flags]
internal enum OpcodeFlags : ushort
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

    /// <summary>T is a VSX register: bit 31 is its sixth bit.</summary>
    WideT = 0x100,

    /// <summary>A is a VSX register: bit 29 is its sixth bit.</summary>
    WideA = 0x200,

    /// <summary>B is a VSX register: bit 30 is its sixth bit.</summary>
    WideB = 0x400,

    /// <summary>C is a VSX register: bit 28 is its sixth bit.</summary>
    WideC = 0x800,

    /// <summary>MSR[VEC] off is a vector unavailable interrupt.</summary>
    Vec = 0x1000,

    /// <summary>MSR[VSX] off is a VSX unavailable interrupt.</summary>
    Vsx = 0x2000,

    /// <summary>T is a VSX register of form DQ: bit 28 is its sixth bit.</summary>
    WideTQ = 0x4000,
}
