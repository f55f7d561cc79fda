namespace Firmament.PowerPC.Translator.X64;

/// <summary>Shifts and rotates by their opcode extension.</summary>
internal enum ShiftOperation : byte
{
    RotateLeft = 0,
    RotateRight = 1,
    Left = 4,
    Right = 5,
    RightAlgebraic = 7,
}
