using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;
using static System.BitConverter;

namespace Firmament.PowerPC.Leaf.FloatingPoint;

/// <content>4.6.8: compares. CR field BF and FPCC receive LT, GT, EQ or FU; the C bit of FPRF, FR and FI keep their values.</content>
public static unsafe partial class FloatingPointLeaves
{
    private const uint Less = 8;
    private const uint Greater = 4;
    private const uint Equal = 2;
    private const uint Unordered = 1;

    /// <summary>fcmpu BF,FRA,FRB: only a signalling NaN is invalid.</summary>
    public static void Fcmpu(CpuState* s, Insn* i) => Compare(s, i, ordered: false);

    /// <summary>fcmpo BF,FRA,FRB: any NaN is invalid (VXVC, unless an SNaN found VE enabled first).</summary>
    public static void Fcmpo(CpuState* s, Insn* i) => Compare(s, i, ordered: true);

    private static void Compare(CpuState* s, Insn* i, bool ordered) => Compare(s, i->T >> 2, s->Fpr(i->A), s->Fpr(i->B), ordered);

    /// <summary>Compares two doubles into CR field <paramref name="field"/> and FPCC.</summary>
    internal static void Compare(CpuState* s, int field, ulong a, ulong b, bool ordered)
    {
        double x = UInt64BitsToDouble(a);
        double y = UInt64BitsToDouble(b);
        uint relation = x < y ? Less : x > y ? Greater : x == y ? Equal : Unordered;
        uint exceptions = 0;
        if (relation == Unordered)
        {
            if (Binary64.IsSignalingNaN(a) || Binary64.IsSignalingNaN(b))
            {
                exceptions = ordered && (s->Fpscr & Fpscr.VE) == 0 ? Fpscr.VXSNAN | Fpscr.VXVC : Fpscr.VXSNAN;
            }
            else if (ordered)
            {
                exceptions = Fpscr.VXVC;
            }
        }

        s->Cr[field] = (byte)relation;
        StatusUpdate.Apply(s, Fpscr.FPCC, relation << 12, exceptions);
    }
}
