namespace Firmament.PowerPC.Translator.X64;

/// <summary>Operations on all bits of a vector register by opcode (map 0F, prefix 66).</summary>
internal enum LogicalOperation : byte
{
    And = 0x54,

    /// <summary>The second without the bits of the first.</summary>
    AndNot = 0x55,
    Or = 0x56,
    Xor = 0x57,
}
