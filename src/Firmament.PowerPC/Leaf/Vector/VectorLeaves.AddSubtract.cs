using System.Runtime.Intrinsics;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.Vector;

// Integer add and subtract, modulo 2^n, and the carries. Power ISA 2.07B Book I 6.9.1; AltiVec PEM chapter 6.
public static unsafe partial class VectorLeaves
{
    /// <summary>vaddubm VRT,VRA,VRB: add unsigned byte modulo.</summary>
    public static void Vaddubm(CpuState* s, Insn* i) => Set(s, i, A<byte>(s, i) + B<byte>(s, i));

    /// <summary>vadduhm VRT,VRA,VRB: add unsigned halfword modulo.</summary>
    public static void Vadduhm(CpuState* s, Insn* i) => Set(s, i, A<ushort>(s, i) + B<ushort>(s, i));

    /// <summary>vadduwm VRT,VRA,VRB: add unsigned word modulo.</summary>
    public static void Vadduwm(CpuState* s, Insn* i) => Set(s, i, A<uint>(s, i) + B<uint>(s, i));

    /// <summary>vsububm VRT,VRA,VRB: subtract unsigned byte modulo.</summary>
    public static void Vsububm(CpuState* s, Insn* i) => Set(s, i, A<byte>(s, i) - B<byte>(s, i));

    /// <summary>vsubuhm VRT,VRA,VRB: subtract unsigned halfword modulo.</summary>
    public static void Vsubuhm(CpuState* s, Insn* i) => Set(s, i, A<ushort>(s, i) - B<ushort>(s, i));

    /// <summary>vsubuwm VRT,VRA,VRB: subtract unsigned word modulo.</summary>
    public static void Vsubuwm(CpuState* s, Insn* i) => Set(s, i, A<uint>(s, i) - B<uint>(s, i));

    /// <summary>vaddcuw VRT,VRA,VRB: carry out of each unsigned word sum, 0 or 1.</summary>
    public static void Vaddcuw(CpuState* s, Insn* i) =>
        Set(s, i, Vector128.LessThan(A<uint>(s, i) + B<uint>(s, i), A<uint>(s, i)) & Vector128<uint>.One);

    /// <summary>vsubcuw VRT,VRA,VRB: carry out of each word VRA + ¬VRB + 1: 1 where nothing was borrowed.</summary>
    public static void Vsubcuw(CpuState* s, Insn* i) =>
        Set(s, i, Vector128.GreaterThanOrEqual(A<uint>(s, i), B<uint>(s, i)) & Vector128<uint>.One);
}
