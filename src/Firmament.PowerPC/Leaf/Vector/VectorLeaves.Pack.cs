using System.Runtime.Intrinsics;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.Vector;

// Pack: two registers of wide elements into one of narrow ones, VRA's first. Power ISA 2.07B Book I 6.8.1.
// First in big-endian order is the upper half in host order, so VRA narrows into the upper half.
public static unsafe partial class VectorLeaves
{
    /// <summary>vpkuhum VRT,VRA,VRB: low byte of each halfword of VRA, then of VRB.</summary>
    public static void Vpkuhum(CpuState* s, Insn* i) => Set(s, i, Vector128.Narrow(B<ushort>(s, i), A<ushort>(s, i)));

    /// <summary>vpkuwum VRT,VRA,VRB: low halfword of each word of VRA, then of VRB.</summary>
    public static void Vpkuwum(CpuState* s, Insn* i) => Set(s, i, Vector128.Narrow(B<uint>(s, i), A<uint>(s, i)));

    /// <summary>vpkuhus VRT,VRA,VRB: unsigned halfwords clamped to unsigned bytes.</summary>
    public static void Vpkuhus(CpuState* s, Insn* i) =>
        SetPacked(s, i, Clamp<ushort>(s, A<ushort>(s, i), 0, byte.MaxValue), Clamp<ushort>(s, B<ushort>(s, i), 0, byte.MaxValue));

    /// <summary>vpkshus VRT,VRA,VRB: signed halfwords clamped to unsigned bytes.</summary>
    public static void Vpkshus(CpuState* s, Insn* i) =>
        SetPacked(s, i, Clamp<short>(s, A<short>(s, i), 0, byte.MaxValue), Clamp<short>(s, B<short>(s, i), 0, byte.MaxValue));

    /// <summary>vpkshss VRT,VRA,VRB: signed halfwords clamped to signed bytes.</summary>
    public static void Vpkshss(CpuState* s, Insn* i) =>
        SetPacked(s, i,
            Clamp<short>(s, A<short>(s, i), sbyte.MinValue, sbyte.MaxValue),
            Clamp<short>(s, B<short>(s, i), sbyte.MinValue, sbyte.MaxValue));

    /// <summary>vpkuwus VRT,VRA,VRB: unsigned words clamped to unsigned halfwords.</summary>
    public static void Vpkuwus(CpuState* s, Insn* i) =>
        SetPacked(s, i, Clamp<uint>(s, A<uint>(s, i), 0, ushort.MaxValue), Clamp<uint>(s, B<uint>(s, i), 0, ushort.MaxValue));

    /// <summary>vpkswus VRT,VRA,VRB: signed words clamped to unsigned halfwords.</summary>
    public static void Vpkswus(CpuState* s, Insn* i) =>
        SetPacked(s, i, Clamp<int>(s, A<int>(s, i), 0, ushort.MaxValue), Clamp<int>(s, B<int>(s, i), 0, ushort.MaxValue));

    /// <summary>vpkswss VRT,VRA,VRB: signed words clamped to signed halfwords.</summary>
    public static void Vpkswss(CpuState* s, Insn* i) =>
        SetPacked(s, i,
            Clamp<int>(s, A<int>(s, i), short.MinValue, short.MaxValue),
            Clamp<int>(s, B<int>(s, i), short.MinValue, short.MaxValue));

    /// <summary>vpkpx VRT,VRA,VRB: eight 32-bit pixels of VRA and VRB to 1/5/5/5.</summary>
    public static void Vpkpx(CpuState* s, Insn* i) => Set(s, i, Vector128.Narrow(Pixels(B<uint>(s, i)), Pixels(A<uint>(s, i))));

    private static Vector128<T> Clamp<T>(CpuState* s, Vector128<T> v, T low, T high)
    {
        Vector128<T> clamped = Vector128.Min(Vector128.Max(v, Vector128.Create(low)), Vector128.Create(high));
        if (!Vector128.EqualsAll(clamped, v))
        {
            s->Vscr |= Sat;
        }

        return clamped;
    }

    private static void SetPacked(CpuState* s, Insn* i, Vector128<ushort> a, Vector128<ushort> b) => Set(s, i, Vector128.Narrow(b, a));

    private static void SetPacked(CpuState* s, Insn* i, Vector128<short> a, Vector128<short> b) => Set(s, i, Vector128.Narrow(b, a));

    private static void SetPacked(CpuState* s, Insn* i, Vector128<uint> a, Vector128<uint> b) => Set(s, i, Vector128.Narrow(b, a));

    private static void SetPacked(CpuState* s, Insn* i, Vector128<int> a, Vector128<int> b) => Set(s, i, Vector128.Narrow(b, a));

    // Pixel word: 7 ignored bits, alpha, then the five high bits of each of three bytes.
    private static Vector128<uint> Pixels(Vector128<uint> v) =>
        ((v >>> 9) & Vector128.Create(0xfc00u)) | ((v >>> 6) & Vector128.Create(0x03e0u)) | ((v >>> 3) & Vector128.Create(0x001fu));
}
