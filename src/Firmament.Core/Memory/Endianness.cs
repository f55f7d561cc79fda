namespace Firmament.Core.Memory;

/// <summary>The byte order in which a region's registers are numbered.</summary>
public enum Endianness
{
    /// <summary>The byte at the lowest address is the most significant.</summary>
    Big,

    /// <summary>The byte at the lowest address is the least significant (PCI, ISA, MV64361).</summary>
    Little,
}
