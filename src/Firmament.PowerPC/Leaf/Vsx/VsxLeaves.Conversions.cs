using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.Vsx;

/// <content>Conversions between formats. Power ISA 2.07B Book I 7.6.1; half precision 3.0B. FPRF, undefined after a conversion to integer, keeps its value.</content>
public static unsafe partial class VsxLeaves
{
    /// <summary>xscvdpsp XT,XB: double to single in word 0.</summary>
    public static void Xscvdpsp(CpuState* s, Insn* i) => Scalar<Doublewords, EvenSingles, ToSingle>(s, i);

    /// <summary>xscvspdp XT,XB: single in word 0 to double.</summary>
    public static void Xscvspdp(CpuState* s, Insn* i) => Scalar<EvenSingles, Doublewords, FromSingle>(s, i);

    /// <summary>xvcvdpsp XT,XB: two doubles to singles in words 0 and 2.</summary>
    public static void Xvcvdpsp(CpuState* s, Insn* i) => Vector<Doublewords, EvenSingles, ToSingle>(s, i);

    /// <summary>xvcvspdp XT,XB: singles in words 0 and 2 to doubles.</summary>
    public static void Xvcvspdp(CpuState* s, Insn* i) => Vector<EvenSingles, Doublewords, FromSingle>(s, i);

    /// <summary>xscvdpsxds XT,XB: double to signed doubleword, toward zero.</summary>
    public static void Xscvdpsxds(CpuState* s, Insn* i) => Scalar<Doublewords, Doublewords, ToInteger<SignedDoubleword>>(s, i);

    /// <summary>xscvdpsxws XT,XB: double to signed word in word 1, toward zero.</summary>
    public static void Xscvdpsxws(CpuState* s, Insn* i) => Scalar<Doublewords, EvenWords, ToInteger<SignedWord>>(s, i);

    /// <summary>xvcvdpsxds XT,XB: two doubles to signed doublewords, toward zero.</summary>
    public static void Xvcvdpsxds(CpuState* s, Insn* i) => Vector<Doublewords, Doublewords, ToInteger<SignedDoubleword>>(s, i);

    /// <summary>xvcvdpsxws XT,XB: two doubles to signed words 0 and 2, toward zero.</summary>
    public static void Xvcvdpsxws(CpuState* s, Insn* i) => Vector<Doublewords, EvenWords, ToInteger<SignedWord>>(s, i);

    /// <summary>xvcvspsxds XT,XB: singles in words 0 and 2 to signed doublewords, toward zero.</summary>
    public static void Xvcvspsxds(CpuState* s, Insn* i) => Vector<EvenSingles, Doublewords, ToInteger<SignedDoubleword>>(s, i);

    /// <summary>xvcvspsxws XT,XB: four singles to signed words, toward zero.</summary>
    public static void Xvcvspsxws(CpuState* s, Insn* i) => Vector<Singles, Words, ToInteger<SignedWord>>(s, i);

    /// <summary>xscvsxddp XT,XB: signed doubleword to double.</summary>
    public static void Xscvsxddp(CpuState* s, Insn* i) => Scalar<FromSigned<Double>>(s, i);

    /// <summary>xscvsxdsp XT,XB: signed doubleword to single.</summary>
    public static void Xscvsxdsp(CpuState* s, Insn* i) => Scalar<FromSigned<Single>>(s, i);

    /// <summary>xvcvsxddp XT,XB: signed doublewords to doubles.</summary>
    public static void Xvcvsxddp(CpuState* s, Insn* i) => Vector<Doublewords, Doublewords, FromSigned<Double>>(s, i);

    /// <summary>xvcvsxdsp XT,XB: signed doublewords to singles in words 0 and 2.</summary>
    public static void Xvcvsxdsp(CpuState* s, Insn* i) => Vector<Doublewords, EvenSingles, FromSigned<Single>>(s, i);

    /// <summary>xvcvsxwdp XT,XB: signed words 0 and 2 to doubles.</summary>
    public static void Xvcvsxwdp(CpuState* s, Insn* i) => Vector<EvenWords, Doublewords, FromSignedWord<Double>>(s, i);

    /// <summary>xvcvsxwsp XT,XB: signed words to singles.</summary>
    public static void Xvcvsxwsp(CpuState* s, Insn* i) => Vector<Words, Singles, FromSignedWord<Single>>(s, i);

    /// <summary>xscvdpuxds XT,XB: double to unsigned doubleword, toward zero.</summary>
    public static void Xscvdpuxds(CpuState* s, Insn* i) => Scalar<Doublewords, Doublewords, ToInteger<UnsignedDoubleword>>(s, i);

    /// <summary>xscvdpuxws XT,XB: double to unsigned word in word 1, toward zero.</summary>
    public static void Xscvdpuxws(CpuState* s, Insn* i) => Scalar<Doublewords, EvenWords, ToInteger<UnsignedWord>>(s, i);

    /// <summary>xvcvdpuxds XT,XB: two doubles to unsigned doublewords, toward zero.</summary>
    public static void Xvcvdpuxds(CpuState* s, Insn* i) => Vector<Doublewords, Doublewords, ToInteger<UnsignedDoubleword>>(s, i);

    /// <summary>xvcvdpuxws XT,XB: two doubles to unsigned words 0 and 2, toward zero.</summary>
    public static void Xvcvdpuxws(CpuState* s, Insn* i) => Vector<Doublewords, EvenWords, ToInteger<UnsignedWord>>(s, i);

    /// <summary>xvcvspuxds XT,XB: singles in words 0 and 2 to unsigned doublewords, toward zero.</summary>
    public static void Xvcvspuxds(CpuState* s, Insn* i) => Vector<EvenSingles, Doublewords, ToInteger<UnsignedDoubleword>>(s, i);

    /// <summary>xvcvspuxws XT,XB: four singles to unsigned words, toward zero.</summary>
    public static void Xvcvspuxws(CpuState* s, Insn* i) => Vector<Singles, Words, ToInteger<UnsignedWord>>(s, i);

    /// <summary>xscvuxddp XT,XB: unsigned doubleword to double.</summary>
    public static void Xscvuxddp(CpuState* s, Insn* i) => Scalar<FromUnsigned<Double>>(s, i);

    /// <summary>xscvuxdsp XT,XB: unsigned doubleword to single.</summary>
    public static void Xscvuxdsp(CpuState* s, Insn* i) => Scalar<FromUnsigned<Single>>(s, i);

    /// <summary>xvcvuxddp XT,XB: unsigned doublewords to doubles.</summary>
    public static void Xvcvuxddp(CpuState* s, Insn* i) => Vector<Doublewords, Doublewords, FromUnsigned<Double>>(s, i);

    /// <summary>xvcvuxdsp XT,XB: unsigned doublewords to singles in words 0 and 2.</summary>
    public static void Xvcvuxdsp(CpuState* s, Insn* i) => Vector<Doublewords, EvenSingles, FromUnsigned<Single>>(s, i);

    /// <summary>xvcvuxwdp XT,XB: unsigned words 0 and 2 to doubles.</summary>
    public static void Xvcvuxwdp(CpuState* s, Insn* i) => Vector<EvenWords, Doublewords, FromUnsigned<Double>>(s, i);

    /// <summary>xvcvuxwsp XT,XB: unsigned words to singles.</summary>
    public static void Xvcvuxwsp(CpuState* s, Insn* i) => Vector<Words, Singles, FromUnsigned<Single>>(s, i);

    /// <summary>xscvhpdp XT,XB: half in bits 48:63 to double.</summary>
    public static void Xscvhpdp(CpuState* s, Insn* i) => Scalar<ScalarHalf, Doublewords, FromSingle>(s, i);

    /// <summary>xscvdphp XT,XB: double to half in bits 48:63.</summary>
    public static void Xscvdphp(CpuState* s, Insn* i) => Scalar<Doublewords, ScalarHalf, ToHalf>(s, i);

    /// <summary>xvcvhpsp XT,XB: halves in the low half of each word to singles.</summary>
    public static void Xvcvhpsp(CpuState* s, Insn* i) => Vector<Halves, Singles, FromSingle>(s, i);

    /// <summary>xvcvsphp XT,XB: singles to halves in the low half of each word.</summary>
    public static void Xvcvsphp(CpuState* s, Insn* i) => Vector<Singles, Halves, ToHalf>(s, i);
}
