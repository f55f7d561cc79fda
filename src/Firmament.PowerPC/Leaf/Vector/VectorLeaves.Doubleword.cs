using System.Runtime.Intrinsics;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.Vector;

// Doubleword integer arithmetic of POWER8. Power ISA 2.07B Book I 6.9.
public static unsafe partial class VectorLeaves
{
    /// <summary>vaddudm VRT,VRA,VRB: add unsigned doubleword modulo.</summary>
    public static void Vaddudm(CpuState* s, Insn* i) => Set(s, i, A<ulong>(s, i) + B<ulong>(s, i));

    /// <summary>vsubudm VRT,VRA,VRB: subtract unsigned doubleword modulo.</summary>
    public static void Vsubudm(CpuState* s, Insn* i) => Set(s, i, A<ulong>(s, i) - B<ulong>(s, i));

    /// <summary>vmaxud VRT,VRA,VRB: maximum of unsigned doublewords.</summary>
    public static void Vmaxud(CpuState* s, Insn* i) => Set(s, i, Vector128.Max(A<ulong>(s, i), B<ulong>(s, i)));

    /// <summary>vmaxsd VRT,VRA,VRB: maximum of signed doublewords.</summary>
    public static void Vmaxsd(CpuState* s, Insn* i) => Set(s, i, Vector128.Max(A<long>(s, i), B<long>(s, i)));

    /// <summary>vminud VRT,VRA,VRB: minimum of unsigned doublewords.</summary>
    public static void Vminud(CpuState* s, Insn* i) => Set(s, i, Vector128.Min(A<ulong>(s, i), B<ulong>(s, i)));

    /// <summary>vminsd VRT,VRA,VRB: minimum of signed doublewords.</summary>
    public static void Vminsd(CpuState* s, Insn* i) => Set(s, i, Vector128.Min(A<long>(s, i), B<long>(s, i)));

    /// <summary>vcmpequd [.] VRT,VRA,VRB: doublewords equal.</summary>
    public static void Vcmpequd(CpuState* s, Insn* i) => SetCompare(s, i, Vector128.Equals(A<ulong>(s, i), B<ulong>(s, i)));

    /// <summary>vcmpgtud [.] VRT,VRA,VRB: unsigned doublewords greater than.</summary>
    public static void Vcmpgtud(CpuState* s, Insn* i) => SetCompare(s, i, Vector128.GreaterThan(A<ulong>(s, i), B<ulong>(s, i)));

    /// <summary>vcmpgtsd [.] VRT,VRA,VRB: signed doublewords greater than.</summary>
    public static void Vcmpgtsd(CpuState* s, Insn* i) => SetCompare(s, i, Vector128.GreaterThan(A<long>(s, i), B<long>(s, i)));

    /// <summary>vrld VRT,VRA,VRB: rotate doublewords left by the low 6 bits of VRB's doublewords.</summary>
    public static void Vrld(CpuState* s, Insn* i) =>
        Set(s, i, Vector128.Create(ulong.RotateLeft(A<ulong>(s, i)[0], CountOf(s, i, 0)), ulong.RotateLeft(A<ulong>(s, i)[1], CountOf(s, i, 1))));

    /// <summary>vsld VRT,VRA,VRB: shift doublewords left by the low 6 bits of VRB's doublewords.</summary>
    public static void Vsld(CpuState* s, Insn* i) =>
        Set(s, i, Vector128.Create(A<ulong>(s, i)[0] << CountOf(s, i, 0), A<ulong>(s, i)[1] << CountOf(s, i, 1)));

    /// <summary>vsrd VRT,VRA,VRB: shift doublewords right by the low 6 bits of VRB's doublewords.</summary>
    public static void Vsrd(CpuState* s, Insn* i) =>
        Set(s, i, Vector128.Create(A<ulong>(s, i)[0] >>> CountOf(s, i, 0), A<ulong>(s, i)[1] >>> CountOf(s, i, 1)));

    /// <summary>vsrad VRT,VRA,VRB: shift doublewords right, copying the sign by the low 6 bits of VRB's doublewords.</summary>
    public static void Vsrad(CpuState* s, Insn* i) =>
        Set(s, i, Vector128.Create(A<long>(s, i)[0] >> CountOf(s, i, 0), A<long>(s, i)[1] >> CountOf(s, i, 1)));

    /// <summary>vmuluwm VRT,VRA,VRB: low words of the word products.</summary>
    public static void Vmuluwm(CpuState* s, Insn* i) => Set(s, i, A<uint>(s, i) * B<uint>(s, i));

    /// <summary>vmuleuw VRT,VRA,VRB: products of the even unsigned words.</summary>
    public static void Vmuleuw(CpuState* s, Insn* i) => Set(s, i, Even(A<ulong>(s, i)) * Even(B<ulong>(s, i)));

    /// <summary>vmulouw VRT,VRA,VRB: products of the odd unsigned words.</summary>
    public static void Vmulouw(CpuState* s, Insn* i) => Set(s, i, Odd(A<ulong>(s, i)) * Odd(B<ulong>(s, i)));

    /// <summary>vmulesw VRT,VRA,VRB: products of the even signed words.</summary>
    public static void Vmulesw(CpuState* s, Insn* i) => Set(s, i, Even(A<long>(s, i)) * Even(B<long>(s, i)));

    /// <summary>vmulosw VRT,VRA,VRB: products of the odd signed words.</summary>
    public static void Vmulosw(CpuState* s, Insn* i) => Set(s, i, Odd(A<long>(s, i)) * Odd(B<long>(s, i)));


    private static int CountOf(CpuState* s, Insn* i, int lane) => (int)B<ulong>(s, i)[lane] & 63;

    private static Vector128<ulong> Even(Vector128<ulong> v) => v >>> 32;

    private static Vector128<long> Even(Vector128<long> v) => v >> 32;

    private static Vector128<ulong> Odd(Vector128<ulong> v) => v & Vector128.Create(0xffff_fffful);

    private static Vector128<long> Odd(Vector128<long> v) => (v << 32) >> 32;
}
