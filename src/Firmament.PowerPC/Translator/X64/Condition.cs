namespace Firmament.PowerPC.Translator.X64;

/// <summary>Conditions of Jcc, SETcc and CMOVcc by encoding; the lowest bit inverts.</summary>
internal enum Condition : byte
{
    Overflow = 0,
    NotOverflow = 1,
    Below = 2,
    AboveOrEqual = 3,
    Equal = 4,
    NotEqual = 5,
    BelowOrEqual = 6,
    Above = 7,
    Sign = 8,
    NotSign = 9,
    Parity = 10,
    NotParity = 11,
    Less = 12,
    GreaterOrEqual = 13,
    LessOrEqual = 14,
    Greater = 15,
}
