namespace Firmament.PowerPC.Exceptions;

/// <summary>Why a program interrupt is taken: the SRR1 bit that says so (PEM 6.4.7).</summary>
internal enum ProgramReason : uint
{
    /// <summary>An enabled floating-point exception.</summary>
    FloatingPoint = 0x0010_0000,

    /// <summary>An instruction this CPU does not have.</summary>
    Illegal = 0x0008_0000,

    /// <summary>A supervisor instruction in user mode.</summary>
    Privileged = 0x0004_0000,

    /// <summary>tw, twi.</summary>
    Trap = 0x0002_0000,
}
