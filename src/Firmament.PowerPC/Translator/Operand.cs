using Firmament.PowerPC.Semantics;

namespace Firmament.PowerPC.Translator;

/// <summary>The word of the semantics as the translator sees it.</summary>
/// <param name="node">The tree.</param>
internal readonly struct Operand(OperandNode node) : IWord<Operand>
{
    /// <summary>The tree.</summary>
    public OperandNode Node { get; } = node;

    /// <inheritdoc/>
    public ulong Bits => Node.IsConstant ? Node.Value : throw new InvalidOperationException("semantics asked for a value that only the guest knows");

    public static Operand From(ulong bits) => new(new OperandNode(OperandKind.Constant, bits));

    public static Operand operator +(Operand left, Operand right) => Binary(OperandKind.Add, left, right);

    public static Operand operator &(Operand left, Operand right) => Binary(OperandKind.And, left, right);

    public static Operand operator |(Operand left, Operand right) => Binary(OperandKind.Or, left, right);

    public static Operand operator ^(Operand left, Operand right) => Binary(OperandKind.Xor, left, right);

    public static Operand operator ~(Operand value) =>
        value.Node.IsConstant ? From(~value.Node.Value) : Unary(OperandKind.Not, value);

    /// <summary>An operation on one operand, with a number of its own where it takes one.</summary>
    public static Operand Unary(OperandKind kind, Operand value, ulong number = 0) => new(new OperandNode(kind, number, value.Node));

    /// <summary>An operation on two.</summary>
    public static Operand Binary(OperandKind kind, Operand left, Operand right)
    {
        (OperandNode a, OperandNode b) = (left.Node, right.Node);
        bool commutes = kind is OperandKind.Add or OperandKind.And or OperandKind.Or or OperandKind.Xor or OperandKind.MultiplyLow;
        if (commutes && a.IsConstant)
        {
            (a, b) = (b, a);
        }

        if (b.IsConstant && a.IsConstant && kind is (OperandKind.Add or OperandKind.And or OperandKind.Or or OperandKind.Xor))
        {
            return From(kind switch
            {
                OperandKind.Add => a.Value + b.Value,
                OperandKind.And => a.Value & b.Value,
                OperandKind.Or => a.Value | b.Value,
                _ => a.Value ^ b.Value,
            });
        }

        if (b.IsConstant && b.Value == 0 && kind is (OperandKind.Add or OperandKind.Or or OperandKind.Xor))
        {
            return new Operand(a);
        }

        if (kind is OperandKind.Or or OperandKind.And && a.Kind == OperandKind.Gpr && b.Kind == OperandKind.Gpr && a.Value == b.Value)
        {
            // mr is an or.
            return new Operand(a);
        }

        return new Operand(new OperandNode(kind, 0, a, b));
    }
}
