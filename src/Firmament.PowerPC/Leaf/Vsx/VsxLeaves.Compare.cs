using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Leaf.FloatingPoint;
using Firmament.PowerPC.State;
using static System.BitConverter;

namespace Firmament.PowerPC.Leaf.Vsx;

/// <content>
/// Compares. Power ISA 2.07B Book I 7.6.1. "Equal" is a quiet comparison; "greater" ones find any NaN invalid (VXVC, unless an SNaN
/// found VE enabled first).
/// </content>
public static unsafe partial class VsxLeaves
{
    /// <summary>xscmpudp BF,XA,XB: compare into CR field BF; only a signalling NaN is invalid.</summary>
    public static void Xscmpudp(CpuState* s, Insn* i) => FloatingPointLeaves.Compare(s, i->T >> 2, s->Fpr(i->A), s->Fpr(i->B), ordered: false);

    /// <summary>xscmpodp BF,XA,XB: compare into CR field BF; any NaN is invalid.</summary>
    public static void Xscmpodp(CpuState* s, Insn* i) => FloatingPointLeaves.Compare(s, i->T >> 2, s->Fpr(i->A), s->Fpr(i->B), ordered: true);

    /// <summary>xscmpeqdp XT,XA,XB: ones in doubleword 0 if XA = XB.</summary>
    public static void Xscmpeqdp(CpuState* s, Insn* i) => Scalar<Equal>(s, i);

    /// <summary>xscmpgtdp XT,XA,XB: ones in doubleword 0 if XA > XB.</summary>
    public static void Xscmpgtdp(CpuState* s, Insn* i) => Scalar<Greater>(s, i);

    /// <summary>xscmpgedp XT,XA,XB: ones in doubleword 0 if XA ≥ XB.</summary>
    public static void Xscmpgedp(CpuState* s, Insn* i) => Scalar<GreaterOrEqual>(s, i);

    /// <summary>xvcmpeqdp[.] XT,XA,XB: ones in the doublewords where XA = XB.</summary>
    public static void Xvcmpeqdp(CpuState* s, Insn* i) => Compare<Doublewords, Doublewords, Equal>(s, i);

    /// <summary>xvcmpgtdp[.] XT,XA,XB: ones in the doublewords where XA > XB.</summary>
    public static void Xvcmpgtdp(CpuState* s, Insn* i) => Compare<Doublewords, Doublewords, Greater>(s, i);

    /// <summary>xvcmpgedp[.] XT,XA,XB: ones in the doublewords where XA ≥ XB.</summary>
    public static void Xvcmpgedp(CpuState* s, Insn* i) => Compare<Doublewords, Doublewords, GreaterOrEqual>(s, i);

    /// <summary>xvcmpeqsp[.] XT,XA,XB: ones in the words where XA = XB.</summary>
    public static void Xvcmpeqsp(CpuState* s, Insn* i) => Compare<Singles, Words, Equal>(s, i);

    /// <summary>xvcmpgtsp[.] XT,XA,XB: ones in the words where XA > XB.</summary>
    public static void Xvcmpgtsp(CpuState* s, Insn* i) => Compare<Singles, Words, Greater>(s, i);

    /// <summary>xvcmpgesp[.] XT,XA,XB: ones in the words where XA ≥ XB.</summary>
    public static void Xvcmpgesp(CpuState* s, Insn* i) => Compare<Singles, Words, GreaterOrEqual>(s, i);

    /// <summary>With the record bit CR6 is 0b1000 when every element is true, 0b0010 when none is.</summary>
    private static void Compare<TFrom, TTo, TRelation>(CpuState* s, Insn* i)
        where TFrom : struct, IElements where TTo : struct, IElements where TRelation : struct, IOperation
    {
        ulong* truths = stackalloc ulong[4];
        uint old = s->Fpscr;
        s->Fpscr = old & Controls;
        ulong all = ulong.MaxValue;
        ulong any = 0;
        for (int element = 0; element < TFrom.Count; element++)
        {
            // A suppressed relation counts as false in the record field, which is undefined then.
            s->Fpr(Scratch) = 0;
            TRelation.Run(s, Scratch, TFrom.Read(s, i->A, element), TFrom.Read(s, i->B, element), 0);
            truths[element] = s->Fpr(Scratch);
            all &= truths[element];
            any |= truths[element];
        }

        if (FinishVector(s, old))
        {
            for (int element = 0; element < TTo.Count; element++)
            {
                TTo.Write(s, i->T, element, truths[element]);
            }
        }

        if ((i->Word & CompareRc) != 0)
        {
            s->Cr[6] = (byte)(all != 0 ? 8 : any == 0 ? 2 : 0);
        }
    }

    private readonly struct Equal : IOperation
    {
        public static void Run(CpuState* s, int target, ulong a, ulong b, ulong t)
        {
            if (!RaiseForNaN(s, a, b, ordered: false))
            {
                s->Fpr(target) = UInt64BitsToDouble(a) == UInt64BitsToDouble(b) ? ulong.MaxValue : 0;
            }
        }
    }

    private readonly struct Greater : IOperation
    {
        public static void Run(CpuState* s, int target, ulong a, ulong b, ulong t)
        {
            if (!RaiseForNaN(s, a, b, ordered: true))
            {
                s->Fpr(target) = UInt64BitsToDouble(a) > UInt64BitsToDouble(b) ? ulong.MaxValue : 0;
            }
        }
    }

    private readonly struct GreaterOrEqual : IOperation
    {
        public static void Run(CpuState* s, int target, ulong a, ulong b, ulong t)
        {
            if (!RaiseForNaN(s, a, b, ordered: true))
            {
                s->Fpr(target) = UInt64BitsToDouble(a) >= UInt64BitsToDouble(b) ? ulong.MaxValue : 0;
            }
        }
    }

    /// <summary>Raises what NaN operands raise; true, target untouched, when an enabled exception keeps it.</summary>
    private static bool RaiseForNaN(CpuState* s, ulong a, ulong b, bool ordered)
    {
        uint exceptions = 0;
        if (Binary64.IsSignalingNaN(a) || Binary64.IsSignalingNaN(b))
        {
            exceptions = ordered && (s->Fpscr & Fpscr.VE) == 0 ? Fpscr.VXSNAN | Fpscr.VXVC : Fpscr.VXSNAN;
        }
        else if (ordered && (Binary64.IsNaN(a) || Binary64.IsNaN(b)))
        {
            exceptions = Fpscr.VXVC;
        }

        if (exceptions == 0)
        {
            return false;
        }

        StatusUpdate.Apply(s, 0, 0, exceptions);
        return (s->Fpscr & Fpscr.VE) != 0;
    }
}
