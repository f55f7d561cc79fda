using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.Vector;

// Permute, merge and splat. Power ISA 2.07B Book I 6.8.2 to 6.8.4, 6.8.6.
public static unsafe partial class VectorLeaves
{
    /// <summary>vperm VRT,VRA,VRB,VRC: byte i is byte VRC[i] mod 32 of VRA followed by VRB.</summary>
    public static void Vperm(CpuState* s, Insn* i) => Set(s, i, Permute(A<byte>(s, i), B<byte>(s, i), C<byte>(s, i)));

    /// <summary>vsldoi VRT,VRA,VRB,SHB: bytes SHB to SHB + 15 of VRA followed by VRB.</summary>
    public static void Vsldoi(CpuState* s, Insn* i)
    {
        Vector128<byte> first = Vector128.Create((byte)15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
        Vector128<byte> selectors = first + Vector128.Create((byte)((i->Word >> 6) & 15));
        Set(s, i, Permute(A<byte>(s, i), B<byte>(s, i), selectors));
    }

    /// <summary>vmrghb VRT,VRA,VRB: bytes 0 to 7 of VRA and VRB in turn.</summary>
    public static void Vmrghb(CpuState* s, Insn* i) => Set(s, i, MergeHigh(A<byte>(s, i), B<byte>(s, i)));

    /// <summary>vmrglb VRT,VRA,VRB: bytes 8 to 15 of VRA and VRB in turn.</summary>
    public static void Vmrglb(CpuState* s, Insn* i) => Set(s, i, MergeLow(A<byte>(s, i), B<byte>(s, i)));

    /// <summary>vmrghh VRT,VRA,VRB: halfwords 0 to 3 of VRA and VRB in turn.</summary>
    public static void Vmrghh(CpuState* s, Insn* i) => Set(s, i, MergeHigh(A<ushort>(s, i), B<ushort>(s, i)));

    /// <summary>vmrglh VRT,VRA,VRB: halfwords 4 to 7 of VRA and VRB in turn.</summary>
    public static void Vmrglh(CpuState* s, Insn* i) => Set(s, i, MergeLow(A<ushort>(s, i), B<ushort>(s, i)));

    /// <summary>vmrghw VRT,VRA,VRB: words 0 and 1 of VRA and VRB in turn.</summary>
    public static void Vmrghw(CpuState* s, Insn* i) => Set(s, i, MergeHigh(A<uint>(s, i), B<uint>(s, i)));

    /// <summary>vmrglw VRT,VRA,VRB: words 2 and 3 of VRA and VRB in turn.</summary>
    public static void Vmrglw(CpuState* s, Insn* i) => Set(s, i, MergeLow(A<uint>(s, i), B<uint>(s, i)));

    /// <summary>vspltb VRT,VRB,UIM: byte UIM mod 16 in every byte.</summary>
    public static void Vspltb(CpuState* s, Insn* i) => Set(s, i, Vector128.Create(B<byte>(s, i).GetElement(15 - (i->A & 15))));

    /// <summary>vsplth VRT,VRB,UIM: halfword UIM mod 8 in every halfword.</summary>
    public static void Vsplth(CpuState* s, Insn* i) => Set(s, i, Vector128.Create(B<ushort>(s, i).GetElement(7 - (i->A & 7))));

    /// <summary>vspltw VRT,VRB,UIM: word UIM mod 4 in every word.</summary>
    public static void Vspltw(CpuState* s, Insn* i) => Set(s, i, Vector128.Create(B<uint>(s, i).GetElement(3 - (i->A & 3))));

    /// <summary>vspltisb VRT,SIM: SIM, -16 to 15, in every byte.</summary>
    public static void Vspltisb(CpuState* s, Insn* i) => Set(s, i, Vector128.Create((sbyte)SignedImmediate(i)));

    /// <summary>vspltish VRT,SIM: SIM, -16 to 15, in every halfword.</summary>
    public static void Vspltish(CpuState* s, Insn* i) => Set(s, i, Vector128.Create((short)SignedImmediate(i)));

    /// <summary>vspltisw VRT,SIM: SIM, -16 to 15, in every word.</summary>
    public static void Vspltisw(CpuState* s, Insn* i) => Set(s, i, Vector128.Create(SignedImmediate(i)));

    private static int SignedImmediate(Insn* i) => (i->A << 27) >> 27;

    private static Vector128<byte> MergeHigh(Vector128<byte> a, Vector128<byte> b) => Sse2.IsSupported
        ? Sse2.UnpackHigh(b, a)
        : ((Vector128.WidenUpper(a) << 8) | Vector128.WidenUpper(b)).AsByte();

    private static Vector128<byte> MergeLow(Vector128<byte> a, Vector128<byte> b) => Sse2.IsSupported
        ? Sse2.UnpackLow(b, a)
        : ((Vector128.WidenLower(a) << 8) | Vector128.WidenLower(b)).AsByte();

    private static Vector128<ushort> MergeHigh(Vector128<ushort> a, Vector128<ushort> b) => Sse2.IsSupported
        ? Sse2.UnpackHigh(b, a)
        : ((Vector128.WidenUpper(a) << 16) | Vector128.WidenUpper(b)).AsUInt16();

    private static Vector128<ushort> MergeLow(Vector128<ushort> a, Vector128<ushort> b) => Sse2.IsSupported
        ? Sse2.UnpackLow(b, a)
        : ((Vector128.WidenLower(a) << 16) | Vector128.WidenLower(b)).AsUInt16();

    private static Vector128<uint> MergeHigh(Vector128<uint> a, Vector128<uint> b) => Sse2.IsSupported
        ? Sse2.UnpackHigh(b, a)
        : ((Vector128.WidenUpper(a) << 32) | Vector128.WidenUpper(b)).AsUInt32();

    private static Vector128<uint> MergeLow(Vector128<uint> a, Vector128<uint> b) => Sse2.IsSupported
        ? Sse2.UnpackLow(b, a)
        : ((Vector128.WidenLower(a) << 32) | Vector128.WidenLower(b)).AsUInt32();

    /// <summary>
    /// Byte s of VRA followed by VRB is host byte 31 - s of b followed by a, and 31 - s is the complement of s in five bits.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<byte> Permute(Vector128<byte> a, Vector128<byte> b, Vector128<byte> selectors)
    {
        if (Avx512Vbmi.VL.IsSupported)
        {
            return Avx512Vbmi.VL.PermuteVar16x8x2(b, ~selectors, a);
        }

        Vector128<byte> within = ~selectors & Vector128.Create((byte)0x0f);
        // Every index is in range, where the native shuffles of all hosts agree.
        Vector128<byte> fromA = Vector128.ShuffleNative(a, within);
        Vector128<byte> fromB = Vector128.ShuffleNative(b, within);
        Vector128<byte> bit4 = Vector128.Create((byte)0x10);
        return Vector128.ConditionalSelect(Vector128.Equals(selectors & bit4, bit4), fromB, fromA);
    }
}
