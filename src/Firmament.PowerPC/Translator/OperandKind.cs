namespace Firmament.PowerPC.Translator;

/// <summary>What an operand of the translator is: a constant, a place, or an operation on other operands.</summary>
internal enum OperandKind : byte
{
    /// <summary><see cref="OperandNode.Value"/> itself.</summary>
    Constant,

    /// <summary>The general register numbered <see cref="OperandNode.Value"/>.</summary>
    Gpr,

    /// <summary>The host register numbered <see cref="OperandNode.Value"/>, until the end of the instruction.</summary>
    Host,

    /// <summary>Guest storage at the host address rcx + rax; <see cref="OperandNode.Value"/> bytes, to be loaded by the next evaluation.</summary>
    Storage,

    /// <summary>A 64-bit word of the state at offset <see cref="OperandNode.Value"/>.</summary>
    State,

    /// <summary>XER[CA].</summary>
    Carry,

    /// <summary>The page's effective address plus <see cref="OperandNode.Value"/>.</summary>
    PageRelative,

    /// <summary>The whole CR.</summary>
    ConditionRegister,

    /// <summary>1 when a bit of mask <see cref="OperandNode.Value"/> &amp; 15 is set in CR field <see cref="OperandNode.Value"/> &gt;&gt; 4, else 0.</summary>
    CrFlag,

    /// <summary>1 when the host condition numbered <see cref="OperandNode.Value"/> holds in the flags as they are, else 0.</summary>
    Flags,

    Add,
    Subtract,
    Negate,
    And,
    Or,
    Xor,
    Not,
    MultiplyLow,
    RotateLeft32,
    RotateLeft64,
    ShiftLeft32,
    ShiftRight32,
    ShiftLeft64,
    ShiftRight64,
    SignExtend8,
    SignExtend16,
    SignExtend32,
    ByteReverse16,
    ByteReverse32,
    ByteReverse64,
    LeadingZeros32,
    LeadingZeros64,
}
