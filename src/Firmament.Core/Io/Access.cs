namespace Firmament.Core.Io;

/// <summary>What a register allows.</summary>
public enum Access
{
    /// <summary>Writes are ignored.</summary>
    ReadOnly,

    /// <summary>Reads as zero.</summary>
    WriteOnly,

    /// <summary>Both.</summary>
    ReadWrite,
}
