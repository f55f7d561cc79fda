namespace Firmament.PowerPC.Tests.Vector;

/// <summary>Instruction forms of primary opcode 4, by the low bits that are extended opcode.</summary>
internal enum VectorForm : uint
{
    /// <summary>Eleven bits, 21:31.</summary>
    VX = 0x7ff,

    /// <summary>Ten bits, 22:31; bit 21 is the record bit.</summary>
    VC = 0x3ff,

    /// <summary>Six bits, 26:31; bits 21:25 are VRC.</summary>
    VA = 0x3f,
}
