namespace Firmament.PowerPC.Translator.X64;

/// <summary>Operations on doubles by opcode (map 0F, prefix F2).</summary>
internal enum ScalarOperation : byte
{
    SquareRoot = 0x51,
    Add = 0x58,
    Multiply = 0x59,
    Subtract = 0x5c,
    Divide = 0x5e,
}
