namespace Firmament.PowerPC.Isa;

/// <summary>How the decoder prepares <see cref="Insn.Imm"/>.</summary>
internal enum ImmediateKind : byte
{
    /// <summary>0.</summary>
    None,

    /// <summary>Bits 16:31, sign-extended.</summary>
    Signed16,

    /// <summary>Bits 16:31.</summary>
    Unsigned16,

    /// <summary>Bits 16:31 in the upper half.</summary>
    Shifted16,

    /// <summary>LI || 0b00, sign-extended.</summary>
    Branch24,

    /// <summary>BD || 0b00, sign-extended.</summary>
    Branch14,

    /// <summary>The mask MASK(MB, ME).</summary>
    Mask,

    /// <summary>The SPR number, its halves swapped back.</summary>
    Spr,

    /// <summary>FXM.</summary>
    CrMask,

    /// <summary>LEV.</summary>
    Level,
}
