namespace Firmament.PowerPC.Translator.X64;

/// <summary>Shifts of packed elements by an immediate, under their names of the Intel SDM: opcode and, in the low four bits, its extension.</summary>
internal enum PackedShift : ushort
{
    Psrlw = 0x712,
    Psraw = 0x714,
    Psllw = 0x716,
    Psrld = 0x722,
    Psrad = 0x724,
    Pslld = 0x726,
    Psrlq = 0x732,
    Psrldq = 0x733,
    Psllq = 0x736,
    Pslldq = 0x737,
}
