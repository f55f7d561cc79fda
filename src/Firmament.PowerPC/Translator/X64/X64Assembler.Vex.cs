namespace Firmament.PowerPC.Translator.X64;

/// <summary>The VEX encoding, which BMI, vector and fused instructions share (Intel SDM volume 2, 2.3.5).</summary>
internal sealed unsafe partial class X64Assembler
{
    private const int Prefix66 = 1;
    private const int PrefixF3 = 2;
    private const int PrefixF2 = 3;
    private const int Map0F = 1;
    private const int Map0F38 = 2;
    private const int Map0F3A = 3;

    private void VexRegister(int map, int prefix, byte opcode, int register, int second, int rm, bool wide)
    {
        VexPrefix(map, prefix, wide, false, register, second, 0, rm >> 3);
        Byte(opcode);
        ModRm((HostRegister)register, (HostRegister)rm);
    }

    private void VexMemory(int map, int prefix, byte opcode, int register, int second, MemoryOperand memory, bool wide, bool ymm = false)
    {
        VexPrefix(map, prefix, wide, ymm, register, second, (int)memory.Index >> 3, (int)memory.Base >> 3);
        Byte(opcode);
        ModRm((HostRegister)register, memory);
    }

    private void VexAt(int map, int prefix, byte opcode, int register, int second, int position, bool wide)
    {
        VexPrefix(map, prefix, wide, false, register, second, 0, 0);
        Byte(opcode);
        // Mode 0 with base 5 is relative to the next instruction.
        Byte((byte)(((register & 7) << 3) | 5));
        Int32(position - (Position + 4));
    }

    /// <summary>Two bytes where they suffice, else three. Register numbers stand inverted; an absent second operand is written as register 0.</summary>
    private void VexPrefix(int map, int prefix, bool wide, bool ymm, int register, int second, int indexHigh, int baseHigh)
    {
        int last = ((~second & 15) << 3) | (ymm ? 4 : 0) | prefix;
        int high = (register & 8) == 0 ? 0x80 : 0;
        if (map == Map0F && !wide && indexHigh == 0 && baseHigh == 0)
        {
            Byte(0xc5);
            Byte((byte)(high | last));
            return;
        }

        Byte(0xc4);
        Byte((byte)(high | (indexHigh == 0 ? 0x40 : 0) | (baseHigh == 0 ? 0x20 : 0) | map));
        Byte((byte)((wide ? 0x80 : 0) | last));
    }
}
