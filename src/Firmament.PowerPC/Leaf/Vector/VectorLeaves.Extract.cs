using System.Runtime.Intrinsics;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.Vector;

// Extract and insert of Power ISA 3.0B (Book I 6.8.7), also to general registers. An element that would reach past byte 15 is
// undefined: here its bytes wrap around.
public static unsafe partial class VectorLeaves
{
    /// <summary>vextractub VRT,VRB,UIM: the byte at UIM, in doubleword 0.</summary>
    public static void Vextractub(CpuState* s, Insn* i) => ExtractElement(s, i, 8);

    /// <summary>vextractuh VRT,VRB,UIM: the halfword at byte UIM, in doubleword 0.</summary>
    public static void Vextractuh(CpuState* s, Insn* i) => ExtractElement(s, i, 16);

    /// <summary>vextractuw VRT,VRB,UIM: the word at byte UIM, in doubleword 0.</summary>
    public static void Vextractuw(CpuState* s, Insn* i) => ExtractElement(s, i, 32);

    /// <summary>vextractd VRT,VRB,UIM: the doubleword at byte UIM, in doubleword 0.</summary>
    public static void Vextractd(CpuState* s, Insn* i) => ExtractElement(s, i, 64);

    /// <summary>vinsertb VRT,VRB,UIM: byte 7 of VRB to byte UIM.</summary>
    public static void Vinsertb(CpuState* s, Insn* i) => InsertElement(s, i, 8);

    /// <summary>vinserth VRT,VRB,UIM: halfword 3 of VRB to byte UIM.</summary>
    public static void Vinserth(CpuState* s, Insn* i) => InsertElement(s, i, 16);

    /// <summary>vinsertw VRT,VRB,UIM: word 1 of VRB to byte UIM.</summary>
    public static void Vinsertw(CpuState* s, Insn* i) => InsertElement(s, i, 32);

    /// <summary>vinsertd VRT,VRB,UIM: doubleword 0 of VRB to byte UIM.</summary>
    public static void Vinsertd(CpuState* s, Insn* i) => InsertElement(s, i, 64);

    /// <summary>vextublx RT,RA,VRB: the byte at RA from the left, to RT.</summary>
    public static void Vextublx(CpuState* s, Insn* i) => ExtractLeft(s, i, 8);

    /// <summary>vextuhlx RT,RA,VRB: the halfword at byte RA from the left, to RT.</summary>
    public static void Vextuhlx(CpuState* s, Insn* i) => ExtractLeft(s, i, 16);

    /// <summary>vextuwlx RT,RA,VRB: the word at byte RA from the left, to RT.</summary>
    public static void Vextuwlx(CpuState* s, Insn* i) => ExtractLeft(s, i, 32);

    /// <summary>vextubrx RT,RA,VRB: the byte at RA from the right, to RT.</summary>
    public static void Vextubrx(CpuState* s, Insn* i) => ExtractRight(s, i, 0xff);

    /// <summary>vextuhrx RT,RA,VRB: the halfword at byte RA from the right, to RT.</summary>
    public static void Vextuhrx(CpuState* s, Insn* i) => ExtractRight(s, i, 0xffff);

    /// <summary>vextuwrx RT,RA,VRB: the word at byte RA from the right, to RT.</summary>
    public static void Vextuwrx(CpuState* s, Insn* i) => ExtractRight(s, i, uint.MaxValue);

    /// <summary>vclzlsbb RT,VRB: number of leading bytes whose low bit is 0, to RT.</summary>
    public static void Vclzlsbb(CpuState* s, Insn* i) => s->Gpr[i->T] = (uint)ushort.LeadingZeroCount((ushort)LowBits(s, i));

    /// <summary>vctzlsbb RT,VRB: number of trailing bytes whose low bit is 0, to RT.</summary>
    public static void Vctzlsbb(CpuState* s, Insn* i) => s->Gpr[i->T] = (uint)ushort.TrailingZeroCount((ushort)LowBits(s, i));

    private static uint LowBits(CpuState* s, Insn* i) => (B<byte>(s, i) << 7).ExtractMostSignificantBits();

    private static void ExtractElement(CpuState* s, Insn* i, int bits) =>
        Set(s, i, Vector128.Create(0, (ulong)(UInt128.RotateLeft(WholeB(s, i), 8 * (i->A & 15)) >>> (128 - bits))));

    private static void InsertElement(CpuState* s, Insn* i, int bits)
    {
        int shift = 8 * (i->A & 15);
        Vector128<ulong> target = s->Vr(i->T).AsUInt64();
        UInt128 rotated = UInt128.RotateLeft(new UInt128(target[1], target[0]), shift);
        rotated = (rotated & (UInt128.MaxValue >>> bits)) | ((UInt128)B<ulong>(s, i)[1] << (128 - bits));
        SetWhole(s, i, UInt128.RotateRight(rotated, shift));
    }

    private static void ExtractLeft(CpuState* s, Insn* i, int bits) =>
        s->Gpr[i->T] = (ulong)(UInt128.RotateLeft(WholeB(s, i), 8 * ((int)s->Gpr[i->A] & 15)) >>> (128 - bits));

    private static void ExtractRight(CpuState* s, Insn* i, uint mask) =>
        s->Gpr[i->T] = (uint)UInt128.RotateRight(WholeB(s, i), 8 * ((int)s->Gpr[i->A] & 15)) & mask;
}
