using System.Runtime.Intrinsics;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.Vector;

// Bitwise operations and bitwise select. Power ISA 2.07B Book I 6.9.3, 6.8.5.
public static unsafe partial class VectorLeaves
{
    /// <summary>vand VRT,VRA,VRB: and.</summary>
    public static void Vand(CpuState* s, Insn* i) => Set(s, i, A<byte>(s, i) & B<byte>(s, i));

    /// <summary>vandc VRT,VRA,VRB: and with the complement of VRB.</summary>
    public static void Vandc(CpuState* s, Insn* i) => Set(s, i, Vector128.AndNot(A<byte>(s, i), B<byte>(s, i)));

    /// <summary>vor VRT,VRA,VRB: or.</summary>
    public static void Vor(CpuState* s, Insn* i) => Set(s, i, A<byte>(s, i) | B<byte>(s, i));

    /// <summary>vnor VRT,VRA,VRB: complement of or.</summary>
    public static void Vnor(CpuState* s, Insn* i) => Set(s, i, ~(A<byte>(s, i) | B<byte>(s, i)));

    /// <summary>vxor VRT,VRA,VRB: exclusive or.</summary>
    public static void Vxor(CpuState* s, Insn* i) => Set(s, i, A<byte>(s, i) ^ B<byte>(s, i));

    /// <summary>vsel VRT,VRA,VRB,VRC: each bit from VRB where VRC has a one, else from VRA.</summary>
    public static void Vsel(CpuState* s, Insn* i) => Set(s, i, Vector128.ConditionalSelect(C<byte>(s, i), B<byte>(s, i), A<byte>(s, i)));
}
