namespace Firmament.PowerPC.Translator.X64;

/// <summary>
/// Vector instructions on integers and bits, VEX-encoded: three operands, and memory need not be aligned (Intel SDM volume 2, 2.3). They clear
/// the upper halves of ymm registers, so the processor never has to mix. AVX2: see <see cref="HostProcessor.HasVectors"/>.
/// </summary>
internal sealed unsafe partial class X64Assembler
{
    /// <summary>vmovdqu.</summary>
    public void LoadVector(XmmRegister to, MemoryOperand from) => VexMemory(1, PrefixF3, 0x6f, (int)to, 0, from, wide: false);

    /// <summary>vmovdqu.</summary>
    public void StoreVector(MemoryOperand to, XmmRegister from) => VexMemory(1, PrefixF3, 0x7f, (int)from, 0, to, wide: false);

    /// <summary>vmovdqu of the whole ymm register.</summary>
    public void StoreWideVector(MemoryOperand to, XmmRegister from) => VexMemory(1, PrefixF3, 0x7f, (int)from, 0, to, wide: false, ymm: true);

    /// <summary>vmovq: the upper half becomes zero.</summary>
    public void LoadLow(XmmRegister to, MemoryOperand from) => VexMemory(1, PrefixF3, 0x7e, (int)to, 0, from, wide: false);

    /// <summary>vmovd, vmovq: the rest becomes zero.</summary>
    public void MoveToVector(XmmRegister to, HostRegister from, bool wide)
    {
        VexRegister(1, Prefix66, 0x6e, (int)to, 0, (int)from, wide);
    }

    /// <summary>vmovd, vmovq.</summary>
    public void MoveFromVector(HostRegister to, XmmRegister from, bool wide)
    {
        VexRegister(1, Prefix66, 0x7e, (int)from, 0, (int)to, wide);
    }

    /// <summary>vpmovmskb: the highest bit of each byte.</summary>
    public void MoveMask(HostRegister to, XmmRegister from)
    {
        VexRegister(1, Prefix66, 0xd7, (int)to, 0, (int)from, false);
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
        VexRegister(Map(operation), Prefix66, (byte)operation, (int)to, (int)first, (int)second, IsWide(operation));
    }

    public void Packed(PackedOperation operation, XmmRegister to, XmmRegister first, MemoryOperand second) =>
        VexMemory(Map(operation), Prefix66, (byte)operation, (int)to, (int)first, second, IsWide(operation));

    /// <summary>The second operand is data at a place counted from <see cref="Begin"/>; it may lie before it.</summary>
    public void PackedAt(PackedOperation operation, XmmRegister to, XmmRegister first, int position) =>
        VexAt(Map(operation), Prefix66, (byte)operation, (int)to, (int)first, position, IsWide(operation));

    /// <summary>vmovdqu from a place counted from <see cref="Begin"/>.</summary>
    public void LoadVectorAt(XmmRegister to, int position) => VexAt(1, PrefixF3, 0x6f, (int)to, 0, position, wide: false);

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
        VexRegister(Map0F, Prefix66, (byte)((int)shift >> 4), (int)shift & 15, (int)to, (int)from, false);
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
}
