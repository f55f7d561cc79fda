using System.Runtime.Intrinsics;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.Vector;

// Quadword integer arithmetic of POWER8. Power ISA 2.07B Book I 6.9.1.
public static unsafe partial class VectorLeaves
{
    /// <summary>vadduqm VRT,VRA,VRB: add modulo 2^128.</summary>
    public static void Vadduqm(CpuState* s, Insn* i) => SetWhole(s, i, WholeA(s, i) + WholeB(s, i));

    /// <summary>vaddcuq VRT,VRA,VRB: carry out of the sum, 0 or 1.</summary>
    public static void Vaddcuq(CpuState* s, Insn* i) => SetWhole(s, i, CarryOf(WholeA(s, i), WholeB(s, i), 0));

    /// <summary>vaddeuqm VRT,VRA,VRB,VRC: add with carry in from VRC's last bit, modulo 2^128.</summary>
    public static void Vaddeuqm(CpuState* s, Insn* i) => SetWhole(s, i, WholeA(s, i) + WholeB(s, i) + (WholeC(s, i) & 1));

    /// <summary>vaddecuq VRT,VRA,VRB,VRC: carry out of the sum with carry in from VRC's last bit.</summary>
    public static void Vaddecuq(CpuState* s, Insn* i) => SetWhole(s, i, CarryOf(WholeA(s, i), WholeB(s, i), WholeC(s, i) & 1));

    /// <summary>vsubuqm VRT,VRA,VRB: subtract modulo 2^128.</summary>
    public static void Vsubuqm(CpuState* s, Insn* i) => SetWhole(s, i, WholeA(s, i) - WholeB(s, i));

    /// <summary>vsubcuq VRT,VRA,VRB: carry out of VRA + ¬VRB + 1.</summary>
    public static void Vsubcuq(CpuState* s, Insn* i) => SetWhole(s, i, CarryOf(WholeA(s, i), ~WholeB(s, i), 1));

    /// <summary>vsubeuqm VRT,VRA,VRB,VRC: VRA + ¬VRB + VRC's last bit, modulo 2^128.</summary>
    public static void Vsubeuqm(CpuState* s, Insn* i) => SetWhole(s, i, WholeA(s, i) + ~WholeB(s, i) + (WholeC(s, i) & 1));

    /// <summary>vsubecuq VRT,VRA,VRB,VRC: carry out of VRA + ¬VRB + VRC's last bit.</summary>
    public static void Vsubecuq(CpuState* s, Insn* i) => SetWhole(s, i, CarryOf(WholeA(s, i), ~WholeB(s, i), WholeC(s, i) & 1));


    private static UInt128 CarryOf(UInt128 a, UInt128 b, UInt128 carry)
    {
        UInt128 partial = a + b;
        return partial < a || partial + carry < partial ? UInt128.One : UInt128.Zero;
    }
}
