using System.Runtime.Intrinsics;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.Vector;

// Integer add and subtract that clamp and record it in VSCR[SAT]. Power ISA 2.07B Book I 6.9.1.
// An element clamped exactly when it differs from the sum or difference modulo 2^n, so SAT needs no test of its own.
public static unsafe partial class VectorLeaves
{
    /// <summary>vaddubs VRT,VRA,VRB: add unsigned byte saturate.</summary>
    public static void Vaddubs(CpuState* s, Insn* i) =>
        SetSaturated(s, i, Vector128.AddSaturate(A<byte>(s, i), B<byte>(s, i)), A<byte>(s, i) + B<byte>(s, i));

    /// <summary>vadduhs VRT,VRA,VRB: add unsigned halfword saturate.</summary>
    public static void Vadduhs(CpuState* s, Insn* i) =>
        SetSaturated(s, i, Vector128.AddSaturate(A<ushort>(s, i), B<ushort>(s, i)), A<ushort>(s, i) + B<ushort>(s, i));

    /// <summary>vadduws VRT,VRA,VRB: add unsigned word saturate.</summary>
    public static void Vadduws(CpuState* s, Insn* i) =>
        SetSaturated(s, i, Vector128.AddSaturate(A<uint>(s, i), B<uint>(s, i)), A<uint>(s, i) + B<uint>(s, i));

    /// <summary>vaddsbs VRT,VRA,VRB: add signed byte saturate.</summary>
    public static void Vaddsbs(CpuState* s, Insn* i) =>
        SetSaturated(s, i, Vector128.AddSaturate(A<sbyte>(s, i), B<sbyte>(s, i)), A<sbyte>(s, i) + B<sbyte>(s, i));

    /// <summary>vaddshs VRT,VRA,VRB: add signed halfword saturate.</summary>
    public static void Vaddshs(CpuState* s, Insn* i) =>
        SetSaturated(s, i, Vector128.AddSaturate(A<short>(s, i), B<short>(s, i)), A<short>(s, i) + B<short>(s, i));

    /// <summary>vaddsws VRT,VRA,VRB: add signed word saturate.</summary>
    public static void Vaddsws(CpuState* s, Insn* i) =>
        SetSaturated(s, i, Vector128.AddSaturate(A<int>(s, i), B<int>(s, i)), A<int>(s, i) + B<int>(s, i));

    /// <summary>vsububs VRT,VRA,VRB: subtract unsigned byte saturate.</summary>
    public static void Vsububs(CpuState* s, Insn* i) =>
        SetSaturated(s, i, Vector128.SubtractSaturate(A<byte>(s, i), B<byte>(s, i)), A<byte>(s, i) - B<byte>(s, i));

    /// <summary>vsubuhs VRT,VRA,VRB: subtract unsigned halfword saturate.</summary>
    public static void Vsubuhs(CpuState* s, Insn* i) =>
        SetSaturated(s, i, Vector128.SubtractSaturate(A<ushort>(s, i), B<ushort>(s, i)), A<ushort>(s, i) - B<ushort>(s, i));

    /// <summary>vsubuws VRT,VRA,VRB: subtract unsigned word saturate.</summary>
    public static void Vsubuws(CpuState* s, Insn* i) =>
        SetSaturated(s, i, Vector128.SubtractSaturate(A<uint>(s, i), B<uint>(s, i)), A<uint>(s, i) - B<uint>(s, i));

    /// <summary>vsubsbs VRT,VRA,VRB: subtract signed byte saturate.</summary>
    public static void Vsubsbs(CpuState* s, Insn* i) =>
        SetSaturated(s, i, Vector128.SubtractSaturate(A<sbyte>(s, i), B<sbyte>(s, i)), A<sbyte>(s, i) - B<sbyte>(s, i));

    /// <summary>vsubshs VRT,VRA,VRB: subtract signed halfword saturate.</summary>
    public static void Vsubshs(CpuState* s, Insn* i) =>
        SetSaturated(s, i, Vector128.SubtractSaturate(A<short>(s, i), B<short>(s, i)), A<short>(s, i) - B<short>(s, i));

    /// <summary>vsubsws VRT,VRA,VRB: subtract signed word saturate.</summary>
    public static void Vsubsws(CpuState* s, Insn* i) =>
        SetSaturated(s, i, Vector128.SubtractSaturate(A<int>(s, i), B<int>(s, i)), A<int>(s, i) - B<int>(s, i));
}
