using System.Runtime.Intrinsics;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.Vector;

// Integer average, maximum and minimum. Power ISA 2.07B Book I 6.9.1.
public static unsafe partial class VectorLeaves
{
    /// <summary>vavgub VRT,VRA,VRB: average of unsigned bytes, rounded up.</summary>
    public static void Vavgub(CpuState* s, Insn* i) => Set(s, i, Average(A<byte>(s, i), B<byte>(s, i)));

    /// <summary>vavguh VRT,VRA,VRB: average of unsigned halfwords, rounded up.</summary>
    public static void Vavguh(CpuState* s, Insn* i) => Set(s, i, Average(A<ushort>(s, i), B<ushort>(s, i)));

    /// <summary>vavguw VRT,VRA,VRB: average of unsigned words, rounded up.</summary>
    public static void Vavguw(CpuState* s, Insn* i) => Set(s, i, Average(A<uint>(s, i), B<uint>(s, i)));

    /// <summary>vavgsb VRT,VRA,VRB: average of signed bytes, rounded up.</summary>
    public static void Vavgsb(CpuState* s, Insn* i) => Set(s, i, Average(A<sbyte>(s, i), B<sbyte>(s, i)));

    /// <summary>vavgsh VRT,VRA,VRB: average of signed halfwords, rounded up.</summary>
    public static void Vavgsh(CpuState* s, Insn* i) => Set(s, i, Average(A<short>(s, i), B<short>(s, i)));

    /// <summary>vavgsw VRT,VRA,VRB: average of signed words, rounded up.</summary>
    public static void Vavgsw(CpuState* s, Insn* i) => Set(s, i, Average(A<int>(s, i), B<int>(s, i)));

    /// <summary>vmaxub VRT,VRA,VRB: maximum of unsigned bytes.</summary>
    public static void Vmaxub(CpuState* s, Insn* i) => Set(s, i, Vector128.Max(A<byte>(s, i), B<byte>(s, i)));

    /// <summary>vmaxuh VRT,VRA,VRB: maximum of unsigned halfwords.</summary>
    public static void Vmaxuh(CpuState* s, Insn* i) => Set(s, i, Vector128.Max(A<ushort>(s, i), B<ushort>(s, i)));

    /// <summary>vmaxuw VRT,VRA,VRB: maximum of unsigned words.</summary>
    public static void Vmaxuw(CpuState* s, Insn* i) => Set(s, i, Vector128.Max(A<uint>(s, i), B<uint>(s, i)));

    /// <summary>vmaxsb VRT,VRA,VRB: maximum of signed bytes.</summary>
    public static void Vmaxsb(CpuState* s, Insn* i) => Set(s, i, Vector128.Max(A<sbyte>(s, i), B<sbyte>(s, i)));

    /// <summary>vmaxsh VRT,VRA,VRB: maximum of signed halfwords.</summary>
    public static void Vmaxsh(CpuState* s, Insn* i) => Set(s, i, Vector128.Max(A<short>(s, i), B<short>(s, i)));

    /// <summary>vmaxsw VRT,VRA,VRB: maximum of signed words.</summary>
    public static void Vmaxsw(CpuState* s, Insn* i) => Set(s, i, Vector128.Max(A<int>(s, i), B<int>(s, i)));

    /// <summary>vminub VRT,VRA,VRB: minimum of unsigned bytes.</summary>
    public static void Vminub(CpuState* s, Insn* i) => Set(s, i, Vector128.Min(A<byte>(s, i), B<byte>(s, i)));

    /// <summary>vminuh VRT,VRA,VRB: minimum of unsigned halfwords.</summary>
    public static void Vminuh(CpuState* s, Insn* i) => Set(s, i, Vector128.Min(A<ushort>(s, i), B<ushort>(s, i)));

    /// <summary>vminuw VRT,VRA,VRB: minimum of unsigned words.</summary>
    public static void Vminuw(CpuState* s, Insn* i) => Set(s, i, Vector128.Min(A<uint>(s, i), B<uint>(s, i)));

    /// <summary>vminsb VRT,VRA,VRB: minimum of signed bytes.</summary>
    public static void Vminsb(CpuState* s, Insn* i) => Set(s, i, Vector128.Min(A<sbyte>(s, i), B<sbyte>(s, i)));

    /// <summary>vminsh VRT,VRA,VRB: minimum of signed halfwords.</summary>
    public static void Vminsh(CpuState* s, Insn* i) => Set(s, i, Vector128.Min(A<short>(s, i), B<short>(s, i)));

    /// <summary>vminsw VRT,VRA,VRB: minimum of signed words.</summary>
    public static void Vminsw(CpuState* s, Insn* i) => Set(s, i, Vector128.Min(A<int>(s, i), B<int>(s, i)));

    // (a + b + 1) >> 1 without the carry bit: a | b is the sum's ceiling half plus what a ^ b counts too much.
    private static Vector128<T> Average<T>(Vector128<T> a, Vector128<T> b) => (a | b) - ((a ^ b) >> 1);
}
