using System.Runtime.Intrinsics;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.Vector;

// Integer multiply even and odd. Power ISA 2.07B Book I 6.9.1.
// Even elements are the more significant halves of the wider lanes, odd elements the less significant ones, in either byte order.
public static unsafe partial class VectorLeaves
{
    /// <summary>vmuleub VRT,VRA,VRB: products of the even unsigned bytes.</summary>
    public static void Vmuleub(CpuState* s, Insn* i) => Set(s, i, Even(A<ushort>(s, i)) * Even(B<ushort>(s, i)));

    /// <summary>vmuloub VRT,VRA,VRB: products of the odd unsigned bytes.</summary>
    public static void Vmuloub(CpuState* s, Insn* i) => Set(s, i, Odd(A<ushort>(s, i)) * Odd(B<ushort>(s, i)));

    /// <summary>vmuleuh VRT,VRA,VRB: products of the even unsigned halfwords.</summary>
    public static void Vmuleuh(CpuState* s, Insn* i) => Set(s, i, Even(A<uint>(s, i)) * Even(B<uint>(s, i)));

    /// <summary>vmulouh VRT,VRA,VRB: products of the odd unsigned halfwords.</summary>
    public static void Vmulouh(CpuState* s, Insn* i) => Set(s, i, Odd(A<uint>(s, i)) * Odd(B<uint>(s, i)));

    /// <summary>vmulesb VRT,VRA,VRB: products of the even signed bytes.</summary>
    public static void Vmulesb(CpuState* s, Insn* i) => Set(s, i, Even(A<short>(s, i)) * Even(B<short>(s, i)));

    /// <summary>vmulosb VRT,VRA,VRB: products of the odd signed bytes.</summary>
    public static void Vmulosb(CpuState* s, Insn* i) => Set(s, i, Odd(A<short>(s, i)) * Odd(B<short>(s, i)));

    /// <summary>vmulesh VRT,VRA,VRB: products of the even signed halfwords.</summary>
    public static void Vmulesh(CpuState* s, Insn* i) => Set(s, i, Even(A<int>(s, i)) * Even(B<int>(s, i)));

    /// <summary>vmulosh VRT,VRA,VRB: products of the odd signed halfwords.</summary>
    public static void Vmulosh(CpuState* s, Insn* i) => Set(s, i, Odd(A<int>(s, i)) * Odd(B<int>(s, i)));

    private static Vector128<ushort> Even(Vector128<ushort> v) => v >>> 8;

    private static Vector128<short> Even(Vector128<short> v) => v >> 8;

    private static Vector128<uint> Even(Vector128<uint> v) => v >>> 16;

    private static Vector128<int> Even(Vector128<int> v) => v >> 16;

    private static Vector128<ushort> Odd(Vector128<ushort> v) => v & Vector128.Create((ushort)0xff);

    private static Vector128<short> Odd(Vector128<short> v) => (v << 8) >> 8;

    private static Vector128<uint> Odd(Vector128<uint> v) => v & Vector128.Create(0xffffu);

    private static Vector128<int> Odd(Vector128<int> v) => (v << 16) >> 16;
}
