namespace Firmament.PowerPC.Leaf.FloatingPoint;

/// <summary>The operations that <see cref="PendingStatus"/> can do again. Operands: the first, the second; of a multiply-add the factors, then the addend.</summary>
internal enum FloatOperation : byte
{
    /// <summary>Nothing is pending.</summary>
    None,
    Add,
    Subtract,
    Multiply,
    Divide,
    SquareRoot,

    /// <summary>frsp and its like.</summary>
    RoundToSingle,

    /// <summary>A signed doubleword to floating point.</summary>
    FromSigned,

    /// <summary>FPRF alone: FR and FI are 0. The operand is the result.</summary>
    Classify,

    /// <summary>The multiply-adds stand last, the negative ones behind the others.</summary>
    MultiplyAdd,
    MultiplySubtract,
    NegativeMultiplyAdd,
    NegativeMultiplySubtract,
}
