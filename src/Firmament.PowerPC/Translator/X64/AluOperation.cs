namespace Firmament.PowerPC.Translator.X64;

/// <summary>The eight operations that share one encoding pattern.</summary>
internal enum AluOperation : byte
{
    Add,
    Or,
    AddCarry,
    SubtractBorrow,
    And,
    Subtract,
    Xor,
    Compare,
}
