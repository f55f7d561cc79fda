namespace Firmament.PowerPC.Translator.X64;

/// <summary>
/// Scalar floating point in the VEX encoding: AVX and FMA3. Source: Intel SDM volume 2, 2.3 and the instructions' own pages. Nothing here writes
/// the arithmetic flags but the compare.
/// </summary>
internal sealed unsafe partial class X64Assembler
{
    // VEX.pp and VEX.mmmmm.
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
}
