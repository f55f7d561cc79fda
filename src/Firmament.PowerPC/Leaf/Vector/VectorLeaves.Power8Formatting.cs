using System.Runtime.Intrinsics;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.Vector;

// Doubleword pack and unpack, word merges and bitwise operations of POWER8. Power ISA 2.07B Book I 6.8, 6.9.3.
public static unsafe partial class VectorLeaves
{
    /// <summary>vpkudum VRT,VRA,VRB: low word of each doubleword of VRA, then of VRB.</summary>
    public static void Vpkudum(CpuState* s, Insn* i) => Set(s, i, Vector128.Narrow(B<ulong>(s, i), A<ulong>(s, i)));

    /// <summary>vpkudus VRT,VRA,VRB: unsigned doublewords clamped to unsigned words.</summary>
    public static void Vpkudus(CpuState* s, Insn* i) =>
        Set(s, i, Vector128.Narrow(Clamp<ulong>(s, B<ulong>(s, i), 0, uint.MaxValue), Clamp<ulong>(s, A<ulong>(s, i), 0, uint.MaxValue)));

    /// <summary>vpksdus VRT,VRA,VRB: signed doublewords clamped to unsigned words.</summary>
    public static void Vpksdus(CpuState* s, Insn* i) =>
        Set(s, i, Vector128.Narrow(Clamp<long>(s, B<long>(s, i), 0, uint.MaxValue), Clamp<long>(s, A<long>(s, i), 0, uint.MaxValue)));

    /// <summary>vpksdss VRT,VRA,VRB: signed doublewords clamped to signed words.</summary>
    public static void Vpksdss(CpuState* s, Insn* i) =>
        Set(s, i, Vector128.Narrow(ClampToWord(s, B<long>(s, i)), ClampToWord(s, A<long>(s, i))));

    /// <summary>vupkhsw VRT,VRB: sign-extend words 0 and 1.</summary>
    public static void Vupkhsw(CpuState* s, Insn* i) => Set(s, i, Vector128.WidenUpper(B<int>(s, i)));

    /// <summary>vupklsw VRT,VRB: sign-extend words 2 and 3.</summary>
    public static void Vupklsw(CpuState* s, Insn* i) => Set(s, i, Vector128.WidenLower(B<int>(s, i)));

    /// <summary>vmrgew VRT,VRA,VRB: the even words of VRA and VRB in turn.</summary>
    public static void Vmrgew(CpuState* s, Insn* i) => Set(s, i, (Even(A<ulong>(s, i)) << 32) | Even(B<ulong>(s, i)));

    /// <summary>vmrgow VRT,VRA,VRB: the odd words of VRA and VRB in turn.</summary>
    public static void Vmrgow(CpuState* s, Insn* i) => Set(s, i, (A<ulong>(s, i) << 32) | Odd(B<ulong>(s, i)));

    /// <summary>veqv VRT,VRA,VRB: complement of exclusive or.</summary>
    public static void Veqv(CpuState* s, Insn* i) => Set(s, i, ~(A<byte>(s, i) ^ B<byte>(s, i)));

    /// <summary>vnand VRT,VRA,VRB: complement of and.</summary>
    public static void Vnand(CpuState* s, Insn* i) => Set(s, i, ~(A<byte>(s, i) & B<byte>(s, i)));

    /// <summary>vorc VRT,VRA,VRB: or with the complement of VRB.</summary>
    public static void Vorc(CpuState* s, Insn* i) => Set(s, i, A<byte>(s, i) | ~B<byte>(s, i));


    private static Vector128<long> ClampToWord(CpuState* s, Vector128<long> v) => Clamp<long>(s, v, int.MinValue, int.MaxValue);
}
