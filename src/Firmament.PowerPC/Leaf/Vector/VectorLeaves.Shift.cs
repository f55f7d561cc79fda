using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.Vector;

// Rotates and shifts, by element and of the whole register. Power ISA 2.07B Book I 6.9.5, 6.8.6.
// Shifts of narrow elements run as two shifts of the wide lanes that hold them, the even elements (upper halves) and the odd.
public static unsafe partial class VectorLeaves
{
    /// <summary>vrlb VRT,VRA,VRB: rotate bytes left by the low 3 bits of VRB's bytes.</summary>
    public static void Vrlb(CpuState* s, Insn* i)
    {
        Vector128<byte> n = B<byte>(s, i) & Vector128.Create((byte)7);
        Set(s, i, ShiftLeft(A<byte>(s, i), n) | ShiftRight(A<byte>(s, i), Vector128.Create((byte)8) - n));
    }

    /// <summary>vrlh VRT,VRA,VRB: rotate halfwords left by the low 4 bits of VRB's halfwords.</summary>
    public static void Vrlh(CpuState* s, Insn* i)
    {
        Vector128<ushort> n = B<ushort>(s, i) & Vector128.Create((ushort)15);
        Set(s, i, ShiftLeft(A<ushort>(s, i), n) | ShiftRight(A<ushort>(s, i), Vector128.Create((ushort)16) - n));
    }

    /// <summary>vrlw VRT,VRA,VRB: rotate words left by the low 5 bits of VRB's words.</summary>
    public static void Vrlw(CpuState* s, Insn* i)
    {
        Vector128<uint> n = B<uint>(s, i) & Vector128.Create(31u);
        Set(s, i, ShiftLeft(A<uint>(s, i), n) | ShiftRight(A<uint>(s, i), Vector128.Create(32u) - n));
    }

    /// <summary>vslb VRT,VRA,VRB: shift bytes left.</summary>
    public static void Vslb(CpuState* s, Insn* i) => Set(s, i, ShiftLeft(A<byte>(s, i), B<byte>(s, i) & Vector128.Create((byte)7)));

    /// <summary>vslh VRT,VRA,VRB: shift halfwords left.</summary>
    public static void Vslh(CpuState* s, Insn* i) =>
        Set(s, i, ShiftLeft(A<ushort>(s, i), B<ushort>(s, i) & Vector128.Create((ushort)15)));

    /// <summary>vslw VRT,VRA,VRB: shift words left.</summary>
    public static void Vslw(CpuState* s, Insn* i) => Set(s, i, ShiftLeft(A<uint>(s, i), B<uint>(s, i) & Vector128.Create(31u)));

    /// <summary>vsrb VRT,VRA,VRB: shift bytes right.</summary>
    public static void Vsrb(CpuState* s, Insn* i) => Set(s, i, ShiftRight(A<byte>(s, i), B<byte>(s, i) & Vector128.Create((byte)7)));

    /// <summary>vsrh VRT,VRA,VRB: shift halfwords right.</summary>
    public static void Vsrh(CpuState* s, Insn* i) =>
        Set(s, i, ShiftRight(A<ushort>(s, i), B<ushort>(s, i) & Vector128.Create((ushort)15)));

    /// <summary>vsrw VRT,VRA,VRB: shift words right.</summary>
    public static void Vsrw(CpuState* s, Insn* i) => Set(s, i, ShiftRight(A<uint>(s, i), B<uint>(s, i) & Vector128.Create(31u)));

    /// <summary>vsrab VRT,VRA,VRB: shift bytes right, copying the sign.</summary>
    public static void Vsrab(CpuState* s, Insn* i)
    {
        Vector128<ushort> n = B<ushort>(s, i) & Vector128.Create((ushort)0x0707);
        Vector128<short> even = ShiftRightSigned(A<short>(s, i), Even(n)) & Vector128.Create(unchecked((short)0xff00));
        Vector128<short> odd = ShiftRightSigned(A<short>(s, i) << 8, Odd(n)) >>> 8;
        Set(s, i, even | odd);
    }

    /// <summary>vsrah VRT,VRA,VRB: shift halfwords right, copying the sign.</summary>
    public static void Vsrah(CpuState* s, Insn* i) =>
        Set(s, i, ShiftRightSigned(A<short>(s, i), B<ushort>(s, i) & Vector128.Create((ushort)15)));

    /// <summary>vsraw VRT,VRA,VRB: shift words right, copying the sign.</summary>
    public static void Vsraw(CpuState* s, Insn* i) =>
        Set(s, i, ShiftRightSigned(A<int>(s, i), B<uint>(s, i) & Vector128.Create(31u)));

    /// <summary>vsl VRT,VRA,VRB: shift the register left by the low 3 bits of VRB's byte 15.</summary>
    /// <remarks>All bytes of VRB must hold the same count, else the result is undefined; here byte 15 decides.</remarks>
    public static void Vsl(CpuState* s, Insn* i) => SetWhole(s, i, WholeA(s, i) << (B<byte>(s, i).ToScalar() & 7));

    /// <summary>vsr VRT,VRA,VRB: shift the register right by the low 3 bits of VRB's byte 15; see vsl.</summary>
    public static void Vsr(CpuState* s, Insn* i) => SetWhole(s, i, WholeA(s, i) >>> (B<byte>(s, i).ToScalar() & 7));

    /// <summary>vslo VRT,VRA,VRB: shift the register left by bits 121:124 of VRB, in bytes.</summary>
    public static void Vslo(CpuState* s, Insn* i) => SetWhole(s, i, WholeA(s, i) << (B<byte>(s, i).ToScalar() & 0x78));

    /// <summary>vsro VRT,VRA,VRB: shift the register right by bits 121:124 of VRB, in bytes.</summary>
    public static void Vsro(CpuState* s, Insn* i) => SetWhole(s, i, WholeA(s, i) >>> (B<byte>(s, i).ToScalar() & 0x78));

    private static UInt128 WholeA(CpuState* s, Insn* i) => new(A<ulong>(s, i)[1], A<ulong>(s, i)[0]);

    private static UInt128 WholeB(CpuState* s, Insn* i) => new(B<ulong>(s, i)[1], B<ulong>(s, i)[0]);

    private static UInt128 WholeC(CpuState* s, Insn* i) => new(C<ulong>(s, i)[1], C<ulong>(s, i)[0]);

    private static void SetWhole(CpuState* s, Insn* i, UInt128 value) =>
        Set(s, i, Vector128.Create((ulong)value, (ulong)(value >>> 64)));

    // The counts below are at most the element's width; a count of the width gives zero.
    private static Vector128<byte> ShiftLeft(Vector128<byte> v, Vector128<byte> n)
    {
        Vector128<ushort> even = ShiftLeft(v.AsUInt16() & Vector128.Create((ushort)0xff00), Even(n.AsUInt16()));
        return (even | Odd(ShiftLeft(v.AsUInt16(), Odd(n.AsUInt16())))).AsByte();
    }

    private static Vector128<byte> ShiftRight(Vector128<byte> v, Vector128<byte> n)
    {
        Vector128<ushort> even = ShiftRight(v.AsUInt16(), Even(n.AsUInt16())) & Vector128.Create((ushort)0xff00);
        return (even | ShiftRight(Odd(v.AsUInt16()), Odd(n.AsUInt16()))).AsByte();
    }

    private static Vector128<ushort> ShiftLeft(Vector128<ushort> v, Vector128<ushort> n)
    {
        Vector128<uint> even = ShiftLeft(v.AsUInt32() & Vector128.Create(0xffff_0000u), Even(n.AsUInt32()));
        return (even | Odd(ShiftLeft(v.AsUInt32(), Odd(n.AsUInt32())))).AsUInt16();
    }

    private static Vector128<ushort> ShiftRight(Vector128<ushort> v, Vector128<ushort> n)
    {
        Vector128<uint> even = ShiftRight(v.AsUInt32(), Even(n.AsUInt32())) & Vector128.Create(0xffff_0000u);
        return (even | ShiftRight(Odd(v.AsUInt32()), Odd(n.AsUInt32()))).AsUInt16();
    }

    private static Vector128<short> ShiftRightSigned(Vector128<short> v, Vector128<ushort> n)
    {
        Vector128<int> even = ShiftRightSigned(v.AsInt32(), Even(n.AsUInt32())) & Vector128.Create(unchecked((int)0xffff_0000));
        return (even | (ShiftRightSigned(v.AsInt32() << 16, Odd(n.AsUInt32())) >>> 16)).AsInt16();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> ShiftLeft(Vector128<uint> v, Vector128<uint> n) => Avx2.IsSupported
        ? Avx2.ShiftLeftLogicalVariable(v, n)
        : Vector128.Create(
            (uint)((ulong)v[0] << (int)n[0]),
            (uint)((ulong)v[1] << (int)n[1]),
            (uint)((ulong)v[2] << (int)n[2]),
            (uint)((ulong)v[3] << (int)n[3]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> ShiftRight(Vector128<uint> v, Vector128<uint> n) => Avx2.IsSupported
        ? Avx2.ShiftRightLogicalVariable(v, n)
        : Vector128.Create(
            (uint)((ulong)v[0] >> (int)n[0]),
            (uint)((ulong)v[1] >> (int)n[1]),
            (uint)((ulong)v[2] >> (int)n[2]),
            (uint)((ulong)v[3] >> (int)n[3]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> ShiftRightSigned(Vector128<int> v, Vector128<uint> n) => Avx2.IsSupported
        ? Avx2.ShiftRightArithmeticVariable(v, n)
        : Vector128.Create(v[0] >> (int)n[0], v[1] >> (int)n[1], v[2] >> (int)n[2], v[3] >> (int)n[3]);
}
