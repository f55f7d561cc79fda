namespace Firmament.PowerPC.Translator.X64;

/// <summary>
/// Vector instructions on integers and bits, VEX-encoded: three operands, and memory need not be aligned (Intel SDM volume 2, 2.3). They clear
/// the upper halves of ymm registers, so the processor never has to mix. AVX2: see <see cref="HostProcessor.HasVectors"/>.
/// </summary>
internal sealed unsafe partial class X64Assembler
{
    private const int Prefix66 = 1;
    private const int PrefixF3 = 2;

    /// <summary>vmovdqu.</summary>
    public void LoadVector(XmmRegister to, MemoryOperand from) => VexMemory(1, PrefixF3, 0x6f, to, 0, from, wide: false);

    /// <summary>vmovdqu.</summary>
    public void StoreVector(MemoryOperand to, XmmRegister from) => VexMemory(1, PrefixF3, 0x7f, from, 0, to, wide: false);

    /// <summary>vmovdqu of the whole ymm register.</summary>
    public void StoreWideVector(MemoryOperand to, XmmRegister from) => VexMemory(1, PrefixF3, 0x7f, from, 0, to, wide: false, ymm: true);

    /// <summary>vmovq: the upper half becomes zero.</summary>
    public void LoadLow(XmmRegister to, MemoryOperand from) => VexMemory(1, PrefixF3, 0x7e, to, 0, from, wide: false);

    /// <summary>vmovd, vmovq: the rest becomes zero.</summary>
    public void MoveToVector(XmmRegister to, HostRegister from, bool wide)
    {
        VexPrefix(1, Prefix66, wide, false, (int)to, 0, 0, (int)from >> 3);
        Byte(0x6e);
        ModRm((HostRegister)to, from);
    }

    /// <summary>vmovd, vmovq.</summary>
    public void MoveFromVector(HostRegister to, XmmRegister from, bool wide)
    {
        VexPrefix(1, Prefix66, wide, false, (int)from, 0, 0, (int)to >> 3);
        Byte(0x7e);
        ModRm((HostRegister)from, to);
    }

    /// <summary>vpmovmskb: the highest bit of each byte.</summary>
    public void MoveMask(HostRegister to, XmmRegister from)
    {
        VexPrefix(1, Prefix66, false, false, (int)to, 0, 0, (int)from >> 3);
        Byte(0xd7);
        ModRm(to, (HostRegister)from);
    }

    /// <summary>vptest: ZF when no bit is in both, CF when none is in <paramref name="b"/> alone.</summary>
    public void TestVector(XmmRegister a, XmmRegister b)
    {
        Packed(PackedOperation.Ptest, a, b);
        FlagsVersion++;
    }

    /// <summary>An operation of one operand.</summary>
    public void Packed(PackedOperation operation, XmmRegister to, XmmRegister from) => Packed(operation, to, XmmRegister.Xmm0, from);

    /// <summary>An operation of one operand.</summary>
    public void Packed(PackedOperation operation, XmmRegister to, MemoryOperand from) => Packed(operation, to, XmmRegister.Xmm0, from);

    public void Packed(PackedOperation operation, XmmRegister to, XmmRegister first, XmmRegister second)
    {
        VexPrefix(Map(operation), Prefix66, IsWide(operation), false, (int)to, (int)first, 0, (int)second >> 3);
        Byte((byte)operation);
        ModRm((HostRegister)to, (HostRegister)second);
    }

    public void Packed(PackedOperation operation, XmmRegister to, XmmRegister first, MemoryOperand second) =>
        VexMemory(Map(operation), Prefix66, (byte)operation, to, first, second, IsWide(operation));

    /// <summary>The second operand is data at a place counted from <see cref="Begin"/>; it may lie before it.</summary>
    public void PackedAt(PackedOperation operation, XmmRegister to, XmmRegister first, int position) =>
        VexAt(Map(operation), Prefix66, (byte)operation, to, first, position, IsWide(operation));

    /// <summary>vmovdqu from a place counted from <see cref="Begin"/>.</summary>
    public void LoadVectorAt(XmmRegister to, int position) => VexAt(1, PrefixF3, 0x6f, to, 0, position, wide: false);

    public void PackedImmediate(PackedOperation operation, XmmRegister to, XmmRegister first, XmmRegister second, int value)
    {
        Packed(operation, to, first, second);
        Byte((byte)value);
    }

    public void PackedImmediate(PackedOperation operation, XmmRegister to, XmmRegister first, MemoryOperand second, int value)
    {
        Packed(operation, to, first, second);
        Byte((byte)value);
    }

    public void Packed(PackedShift shift, XmmRegister to, XmmRegister from, int count)
    {
        VexPrefix(1, Prefix66, false, false, 0, (int)to, 0, (int)from >> 3);
        Byte((byte)((int)shift >> 4));
        ModRm((HostRegister)((int)shift & 15), (HostRegister)from);
        Byte((byte)count);
    }

    /// <summary>Writes bytes that are not code.</summary>
    public void Data(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            Byte(value);
        }
    }

    private static int Map(PackedOperation operation) => ((int)operation >> 8) & 15;

    private static bool IsWide(PackedOperation operation) => ((int)operation & 0x8000) != 0;

    private void VexMemory(
        int map, int prefix, byte opcode, XmmRegister register, XmmRegister second, MemoryOperand memory, bool wide, bool ymm = false)
    {
        VexPrefix(map, prefix, wide, ymm, (int)register, (int)second, (int)memory.Index >> 3, (int)memory.Base >> 3);
        Byte(opcode);
        ModRm((HostRegister)register, memory);
    }

    private void VexAt(int map, int prefix, byte opcode, XmmRegister register, XmmRegister second, int position, bool wide)
    {
        VexPrefix(map, prefix, wide, false, (int)register, (int)second, 0, 0);
        Byte(opcode);
        // Mode 0 with base 5 is relative to the next instruction.
        Byte((byte)((((int)register & 7) << 3) | 5));
        Int32(position - (Position + 4));
    }

    /// <summary>Register numbers stand inverted in it; an absent second operand is written as register 0.</summary>
    private void VexPrefix(int map, int prefix, bool wide, bool ymm, int register, int second, int indexHigh, int baseHigh)
    {
        int last = ((~second & 15) << 3) | (ymm ? 4 : 0) | prefix;
        int high = (register & 8) == 0 ? 0x80 : 0;
        if (map == 1 && !wide && indexHigh == 0 && baseHigh == 0)
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
