using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.Vsx;

/// <content>Add, subtract, multiply, divide, square root and estimates. Power ISA 2.07B Book I 7.6.1.</content>
public static unsafe partial class VsxLeaves
{
    /// <summary>xsadddp XT,XA,XB: XA + XB.</summary>
    public static void Xsadddp(CpuState* s, Insn* i) => Scalar<Add<Double>>(s, i);

    /// <summary>xsaddsp XT,XA,XB: XA + XB, rounded once to single.</summary>
    public static void Xsaddsp(CpuState* s, Insn* i) => Scalar<Add<Single>>(s, i);

    /// <summary>xvadddp XT,XA,XB: XA + XB, two doubles.</summary>
    public static void Xvadddp(CpuState* s, Insn* i) => Vector<Doublewords, Doublewords, Add<Double>>(s, i);

    /// <summary>xvaddsp XT,XA,XB: XA + XB, four singles.</summary>
    public static void Xvaddsp(CpuState* s, Insn* i) => Vector<Singles, Singles, Add<Single>>(s, i);

    /// <summary>xssubdp XT,XA,XB: XA - XB.</summary>
    public static void Xssubdp(CpuState* s, Insn* i) => Scalar<Subtract<Double>>(s, i);

    /// <summary>xssubsp XT,XA,XB: XA - XB, rounded once to single.</summary>
    public static void Xssubsp(CpuState* s, Insn* i) => Scalar<Subtract<Single>>(s, i);

    /// <summary>xvsubdp XT,XA,XB: XA - XB, two doubles.</summary>
    public static void Xvsubdp(CpuState* s, Insn* i) => Vector<Doublewords, Doublewords, Subtract<Double>>(s, i);

    /// <summary>xvsubsp XT,XA,XB: XA - XB, four singles.</summary>
    public static void Xvsubsp(CpuState* s, Insn* i) => Vector<Singles, Singles, Subtract<Single>>(s, i);

    /// <summary>xsmuldp XT,XA,XB: XA × XB.</summary>
    public static void Xsmuldp(CpuState* s, Insn* i) => Scalar<Multiply<Double>>(s, i);

    /// <summary>xsmulsp XT,XA,XB: XA × XB, rounded once to single.</summary>
    public static void Xsmulsp(CpuState* s, Insn* i) => Scalar<Multiply<Single>>(s, i);

    /// <summary>xvmuldp XT,XA,XB: XA × XB, two doubles.</summary>
    public static void Xvmuldp(CpuState* s, Insn* i) => Vector<Doublewords, Doublewords, Multiply<Double>>(s, i);

    /// <summary>xvmulsp XT,XA,XB: XA × XB, four singles.</summary>
    public static void Xvmulsp(CpuState* s, Insn* i) => Vector<Singles, Singles, Multiply<Single>>(s, i);

    /// <summary>xsdivdp XT,XA,XB: XA ÷ XB.</summary>
    public static void Xsdivdp(CpuState* s, Insn* i) => Scalar<Divide<Double>>(s, i);

    /// <summary>xsdivsp XT,XA,XB: XA ÷ XB, rounded once to single.</summary>
    public static void Xsdivsp(CpuState* s, Insn* i) => Scalar<Divide<Single>>(s, i);

    /// <summary>xvdivdp XT,XA,XB: XA ÷ XB, two doubles.</summary>
    public static void Xvdivdp(CpuState* s, Insn* i) => Vector<Doublewords, Doublewords, Divide<Double>>(s, i);

    /// <summary>xvdivsp XT,XA,XB: XA ÷ XB, four singles.</summary>
    public static void Xvdivsp(CpuState* s, Insn* i) => Vector<Singles, Singles, Divide<Single>>(s, i);

    /// <summary>xssqrtdp XT,XB: √XB.</summary>
    public static void Xssqrtdp(CpuState* s, Insn* i) => Scalar<SquareRoot<Double>>(s, i);

    /// <summary>xssqrtsp XT,XB: √XB, rounded once to single.</summary>
    public static void Xssqrtsp(CpuState* s, Insn* i) => Scalar<SquareRoot<Single>>(s, i);

    /// <summary>xvsqrtdp XT,XB: √XB, two doubles.</summary>
    public static void Xvsqrtdp(CpuState* s, Insn* i) => Vector<Doublewords, Doublewords, SquareRoot<Double>>(s, i);

    /// <summary>xvsqrtsp XT,XB: √XB, four singles.</summary>
    public static void Xvsqrtsp(CpuState* s, Insn* i) => Vector<Singles, Singles, SquareRoot<Single>>(s, i);

    /// <summary>xsrsp XT,XB: rounds to single.</summary>
    public static void Xsrsp(CpuState* s, Insn* i) => Scalar<ToSingle>(s, i);

    /// <summary>xsredp XT,XB: estimate of 1 ÷ XB.</summary>
    public static void Xsredp(CpuState* s, Insn* i) => Scalar<Reciprocal<Double>>(s, i);

    /// <summary>xsresp XT,XB: estimate of 1 ÷ XB, single.</summary>
    public static void Xsresp(CpuState* s, Insn* i) => Scalar<Reciprocal<Single>>(s, i);

    /// <summary>xvredp XT,XB: estimates of 1 ÷ XB, two doubles.</summary>
    public static void Xvredp(CpuState* s, Insn* i) => Vector<Doublewords, Doublewords, Reciprocal<Double>>(s, i);

    /// <summary>xvresp XT,XB: estimates of 1 ÷ XB, four singles.</summary>
    public static void Xvresp(CpuState* s, Insn* i) => Vector<Singles, Singles, Reciprocal<Single>>(s, i);

    /// <summary>xsrsqrtedp XT,XB: estimate of 1 ÷ √XB.</summary>
    public static void Xsrsqrtedp(CpuState* s, Insn* i) => Scalar<ReciprocalRoot<Double>>(s, i);

    /// <summary>xsrsqrtesp XT,XB: estimate of 1 ÷ √XB, single.</summary>
    public static void Xsrsqrtesp(CpuState* s, Insn* i) => Scalar<ReciprocalRoot<Single>>(s, i);

    /// <summary>xvrsqrtedp XT,XB: estimates of 1 ÷ √XB, two doubles.</summary>
    public static void Xvrsqrtedp(CpuState* s, Insn* i) => Vector<Doublewords, Doublewords, ReciprocalRoot<Double>>(s, i);

    /// <summary>xvrsqrtesp XT,XB: estimates of 1 ÷ √XB, four singles.</summary>
    public static void Xvrsqrtesp(CpuState* s, Insn* i) => Vector<Singles, Singles, ReciprocalRoot<Single>>(s, i);
}
