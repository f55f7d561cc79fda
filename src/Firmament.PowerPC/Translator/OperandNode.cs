namespace Firmament.PowerPC.Translator;

/// <summary>
/// A value of the semantics while they are translated: a tree that is evaluated where it is used, so that an operation meets its operands'
/// places. Once evaluated, the tree stands for the place its value went to.
/// </summary>
internal sealed class OperandNode(OperandKind kind, ulong value = 0, OperandNode? a = null, OperandNode? b = null)
{
    /// <summary>What it is.</summary>
    public OperandKind Kind { get; set; } = kind;

    /// <summary>A constant or a place's number; see <see cref="OperandKind"/>.</summary>
    public ulong Value { get; set; } = value;

    /// <summary>First operand of an operation.</summary>
    public OperandNode? A { get; } = a;

    /// <summary>Second operand of an operation.</summary>
    public OperandNode? B { get; } = b;

    /// <summary>True for a constant.</summary>
    public bool IsConstant => Kind == OperandKind.Constant;

    /// <summary>True when evaluating the tree reads a general register.</summary>
    public bool Reads(int gpr) =>
        Kind == OperandKind.Gpr ? (int)Value == gpr : Kind != OperandKind.Host && (A?.Reads(gpr) == true || B?.Reads(gpr) == true);
}
