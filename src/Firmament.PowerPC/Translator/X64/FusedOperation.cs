namespace Firmament.PowerPC.Translator.X64;

/// <summary>FMA3 on doubles by opcode (map 0F38, prefix 66, W = 1). 213: second × to ± third; 231: second × third ± to.</summary>
internal enum FusedOperation : byte
{
    Add213 = 0xa9,
    Subtract213 = 0xab,
    Add231 = 0xb9,
    Subtract231 = 0xbb,

    /// <summary>to - second × third.</summary>
    NegateAdd231 = 0xbd,
}
