using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Leaf.FloatingPoint;
using Firmament.PowerPC.State;
using static System.BitConverter;

namespace Firmament.PowerPC.Leaf.Vsx;

/// <content>
/// Maximum and minimum. Power ISA 2.07B Book I 7.6.1; the type C and type J forms 3.0B. FPRF, FR and FI keep their values; an SNaN is
/// invalid.
/// </content>
public static unsafe partial class VsxLeaves
{
    /// <summary>xsmaxdp XT,XA,XB: the greater; a number wins over a quiet NaN, an SNaN over everything.</summary>
    public static void Xsmaxdp(CpuState* s, Insn* i) => Scalar<Maximum>(s, i);

    /// <summary>xsmindp XT,XA,XB: the less; NaNs as for xsmaxdp.</summary>
    public static void Xsmindp(CpuState* s, Insn* i) => Scalar<Minimum>(s, i);

    /// <summary>xvmaxdp XT,XA,XB: the greater, two doubles.</summary>
    public static void Xvmaxdp(CpuState* s, Insn* i) => Vector<Doublewords, Doublewords, Maximum>(s, i);

    /// <summary>xvmindp XT,XA,XB: the less, two doubles.</summary>
    public static void Xvmindp(CpuState* s, Insn* i) => Vector<Doublewords, Doublewords, Minimum>(s, i);

    /// <summary>xvmaxsp XT,XA,XB: the greater, four singles.</summary>
    public static void Xvmaxsp(CpuState* s, Insn* i) => Vector<Singles, Singles, Maximum>(s, i);

    /// <summary>xvminsp XT,XA,XB: the less, four singles.</summary>
    public static void Xvminsp(CpuState* s, Insn* i) => Vector<Singles, Singles, Minimum>(s, i);

    /// <summary>xsmaxcdp XT,XA,XB: C's (a > b ? a : b).</summary>
    public static void Xsmaxcdp(CpuState* s, Insn* i) => Scalar<MaximumC>(s, i);

    /// <summary>xsmincdp XT,XA,XB: C's (a &lt; b ? a : b).</summary>
    public static void Xsmincdp(CpuState* s, Insn* i) => Scalar<MinimumC>(s, i);

    /// <summary>xsmaxjdp XT,XA,XB: Java's Math.max; a NaN wins as it is, XA's first.</summary>
    public static void Xsmaxjdp(CpuState* s, Insn* i) => Scalar<MaximumJ>(s, i);

    /// <summary>xsminjdp XT,XA,XB: Java's Math.min; a NaN wins as it is, XA's first.</summary>
    public static void Xsminjdp(CpuState* s, Insn* i) => Scalar<MinimumJ>(s, i);

    private readonly struct Maximum : IOperation
    {
        public static void Run(CpuState* s, int target, ulong a, ulong b, ulong t) => Extreme(s, target, a, b, maximum: true);
    }

    private readonly struct Minimum : IOperation
    {
        public static void Run(CpuState* s, int target, ulong a, ulong b, ulong t) => Extreme(s, target, a, b, maximum: false);
    }

    private readonly struct MaximumC : IOperation
    {
        public static void Run(CpuState* s, int target, ulong a, ulong b, ulong t) =>
            DeliverExtreme(s, target, UInt64BitsToDouble(a) > UInt64BitsToDouble(b) ? a : b, AnySignals(a, b));
    }

    private readonly struct MinimumC : IOperation
    {
        public static void Run(CpuState* s, int target, ulong a, ulong b, ulong t) =>
            DeliverExtreme(s, target, UInt64BitsToDouble(a) < UInt64BitsToDouble(b) ? a : b, AnySignals(a, b));
    }

    private readonly struct MaximumJ : IOperation
    {
        public static void Run(CpuState* s, int target, ulong a, ulong b, ulong t) =>
            DeliverExtreme(s, target, Binary64.IsNaN(a) ? a : Binary64.IsNaN(b) ? b : Greatest(a, b), AnySignals(a, b));
    }

    private readonly struct MinimumJ : IOperation
    {
        public static void Run(CpuState* s, int target, ulong a, ulong b, ulong t) =>
            DeliverExtreme(s, target, Binary64.IsNaN(a) ? a : Binary64.IsNaN(b) ? b : Least(a, b), AnySignals(a, b));
    }

    private static void Extreme(CpuState* s, int target, ulong a, ulong b, bool maximum)
    {
        ulong result;
        if (Binary64.IsSignalingNaN(a))
        {
            result = a | Binary64.QuietBit;
        }
        else if (Binary64.IsSignalingNaN(b))
        {
            // A quiet NaN in A wins over the SNaN that it is compared with.
            result = Binary64.IsNaN(a) ? a : b | Binary64.QuietBit;
        }
        else
        {
            result = Binary64.IsNaN(b) ? a : Binary64.IsNaN(a) ? b : maximum ? Greatest(a, b) : Least(a, b);
        }

        DeliverExtreme(s, target, result, AnySignals(a, b));
    }

    private static bool AnySignals(ulong a, ulong b) => Binary64.IsSignalingNaN(a) || Binary64.IsSignalingNaN(b);

    /// <summary>Of numbers: +0 is greater than -0.</summary>
    private static ulong Greatest(ulong a, ulong b) => Ordinal(a) >= Ordinal(b) ? a : b;

    private static ulong Least(ulong a, ulong b) => Ordinal(a) <= Ordinal(b) ? a : b;

    /// <summary>A number's place in the order of all patterns.</summary>
    private static long Ordinal(ulong bits) => (long)bits >= 0 ? (long)bits : (long)(~bits | Binary64.SignBit);

    private static void DeliverExtreme(CpuState* s, int target, ulong result, bool invalid)
    {
        if (invalid)
        {
            StatusUpdate.Apply(s, 0, 0, Fpscr.VXSNAN);
            if ((s->Fpscr & Fpscr.VE) != 0)
            {
                return;
            }
        }

        s->Fpr(target) = result;
    }
}
