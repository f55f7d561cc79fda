using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.Vector;

// SHA-2 sigma functions, polynomial multiply-sum, permute and exclusive or, of POWER8. Power ISA 2.07B Book I 6.11.2 to 6.11.4.
public static unsafe partial class VectorLeaves
{
    /// <summary>vshasigmaw VRT,VRA,ST,SIX: SHA-256 σ (ST 0) or Σ (ST 1) of words, function 0 or 1 by each word's bit of SIX.</summary>
    public static void Vshasigmaw(CpuState* s, Insn* i)
    {
        Vector128<uint> v = A<uint>(s, i);
        bool capital = (i->B & 16) != 0;
        Vector128<uint> result = default;
        for (int lane = 0; lane < 4; lane++)
        {
            // SIX bit n, from the most significant, is for word n, which is lane 3 - n: so bit and lane have one number.
            uint x = v[lane];
            uint sigma = ((i->B >> lane) & 1) == 0
                ? capital ? Rotations(x, 2, 13, 22) : Rotations(x, 7, 18) ^ (x >>> 3)
                : capital ? Rotations(x, 6, 11, 25) : Rotations(x, 17, 19) ^ (x >>> 10);
            result = result.WithElement(lane, sigma);
        }

        Set(s, i, result);
    }

    /// <summary>vshasigmad VRT,VRA,ST,SIX: SHA-512 σ (ST 0) or Σ (ST 1) of doublewords, function by bits 0 and 2 of SIX.</summary>
    public static void Vshasigmad(CpuState* s, Insn* i)
    {
        Vector128<ulong> v = A<ulong>(s, i);
        bool capital = (i->B & 16) != 0;
        Vector128<ulong> result = default;
        for (int lane = 0; lane < 2; lane++)
        {
            ulong x = v[lane];
            ulong sigma = ((i->B >> ((2 * lane) + 1)) & 1) == 0
                ? capital ? Rotations(x, 28, 34, 39) : Rotations(x, 1, 8) ^ (x >>> 7)
                : capital ? Rotations(x, 14, 18, 41) : Rotations(x, 19, 61) ^ (x >>> 6);
            result = result.WithElement(lane, sigma);
        }

        Set(s, i, result);
    }

    /// <summary>vpmsumb VRT,VRA,VRB: exclusive or of each halfword's two byte products over GF(2).</summary>
    public static void Vpmsumb(CpuState* s, Insn* i) => PolynomialMultiplySum(s, i, 8);

    /// <summary>vpmsumh VRT,VRA,VRB: exclusive or of each word's two halfword products over GF(2).</summary>
    public static void Vpmsumh(CpuState* s, Insn* i) => PolynomialMultiplySum(s, i, 16);

    /// <summary>vpmsumw VRT,VRA,VRB: exclusive or of each doubleword's two word products over GF(2).</summary>
    public static void Vpmsumw(CpuState* s, Insn* i) => PolynomialMultiplySum(s, i, 32);

    /// <summary>vpmsumd VRT,VRA,VRB: exclusive or of the two doubleword products over GF(2).</summary>
    public static void Vpmsumd(CpuState* s, Insn* i)
    {
        Vector128<ulong> a = A<ulong>(s, i);
        Vector128<ulong> b = B<ulong>(s, i);
        if (Pclmulqdq.IsSupported)
        {
            Set(s, i, Pclmulqdq.CarrylessMultiply(a, b, 0x00) ^ Pclmulqdq.CarrylessMultiply(a, b, 0x11));
            return;
        }

        UInt128 sum = 0;
        for (int bit = 0; bit < 64; bit++)
        {
            sum ^= ((a[0] >>> bit) & 1) * ((UInt128)b[0] << bit);
            sum ^= ((a[1] >>> bit) & 1) * ((UInt128)b[1] << bit);
        }

        SetWhole(s, i, sum);
    }

    /// <summary>vpermxor VRT,VRA,VRB,VRC: byte i is byte VRC[i] / 16 of VRA exclusive-or byte VRC[i] mod 16 of VRB.</summary>
    public static void Vpermxor(CpuState* s, Insn* i)
    {
        Vector128<byte> selectors = ~C<byte>(s, i);
        Vector128<byte> fromA = Vector128.ShuffleNative(A<byte>(s, i), selectors >>> 4);
        Set(s, i, fromA ^ Vector128.ShuffleNative(B<byte>(s, i), selectors & Vector128.Create((byte)15)));
    }

    private static void PolynomialMultiplySum(CpuState* s, Insn* i, int width)
    {
        // Bit n of every element of VRA selects VRB's element, moved up n places in the wide lane.
        Vector128<ulong> a = A<ulong>(s, i);
        Vector128<ulong> b = B<ulong>(s, i);
        Vector128<ulong> low = Vector128.Create(ulong.MaxValue / ((width == 32 ? 0 : 1ul << (2 * width)) - 1) * ((1ul << width) - 1));
        Set(s, i, Products(a & low, b & low, width) ^ Products((a >>> width) & low, (b >>> width) & low, width));
    }

    /// <summary>Products over GF(2) of elements in the low halves of lanes of twice <paramref name="width"/> bits.</summary>
    private static Vector128<ulong> Products(Vector128<ulong> a, Vector128<ulong> b, int width)
    {
        Vector128<ulong> sum = default;
        for (int bit = 0; bit < width; bit++)
        {
            Vector128<ulong> moved = b << bit;
            sum ^= width switch
            {
                8 => (moved.AsUInt16() & LowBitMask(a.AsUInt16() >>> bit)).AsUInt64(),
                16 => (moved.AsUInt32() & LowBitMask(a.AsUInt32() >>> bit)).AsUInt64(),
                _ => moved & LowBitMask(a >>> bit),
            };
        }

        return sum;
    }

    /// <summary>Ones in the lanes whose last bit is one.</summary>
    private static Vector128<T> LowBitMask<T>(Vector128<T> v) => Vector128<T>.Zero - (v & Vector128<T>.One);

    private static uint Rotations(uint x, int first, int second) => uint.RotateRight(x, first) ^ uint.RotateRight(x, second);

    private static uint Rotations(uint x, int first, int second, int third) => Rotations(x, first, second) ^ uint.RotateRight(x, third);

    private static ulong Rotations(ulong x, int first, int second) => ulong.RotateRight(x, first) ^ ulong.RotateRight(x, second);

    private static ulong Rotations(ulong x, int first, int second, int third) =>
        Rotations(x, first, second) ^ ulong.RotateRight(x, third);
}
