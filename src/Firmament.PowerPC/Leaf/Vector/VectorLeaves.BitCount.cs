using System.Runtime.Intrinsics;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.Vector;

// Bit counts, bit gathering and bit permutation of POWER8. Power ISA 2.07B Book I 6.12 to 6.15.
public static unsafe partial class VectorLeaves
{
    /// <summary>vclzb VRT,VRB: leading zeros of bytes, 0 to 8.</summary>
    public static void Vclzb(CpuState* s, Insn* i)
    {
        // Zeros of a nibble; those of the low one count only under a zero high one.
        Vector128<byte> zeros = Vector128.Create((byte)4, 3, 2, 2, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0);
        Vector128<byte> high = B<byte>(s, i) >>> 4;
        Vector128<byte> low = Vector128.ShuffleNative(zeros, B<byte>(s, i) & Vector128.Create((byte)15));
        Vector128<byte> lowCounts = Vector128.Equals(high, Vector128<byte>.Zero);
        Set(s, i, Vector128.ShuffleNative(zeros, high) + (low & lowCounts));
    }

    /// <summary>vclzh VRT,VRB: leading zeros of halfwords, 0 to 16.</summary>
    public static void Vclzh(CpuState* s, Insn* i)
    {
        Vector128<ushort> v = B<ushort>(s, i);
        Vector128<ushort> counts = default;
        for (int lane = 0; lane < 8; lane++)
        {
            counts = counts.WithElement(lane, ushort.LeadingZeroCount(v[lane]));
        }

        Set(s, i, counts);
    }

    /// <summary>vclzw VRT,VRB: leading zeros of words, 0 to 32.</summary>
    public static void Vclzw(CpuState* s, Insn* i)
    {
        Vector128<uint> v = B<uint>(s, i);
        Set(s, i, Vector128.Create(
            uint.LeadingZeroCount(v[0]), uint.LeadingZeroCount(v[1]), uint.LeadingZeroCount(v[2]), uint.LeadingZeroCount(v[3])));
    }

    /// <summary>vclzd VRT,VRB: leading zeros of doublewords, 0 to 64.</summary>
    public static void Vclzd(CpuState* s, Insn* i) =>
        Set(s, i, Vector128.Create(ulong.LeadingZeroCount(B<ulong>(s, i)[0]), ulong.LeadingZeroCount(B<ulong>(s, i)[1])));

    /// <summary>vpopcntb VRT,VRB: ones in bytes.</summary>
    public static void Vpopcntb(CpuState* s, Insn* i) => Set(s, i, OnesInBytes(B<byte>(s, i)));

    /// <summary>vpopcnth VRT,VRB: ones in halfwords.</summary>
    public static void Vpopcnth(CpuState* s, Insn* i) => Set(s, i, OnesInHalfwords(s, i));

    /// <summary>vpopcntw VRT,VRB: ones in words.</summary>
    public static void Vpopcntw(CpuState* s, Insn* i) => Set(s, i, SumPairs(OnesInHalfwords(s, i)));

    /// <summary>vpopcntd VRT,VRB: ones in doublewords.</summary>
    public static void Vpopcntd(CpuState* s, Insn* i) =>
        Set(s, i, Vector128.Create(ulong.PopCount(B<ulong>(s, i)[0]), ulong.PopCount(B<ulong>(s, i)[1])));

    /// <summary>vgbbd VRT,VRB: bit j of byte k of each doubleword becomes bit k of byte j.</summary>
    public static void Vgbbd(CpuState* s, Insn* i)
    {
        // Transpose of an 8 by 8 bit matrix by halves: single bits, pairs, then nibbles change places.
        Vector128<ulong> v = B<ulong>(s, i);
        v = Exchange(v, 7, 0x00aa_00aa_00aa_00aa);
        v = Exchange(v, 14, 0x0000_cccc_0000_cccc);
        Set(s, i, Exchange(v, 28, 0x0000_0000_f0f0_f0f0));
    }

    /// <summary>vbpermq VRT,VRA,VRB: bits 48:63 are VRA's bits indexed by VRB's bytes, 0 past 127; zeros elsewhere.</summary>
    public static void Vbpermq(CpuState* s, Insn* i)
    {
        UInt128 source = WholeA(s, i);
        Vector128<byte> indices = B<byte>(s, i);
        uint gathered = 0;
        for (int element = 0; element < 16; element++)
        {
            int index = indices[15 - element];
            uint bit = index < 128 ? (uint)(source >>> (127 - index)) & 1 : 0;
            gathered = (gathered << 1) | bit;
        }

        Set(s, i, Vector128.Create(0ul, gathered));
    }

    private static Vector128<byte> OnesInBytes(Vector128<byte> v)
    {
        Vector128<byte> ones = Vector128.Create((byte)0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
        return Vector128.ShuffleNative(ones, v >>> 4) + Vector128.ShuffleNative(ones, v & Vector128.Create((byte)15));
    }

    private static Vector128<ushort> OnesInHalfwords(CpuState* s, Insn* i)
    {
        Vector128<ushort> bytes = OnesInBytes(B<byte>(s, i)).AsUInt16();
        return Even(bytes) + Odd(bytes);
    }

    private static Vector128<ulong> Exchange(Vector128<ulong> v, int distance, ulong mask)
    {
        Vector128<ulong> changed = (v ^ (v >>> distance)) & Vector128.Create(mask);
        return v ^ changed ^ (changed << distance);
    }
}
