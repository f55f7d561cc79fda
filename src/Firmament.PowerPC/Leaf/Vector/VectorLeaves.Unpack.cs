using System.Runtime.Intrinsics;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.Vector;

// Unpack: half a register of narrow elements into one of wide ones. Power ISA 2.07B Book I 6.8.1.
public static unsafe partial class VectorLeaves
{
    /// <summary>vupkhsb VRT,VRB: sign-extend bytes 0 to 7.</summary>
    public static void Vupkhsb(CpuState* s, Insn* i) => Set(s, i, Vector128.WidenUpper(B<sbyte>(s, i)));

    /// <summary>vupklsb VRT,VRB: sign-extend bytes 8 to 15.</summary>
    public static void Vupklsb(CpuState* s, Insn* i) => Set(s, i, Vector128.WidenLower(B<sbyte>(s, i)));

    /// <summary>vupkhsh VRT,VRB: sign-extend halfwords 0 to 3.</summary>
    public static void Vupkhsh(CpuState* s, Insn* i) => Set(s, i, Vector128.WidenUpper(B<short>(s, i)));

    /// <summary>vupklsh VRT,VRB: sign-extend halfwords 4 to 7.</summary>
    public static void Vupklsh(CpuState* s, Insn* i) => Set(s, i, Vector128.WidenLower(B<short>(s, i)));

    /// <summary>vupkhpx VRT,VRB: 1/5/5/5 pixels 0 to 3 to 8/8/8/8.</summary>
    public static void Vupkhpx(CpuState* s, Insn* i) => Set(s, i, UnpackPixels(Vector128.WidenUpper(B<short>(s, i)).AsUInt32()));

    /// <summary>vupklpx VRT,VRB: 1/5/5/5 pixels 4 to 7 to 8/8/8/8.</summary>
    public static void Vupklpx(CpuState* s, Insn* i) => Set(s, i, UnpackPixels(Vector128.WidenLower(B<short>(s, i)).AsUInt32()));

    // The alpha bit arrives sign-extended, so its byte is already 0x00 or 0xff; the colours are zero-extended.
    private static Vector128<uint> UnpackPixels(Vector128<uint> v) =>
        (v & Vector128.Create(0xff00_0000u))
        | ((v << 6) & Vector128.Create(0x001f_0000u))
        | ((v << 3) & Vector128.Create(0x0000_1f00u))
        | (v & Vector128.Create(0x0000_001fu));
}
