namespace Firmament.PowerPC.Translator.X64;

/// <summary>
/// Scalar floating point in the VEX encoding: AVX and FMA3. Source: Intel SDM volume 2, 2.3 and the instructions' own pages. Nothing here writes
/// the arithmetic flags but the compare.
/// </summary>
internal sealed unsafe partial class X64Assembler
{
    // VEX.pp and VEX.mmmmm.
    private const int Prefix66 = 1;
    private const int PrefixF3 = 2;
    private const int PrefixF2 = 3;
    private const int Map0F = 1;
    private const int Map0F38 = 2;
    private const int Map0F3A = 3;

    /// <summary>vmovsd: the upper half becomes 0.</summary>
    public void LoadDouble(XmmRegister to, MemoryOperand from) => VexMemory(Map0F, PrefixF2, 0x10, (int)to, 0, from, false);

    public void StoreDouble(MemoryOperand to, XmmRegister from) => VexMemory(Map0F, PrefixF2, 0x11, (int)from, 0, to, false);

    /// <summary>vmovapd.</summary>
    public void MoveDouble(XmmRegister to, XmmRegister from) => VexRegister(Map0F, Prefix66, 0x28, (int)to, 0, (int)from, false);

    /// <summary>vmovd or vmovq.</summary>
    public void MoveBits(HostRegister to, XmmRegister from, bool wide) => VexRegister(Map0F, Prefix66, 0x7e, (int)from, 0, (int)to, wide);

    public void MoveBits(XmmRegister to, HostRegister from, bool wide) => VexRegister(Map0F, Prefix66, 0x6e, (int)to, 0, (int)from, wide);

    /// <summary>An operation on two doubles.</summary>
    public void Scalar(ScalarOperation operation, XmmRegister to, XmmRegister a, XmmRegister b) =>
        VexRegister(Map0F, PrefixF2, (byte)operation, (int)to, (int)a, (int)b, false);

    /// <summary>An operation on all bits.</summary>
    public void Logical(LogicalOperation operation, XmmRegister to, XmmRegister a, XmmRegister b) =>
        VexRegister(Map0F, Prefix66, (byte)operation, (int)to, (int)a, (int)b, false);

    /// <summary>A fused operation on <paramref name="to"/> and two more; the name says which two are multiplied.</summary>
    public void Fused(FusedOperation operation, XmmRegister to, XmmRegister second, XmmRegister third) =>
        VexRegister(Map0F38, Prefix66, (byte)operation, (int)to, (int)second, (int)third, true);

    /// <summary>vucomisd: ZF, PF, CF become 111 unordered, 000 greater, 001 less, 100 equal.</summary>
    public void CompareDouble(XmmRegister a, XmmRegister b)
    {
        VexRegister(Map0F, Prefix66, 0x2e, (int)a, 0, (int)b, false);
        FlagsVersion++;
    }

    /// <summary>vcmplesd: all ones where a ≤ b, else 0.</summary>
    public void MaskLessOrEqual(XmmRegister to, XmmRegister a, XmmRegister b)
    {
        VexRegister(Map0F, PrefixF2, 0xc2, (int)to, (int)a, (int)b, false);
        Byte(2);
    }

    /// <summary>vblendvpd: b where the mask's sign is set, else a.</summary>
    public void Blend(XmmRegister to, XmmRegister a, XmmRegister b, XmmRegister mask)
    {
        VexRegister(Map0F3A, Prefix66, 0x4b, (int)to, (int)a, (int)b, false);
        Byte((byte)((int)mask << 4));
    }

    /// <summary>vroundsd to an integral value, which is never inexact: mode 1 toward minus infinity, 2 toward plus infinity, 3 toward zero.</summary>
    public void RoundToIntegral(XmmRegister to, XmmRegister from, byte mode)
    {
        VexRegister(Map0F3A, Prefix66, 0x0b, (int)to, (int)from, (int)from, false);
        Byte((byte)(mode | 8));
    }

    /// <summary>vcvtsd2ss.</summary>
    public void DoubleToSingle(XmmRegister to, XmmRegister from) => VexRegister(Map0F, PrefixF2, 0x5a, (int)to, (int)from, (int)from, false);

    /// <summary>vcvtss2sd.</summary>
    public void SingleToDouble(XmmRegister to, XmmRegister from) => VexRegister(Map0F, PrefixF3, 0x5a, (int)to, (int)from, (int)from, false);

    /// <summary>vcvtsi2sd of 64 bits; the upper half comes from <paramref name="upper"/>.</summary>
    public void IntegerToDouble(XmmRegister to, XmmRegister upper, HostRegister from) =>
        VexRegister(Map0F, PrefixF2, 0x2a, (int)to, (int)upper, (int)from, true);

    /// <summary>vcvttsd2si to 64 bits, toward zero; 2^63 where the integer does not fit.</summary>
    public void TruncateToInteger(HostRegister to, XmmRegister from) => VexRegister(Map0F, PrefixF2, 0x2c, (int)to, 0, (int)from, true);

    /// <summary>vcvtsd2si to 64 bits, in MXCSR's rounding mode; 2^63 where the integer does not fit.</summary>
    public void RoundToInteger(HostRegister to, XmmRegister from) => VexRegister(Map0F, PrefixF2, 0x2d, (int)to, 0, (int)from, true);

    /// <summary>A register with only the sign bits of both doubles set.</summary>
    public void SignBits(XmmRegister to)
    {
        // vpcmpeqd to, to, to; vpsllq to, to, 63
        VexRegister(Map0F, Prefix66, 0x76, (int)to, (int)to, (int)to, false);
        VexRegister(Map0F, Prefix66, 0x73, 6, (int)to, (int)to, false);
        Byte(63);
    }

    /// <summary>vxorps: all bits 0.</summary>
    public void ClearVector(XmmRegister to) => VexRegister(Map0F, 0, 0x57, (int)to, (int)to, (int)to, false);

    private void VexRegister(int map, int prefix, byte opcode, int register, int second, int rm, bool wide)
    {
        VexPrefix(map, prefix, register >> 3, 0, rm >> 3, second, wide);
        Byte(opcode);
        ModRm((HostRegister)register, (HostRegister)rm);
    }

    private void VexMemory(int map, int prefix, byte opcode, int register, int second, MemoryOperand memory, bool wide)
    {
        VexPrefix(map, prefix, register >> 3, (int)memory.Index >> 3, (int)memory.Base >> 3, second, wide);
        Byte(opcode);
        ModRm((HostRegister)register, memory);
    }

    /// <summary>Intel SDM 2.3.5: two bytes where they suffice, else three. Registers' high bits and the second operand are stored inverted.</summary>
    private void VexPrefix(int map, int prefix, int r, int x, int b, int second, bool wide)
    {
        int rest = ((~second & 15) << 3) | prefix;
        if (map == Map0F && x == 0 && b == 0 && !wide)
        {
            Byte(0xc5);
            Byte((byte)(((r ^ 1) << 7) | rest));
            return;
        }

        Byte(0xc4);
        Byte((byte)(((r ^ 1) << 7) | ((x ^ 1) << 6) | ((b ^ 1) << 5) | map));
        Byte((byte)((wide ? 0x80 : 0) | rest));
    }
}
