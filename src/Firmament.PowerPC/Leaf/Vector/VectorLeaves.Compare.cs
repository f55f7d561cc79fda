using System.Runtime.Intrinsics;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.Vector;

// Integer compares: an element of ones where the relation holds, else of zeros. Power ISA 2.07B Book I 6.9.2.
public static unsafe partial class VectorLeaves
{
    /// <summary>vcmpequb [.] VRT,VRA,VRB: bytes equal.</summary>
    public static void Vcmpequb(CpuState* s, Insn* i) => SetCompare(s, i, Vector128.Equals(A<byte>(s, i), B<byte>(s, i)));

    /// <summary>vcmpequh [.] VRT,VRA,VRB: halfwords equal.</summary>
    public static void Vcmpequh(CpuState* s, Insn* i) => SetCompare(s, i, Vector128.Equals(A<ushort>(s, i), B<ushort>(s, i)));

    /// <summary>vcmpequw [.] VRT,VRA,VRB: words equal.</summary>
    public static void Vcmpequw(CpuState* s, Insn* i) => SetCompare(s, i, Vector128.Equals(A<uint>(s, i), B<uint>(s, i)));

    /// <summary>vcmpgtub [.] VRT,VRA,VRB: unsigned bytes greater than.</summary>
    public static void Vcmpgtub(CpuState* s, Insn* i) => SetCompare(s, i, Vector128.GreaterThan(A<byte>(s, i), B<byte>(s, i)));

    /// <summary>vcmpgtuh [.] VRT,VRA,VRB: unsigned halfwords greater than.</summary>
    public static void Vcmpgtuh(CpuState* s, Insn* i) => SetCompare(s, i, Vector128.GreaterThan(A<ushort>(s, i), B<ushort>(s, i)));

    /// <summary>vcmpgtuw [.] VRT,VRA,VRB: unsigned words greater than.</summary>
    public static void Vcmpgtuw(CpuState* s, Insn* i) => SetCompare(s, i, Vector128.GreaterThan(A<uint>(s, i), B<uint>(s, i)));

    /// <summary>vcmpgtsb [.] VRT,VRA,VRB: signed bytes greater than.</summary>
    public static void Vcmpgtsb(CpuState* s, Insn* i) => SetCompare(s, i, Vector128.GreaterThan(A<sbyte>(s, i), B<sbyte>(s, i)));

    /// <summary>vcmpgtsh [.] VRT,VRA,VRB: signed halfwords greater than.</summary>
    public static void Vcmpgtsh(CpuState* s, Insn* i) => SetCompare(s, i, Vector128.GreaterThan(A<short>(s, i), B<short>(s, i)));

    /// <summary>vcmpgtsw [.] VRT,VRA,VRB: signed words greater than.</summary>
    public static void Vcmpgtsw(CpuState* s, Insn* i) => SetCompare(s, i, Vector128.GreaterThan(A<int>(s, i), B<int>(s, i)));
}
