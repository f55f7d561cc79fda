using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.Vsx;

/// <content>Multiply-add: forms a add the old XT, forms m multiply by it. Power ISA 2.07B Book I 7.6.1.</content>
public static unsafe partial class VsxLeaves
{
    /// <summary>xsmaddadp XT,XA,XB: XA × XB + XT.</summary>
    public static void Xsmaddadp(CpuState* s, Insn* i) => Scalar<MultiplyAdd<Double, MaddA>>(s, i);

    /// <summary>xsmaddasp XT,XA,XB: XA × XB + XT, rounded once to single.</summary>
    public static void Xsmaddasp(CpuState* s, Insn* i) => Scalar<MultiplyAdd<Single, MaddA>>(s, i);

    /// <summary>xvmaddadp XT,XA,XB: XA × XB + XT, two doubles.</summary>
    public static void Xvmaddadp(CpuState* s, Insn* i) => Vector<Doublewords, Doublewords, MultiplyAdd<Double, MaddA>>(s, i);

    /// <summary>xvmaddasp XT,XA,XB: XA × XB + XT, four singles.</summary>
    public static void Xvmaddasp(CpuState* s, Insn* i) => Vector<Singles, Singles, MultiplyAdd<Single, MaddA>>(s, i);

    /// <summary>xsmaddmdp XT,XA,XB: XA × XT + XB.</summary>
    public static void Xsmaddmdp(CpuState* s, Insn* i) => Scalar<MultiplyAdd<Double, MaddM>>(s, i);

    /// <summary>xsmaddmsp XT,XA,XB: XA × XT + XB, rounded once to single.</summary>
    public static void Xsmaddmsp(CpuState* s, Insn* i) => Scalar<MultiplyAdd<Single, MaddM>>(s, i);

    /// <summary>xvmaddmdp XT,XA,XB: XA × XT + XB, two doubles.</summary>
    public static void Xvmaddmdp(CpuState* s, Insn* i) => Vector<Doublewords, Doublewords, MultiplyAdd<Double, MaddM>>(s, i);

    /// <summary>xvmaddmsp XT,XA,XB: XA × XT + XB, four singles.</summary>
    public static void Xvmaddmsp(CpuState* s, Insn* i) => Vector<Singles, Singles, MultiplyAdd<Single, MaddM>>(s, i);

    /// <summary>xsmsubadp XT,XA,XB: XA × XB - XT.</summary>
    public static void Xsmsubadp(CpuState* s, Insn* i) => Scalar<MultiplyAdd<Double, MsubA>>(s, i);

    /// <summary>xsmsubasp XT,XA,XB: XA × XB - XT, rounded once to single.</summary>
    public static void Xsmsubasp(CpuState* s, Insn* i) => Scalar<MultiplyAdd<Single, MsubA>>(s, i);

    /// <summary>xvmsubadp XT,XA,XB: XA × XB - XT, two doubles.</summary>
    public static void Xvmsubadp(CpuState* s, Insn* i) => Vector<Doublewords, Doublewords, MultiplyAdd<Double, MsubA>>(s, i);

    /// <summary>xvmsubasp XT,XA,XB: XA × XB - XT, four singles.</summary>
    public static void Xvmsubasp(CpuState* s, Insn* i) => Vector<Singles, Singles, MultiplyAdd<Single, MsubA>>(s, i);

    /// <summary>xsmsubmdp XT,XA,XB: XA × XT - XB.</summary>
    public static void Xsmsubmdp(CpuState* s, Insn* i) => Scalar<MultiplyAdd<Double, MsubM>>(s, i);

    /// <summary>xsmsubmsp XT,XA,XB: XA × XT - XB, rounded once to single.</summary>
    public static void Xsmsubmsp(CpuState* s, Insn* i) => Scalar<MultiplyAdd<Single, MsubM>>(s, i);

    /// <summary>xvmsubmdp XT,XA,XB: XA × XT - XB, two doubles.</summary>
    public static void Xvmsubmdp(CpuState* s, Insn* i) => Vector<Doublewords, Doublewords, MultiplyAdd<Double, MsubM>>(s, i);

    /// <summary>xvmsubmsp XT,XA,XB: XA × XT - XB, four singles.</summary>
    public static void Xvmsubmsp(CpuState* s, Insn* i) => Vector<Singles, Singles, MultiplyAdd<Single, MsubM>>(s, i);

    /// <summary>xsnmaddadp XT,XA,XB: -(XA × XB + XT).</summary>
    public static void Xsnmaddadp(CpuState* s, Insn* i) => Scalar<MultiplyAdd<Double, NmaddA>>(s, i);

    /// <summary>xsnmaddasp XT,XA,XB: -(XA × XB + XT), rounded once to single.</summary>
    public static void Xsnmaddasp(CpuState* s, Insn* i) => Scalar<MultiplyAdd<Single, NmaddA>>(s, i);

    /// <summary>xvnmaddadp XT,XA,XB: -(XA × XB + XT), two doubles.</summary>
    public static void Xvnmaddadp(CpuState* s, Insn* i) => Vector<Doublewords, Doublewords, MultiplyAdd<Double, NmaddA>>(s, i);

    /// <summary>xvnmaddasp XT,XA,XB: -(XA × XB + XT), four singles.</summary>
    public static void Xvnmaddasp(CpuState* s, Insn* i) => Vector<Singles, Singles, MultiplyAdd<Single, NmaddA>>(s, i);

    /// <summary>xsnmaddmdp XT,XA,XB: -(XA × XT + XB).</summary>
    public static void Xsnmaddmdp(CpuState* s, Insn* i) => Scalar<MultiplyAdd<Double, NmaddM>>(s, i);

    /// <summary>xsnmaddmsp XT,XA,XB: -(XA × XT + XB), rounded once to single.</summary>
    public static void Xsnmaddmsp(CpuState* s, Insn* i) => Scalar<MultiplyAdd<Single, NmaddM>>(s, i);

    /// <summary>xvnmaddmdp XT,XA,XB: -(XA × XT + XB), two doubles.</summary>
    public static void Xvnmaddmdp(CpuState* s, Insn* i) => Vector<Doublewords, Doublewords, MultiplyAdd<Double, NmaddM>>(s, i);

    /// <summary>xvnmaddmsp XT,XA,XB: -(XA × XT + XB), four singles.</summary>
    public static void Xvnmaddmsp(CpuState* s, Insn* i) => Vector<Singles, Singles, MultiplyAdd<Single, NmaddM>>(s, i);

    /// <summary>xsnmsubadp XT,XA,XB: -(XA × XB - XT).</summary>
    public static void Xsnmsubadp(CpuState* s, Insn* i) => Scalar<MultiplyAdd<Double, NmsubA>>(s, i);

    /// <summary>xsnmsubasp XT,XA,XB: -(XA × XB - XT), rounded once to single.</summary>
    public static void Xsnmsubasp(CpuState* s, Insn* i) => Scalar<MultiplyAdd<Single, NmsubA>>(s, i);

    /// <summary>xvnmsubadp XT,XA,XB: -(XA × XB - XT), two doubles.</summary>
    public static void Xvnmsubadp(CpuState* s, Insn* i) => Vector<Doublewords, Doublewords, MultiplyAdd<Double, NmsubA>>(s, i);

    /// <summary>xvnmsubasp XT,XA,XB: -(XA × XB - XT), four singles.</summary>
    public static void Xvnmsubasp(CpuState* s, Insn* i) => Vector<Singles, Singles, MultiplyAdd<Single, NmsubA>>(s, i);

    /// <summary>xsnmsubmdp XT,XA,XB: -(XA × XT - XB).</summary>
    public static void Xsnmsubmdp(CpuState* s, Insn* i) => Scalar<MultiplyAdd<Double, NmsubM>>(s, i);

    /// <summary>xsnmsubmsp XT,XA,XB: -(XA × XT - XB), rounded once to single.</summary>
    public static void Xsnmsubmsp(CpuState* s, Insn* i) => Scalar<MultiplyAdd<Single, NmsubM>>(s, i);

    /// <summary>xvnmsubmdp XT,XA,XB: -(XA × XT - XB), two doubles.</summary>
    public static void Xvnmsubmdp(CpuState* s, Insn* i) => Vector<Doublewords, Doublewords, MultiplyAdd<Double, NmsubM>>(s, i);

    /// <summary>xvnmsubmsp XT,XA,XB: -(XA × XT - XB), four singles.</summary>
    public static void Xvnmsubmsp(CpuState* s, Insn* i) => Vector<Singles, Singles, MultiplyAdd<Single, NmsubM>>(s, i);
}
