using System.Numerics;
using System.Runtime.Intrinsics;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.Vector;

// Integer and bit instructions that Power ISA 3.0B adds to Book I chapter 6. Element functions here take one element at a time:
// these are rare.
public static unsafe partial class VectorLeaves
{
    /// <summary>vcmpneb [.] VRT,VRA,VRB: bytes not equal.</summary>
    public static void Vcmpneb(CpuState* s, Insn* i) => SetCompare(s, i, ~Vector128.Equals(A<byte>(s, i), B<byte>(s, i)));

    /// <summary>vcmpneh [.] VRT,VRA,VRB: halfwords not equal.</summary>
    public static void Vcmpneh(CpuState* s, Insn* i) => SetCompare(s, i, ~Vector128.Equals(A<ushort>(s, i), B<ushort>(s, i)));

    /// <summary>vcmpnew [.] VRT,VRA,VRB: words not equal.</summary>
    public static void Vcmpnew(CpuState* s, Insn* i) => SetCompare(s, i, ~Vector128.Equals(A<uint>(s, i), B<uint>(s, i)));

    /// <summary>vcmpnezb [.] VRT,VRA,VRB: bytes not equal, or either is zero.</summary>
    public static void Vcmpnezb(CpuState* s, Insn* i) => SetCompare(s, i, NotEqualOrZero(A<byte>(s, i), B<byte>(s, i)));

    /// <summary>vcmpnezh [.] VRT,VRA,VRB: halfwords not equal, or either is zero.</summary>
    public static void Vcmpnezh(CpuState* s, Insn* i) => SetCompare(s, i, NotEqualOrZero(A<ushort>(s, i), B<ushort>(s, i)));

    /// <summary>vcmpnezw [.] VRT,VRA,VRB: words not equal, or either is zero.</summary>
    public static void Vcmpnezw(CpuState* s, Insn* i) => SetCompare(s, i, NotEqualOrZero(A<uint>(s, i), B<uint>(s, i)));

    /// <summary>vabsdub VRT,VRA,VRB: absolute differences of unsigned bytes.</summary>
    public static void Vabsdub(CpuState* s, Insn* i) => Set(s, i, Difference(A<byte>(s, i), B<byte>(s, i)));

    /// <summary>vabsduh VRT,VRA,VRB: absolute differences of unsigned halfwords.</summary>
    public static void Vabsduh(CpuState* s, Insn* i) => Set(s, i, Difference(A<ushort>(s, i), B<ushort>(s, i)));

    /// <summary>vabsduw VRT,VRA,VRB: absolute differences of unsigned words.</summary>
    public static void Vabsduw(CpuState* s, Insn* i) => Set(s, i, Difference(A<uint>(s, i), B<uint>(s, i)));

    /// <summary>vnegw VRT,VRB: words negated.</summary>
    public static void Vnegw(CpuState* s, Insn* i) => Set(s, i, -B<int>(s, i));

    /// <summary>vnegd VRT,VRB: doublewords negated.</summary>
    public static void Vnegd(CpuState* s, Insn* i) => Set(s, i, -B<long>(s, i));

    /// <summary>vextsb2w VRT,VRB: the low byte of each word, sign-extended.</summary>
    public static void Vextsb2w(CpuState* s, Insn* i) => Set(s, i, B<int>(s, i) << 24 >> 24);

    /// <summary>vextsh2w VRT,VRB: the low halfword of each word, sign-extended.</summary>
    public static void Vextsh2w(CpuState* s, Insn* i) => Set(s, i, B<int>(s, i) << 16 >> 16);

    /// <summary>vextsb2d VRT,VRB: the low byte of each doubleword, sign-extended.</summary>
    public static void Vextsb2d(CpuState* s, Insn* i) => Set(s, i, B<long>(s, i) << 56 >> 56);

    /// <summary>vextsh2d VRT,VRB: the low halfword of each doubleword, sign-extended.</summary>
    public static void Vextsh2d(CpuState* s, Insn* i) => Set(s, i, B<long>(s, i) << 48 >> 48);

    /// <summary>vextsw2d VRT,VRB: the low word of each doubleword, sign-extended.</summary>
    public static void Vextsw2d(CpuState* s, Insn* i) => Set(s, i, B<long>(s, i) << 32 >> 32);

    /// <summary>vprtybw VRT,VRB: parity of the bytes' low bits, by word.</summary>
    public static void Vprtybw(CpuState* s, Insn* i)
    {
        Vector128<uint> v = B<uint>(s, i);
        v ^= v >>> 16;
        Set(s, i, (v ^ (v >>> 8)) & Vector128<uint>.One);
    }

    /// <summary>vprtybd VRT,VRB: parity of the bytes' low bits, by doubleword.</summary>
    public static void Vprtybd(CpuState* s, Insn* i) => Set(s, i, ByteParity(B<ulong>(s, i)));

    /// <summary>vprtybq VRT,VRB: parity of the bytes' low bits.</summary>
    public static void Vprtybq(CpuState* s, Insn* i)
    {
        Vector128<ulong> halves = ByteParity(B<ulong>(s, i));
        Set(s, i, Vector128.CreateScalar(halves[0] ^ halves[1]));
    }

    /// <summary>vctzb VRT,VRB: trailing zeros of bytes, 0 to 8.</summary>
    public static void Vctzb(CpuState* s, Insn* i)
    {
        Vector128<byte> v = B<byte>(s, i);
        Set(s, i, OnesInBytes(~v & (v - Vector128<byte>.One)));
    }

    /// <summary>vctzh VRT,VRB: trailing zeros of halfwords, 0 to 16.</summary>
    public static void Vctzh(CpuState* s, Insn* i)
    {
        Vector128<ushort> v = B<ushort>(s, i);
        Vector128<ushort> bytes = OnesInBytes((~v & (v - Vector128<ushort>.One)).AsByte()).AsUInt16();
        Set(s, i, Even(bytes) + Odd(bytes));
    }

    /// <summary>vctzw VRT,VRB: trailing zeros of words, 0 to 32.</summary>
    public static void Vctzw(CpuState* s, Insn* i)
    {
        Vector128<uint> v = B<uint>(s, i);
        Set(s, i, Vector128.Create(
            uint.TrailingZeroCount(v[0]), uint.TrailingZeroCount(v[1]), uint.TrailingZeroCount(v[2]), uint.TrailingZeroCount(v[3])));
    }

    /// <summary>vctzd VRT,VRB: trailing zeros of doublewords, 0 to 64.</summary>
    public static void Vctzd(CpuState* s, Insn* i) =>
        Set(s, i, Vector128.Create(ulong.TrailingZeroCount(B<ulong>(s, i)[0]), ulong.TrailingZeroCount(B<ulong>(s, i)[1])));

    /// <summary>vrlwmi VRT,VRA,VRB: words rotated and inserted under the mask in VRB's words: rotate 27:31, from 11:15 to 19:23.</summary>
    public static void Vrlwmi(CpuState* s, Insn* i) => RotateWords(s, i, insert: true);

    /// <summary>vrlwnm VRT,VRA,VRB: words rotated and masked as for vrlwmi.</summary>
    public static void Vrlwnm(CpuState* s, Insn* i) => RotateWords(s, i, insert: false);

    /// <summary>vrldmi VRT,VRA,VRB: doublewords rotated and inserted under the mask in VRB: rotate 58:63, from 42:47 to 50:55.</summary>
    public static void Vrldmi(CpuState* s, Insn* i) => RotateDoublewords(s, i, insert: true);

    /// <summary>vrldnm VRT,VRA,VRB: doublewords rotated and masked as for vrldmi.</summary>
    public static void Vrldnm(CpuState* s, Insn* i) => RotateDoublewords(s, i, insert: false);

    /// <summary>vslv VRT,VRA,VRB: each byte and the next one shifted left as a pair by VRB's byte.</summary>
    public static void Vslv(CpuState* s, Insn* i)
    {
        Vector128<byte> n = B<byte>(s, i) & Vector128.Create((byte)7);
        Vector128<byte> a = A<byte>(s, i);
        UInt128 next = WholeA(s, i) << 8;
        Vector128<byte> following = Vector128.Create((ulong)next, (ulong)(next >>> 64)).AsByte();
        Set(s, i, ShiftLeft(a, n) | ShiftRight(following, Vector128.Create((byte)8) - n));
    }

    /// <summary>vsrv VRT,VRA,VRB: the previous byte and each byte shifted right as a pair by VRB's byte.</summary>
    public static void Vsrv(CpuState* s, Insn* i)
    {
        Vector128<byte> n = B<byte>(s, i) & Vector128.Create((byte)7);
        Vector128<byte> a = A<byte>(s, i);
        UInt128 before = WholeA(s, i) >>> 8;
        Vector128<byte> preceding = Vector128.Create((ulong)before, (ulong)(before >>> 64)).AsByte();
        Set(s, i, ShiftRight(a, n) | ShiftLeft(preceding, Vector128.Create((byte)8) - n));
    }

    /// <summary>vbpermd VRT,VRA,VRB: in each doubleword, 8 bits of VRA's indexed by VRB's bytes, 0 past 63.</summary>
    public static void Vbpermd(CpuState* s, Insn* i)
    {
        Vector128<ulong> a = A<ulong>(s, i);
        Vector128<ulong> b = B<ulong>(s, i);
        Set(s, i, Vector128.Create(Gather(a[0], b[0]), Gather(a[1], b[1])));
    }

    /// <summary>vpermr VRT,VRA,VRB,VRC: byte n is byte 31 - VRC[n] mod 32 of VRA followed by VRB.</summary>
    public static void Vpermr(CpuState* s, Insn* i) => Set(s, i, Permute(A<byte>(s, i), B<byte>(s, i), ~C<byte>(s, i)));

    /// <summary>vmsumudm VRT,VRA,VRB,VRC: products of unsigned doublewords and VRC, summed modulo 2^128.</summary>
    public static void Vmsumudm(CpuState* s, Insn* i)
    {
        Vector128<ulong> a = A<ulong>(s, i);
        Vector128<ulong> b = B<ulong>(s, i);
        SetWhole(s, i, ((UInt128)a[0] * b[0]) + ((UInt128)a[1] * b[1]) + WholeC(s, i));
    }

    private static Vector128<T> NotEqualOrZero<T>(Vector128<T> a, Vector128<T> b) =>
        ~Vector128.Equals(a, b) | Vector128.Equals(a, Vector128<T>.Zero) | Vector128.Equals(b, Vector128<T>.Zero);

    private static Vector128<T> Difference<T>(Vector128<T> a, Vector128<T> b) => Vector128.Max(a, b) - Vector128.Min(a, b);

    private static Vector128<ulong> ByteParity(Vector128<ulong> v)
    {
        v ^= v >>> 32;
        v ^= v >>> 16;
        return (v ^ (v >>> 8)) & Vector128<ulong>.One;
    }

    private static void RotateWords(CpuState* s, Insn* i, bool insert)
    {
        Vector128<uint> a = A<uint>(s, i);
        Vector128<uint> control = B<uint>(s, i);
        Vector128<uint> result = insert ? s->Vr(i->T).AsUInt32() : default;
        for (int lane = 0; lane < 4; lane++)
        {
            uint c = control[lane];
            uint mask = Decoder.Mask32((int)(c >> 16) & 31, (int)(c >> 8) & 31);
            result = result.WithElement(lane, (BitOperations.RotateLeft(a[lane], (int)c & 31) & mask) | (result[lane] & ~mask));
        }

        Set(s, i, result);
    }

    private static void RotateDoublewords(CpuState* s, Insn* i, bool insert)
    {
        Vector128<ulong> a = A<ulong>(s, i);
        Vector128<ulong> control = B<ulong>(s, i);
        Vector128<ulong> result = insert ? s->Vr(i->T).AsUInt64() : default;
        for (int lane = 0; lane < 2; lane++)
        {
            ulong c = control[lane];
            int first = (int)(c >> 16) & 63;
            int last = (int)(c >> 8) & 63;
            ulong fromFirst = ulong.MaxValue >> first;
            ulong toLast = ulong.MaxValue << (63 - last);
            ulong mask = first <= last ? fromFirst & toLast : fromFirst | toLast;
            result = result.WithElement(lane, (BitOperations.RotateLeft(a[lane], (int)c & 63) & mask) | (result[lane] & ~mask));
        }

        Set(s, i, result);
    }

    private static ulong Gather(ulong source, ulong indices)
    {
        ulong gathered = 0;
        for (int element = 0; element < 8; element++)
        {
            int index = (int)(indices >> (56 - (8 * element))) & 0xff;
            gathered = (gathered << 1) | (index < 64 ? (source >> (63 - index)) & 1 : 0);
        }

        return gathered;
    }
}
