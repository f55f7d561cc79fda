using Firmament.PowerPC.Leaf.FloatingPoint;

namespace Firmament.PowerPC.Translator;

/// <summary>An arithmetic instruction as it is translated: the operation, its registers, and what else it writes.</summary>
/// <param name="Operation">What it computes.</param>
/// <param name="Single">The result is rounded to single.</param>
/// <param name="T">Target VSR.</param>
/// <param name="X">VSR of the first operand.</param>
/// <param name="Y">VSR of the second operand, if it has one.</param>
/// <param name="Z">VSR of a multiply-add's addend.</param>
/// <param name="IsVsx">A VSX scalar: doubleword 1 of the target becomes 0 (<see cref="Leaf.Vsx.VsxLeaves"/>).</param>
/// <param name="Record">CR1 becomes FX, FEX, VX, OX.</param>
internal readonly record struct FloatForm(FloatOperation Operation, bool Single, int T, int X, int Y, int Z, bool IsVsx, bool Record)
{
    /// <summary>It multiplies and adds.</summary>
    public bool IsFused => Operation >= FloatOperation.MultiplyAdd;

    /// <summary>The result is negated after rounding.</summary>
    public bool IsNegated => Operation >= FloatOperation.NegativeMultiplyAdd;

    /// <summary>It has a second operand.</summary>
    public bool HasSecond => IsFused || Operation is FloatOperation.Add or FloatOperation.Subtract or FloatOperation.Multiply or FloatOperation.Divide;

    /// <summary>
    /// A result whose lower 29 bits are a 1 and zeros may lie between two singles because it was rounded: rounding it again would not do. frsp's
    /// operand is exact.
    /// </summary>
    public bool MayRoundTwice => Single && Operation != FloatOperation.RoundToSingle;

    /// <summary>The pending operation, as in <see cref="PendingStatus"/>.</summary>
    public int Pending => (int)Operation | (Single ? PendingStatus.Single : 0);
}
