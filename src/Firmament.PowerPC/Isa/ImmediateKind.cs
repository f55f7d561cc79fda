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

    /// <summary>Bits 16:29 || 0b00, sign-extended (form DS).</summary>
    Signed14,

    /// <summary>Bits 16:27 || 0b0000, sign-extended (form DQ).</summary>
    Signed12,

    /// <summary>Six bits of SH in B and of MB or ME in C (form MD).</summary>
    Rotate64,

    /// <summary>Six bits of MB or ME in C (form MDS).</summary>
    RotateBy64,

    /// <summary>Six bits of SH in B (form XS).</summary>
    Shift64,
}
