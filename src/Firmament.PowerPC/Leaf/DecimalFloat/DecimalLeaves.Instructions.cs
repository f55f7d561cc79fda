using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.DecimalFloat;

/// <content>The instructions of decimal64 and decimal128 (q). Power ISA 2.07B Book I 5.6.</content>
public static unsafe partial class DecimalLeaves
{
    /// <summary>dadd[.] FRT,FRA,FRB: FRA + FRB.</summary>
    public static void Dadd(CpuState* s, Insn* i) => Add(s, i, quad: false, subtract: false);

    /// <summary>daddq[.] FRTp,FRAp,FRBp: FRA + FRB.</summary>
    public static void Daddq(CpuState* s, Insn* i) => Add(s, i, quad: true, subtract: false);

    /// <summary>dsub[.] FRT,FRA,FRB: FRA - FRB.</summary>
    public static void Dsub(CpuState* s, Insn* i) => Add(s, i, quad: false, subtract: true);

    /// <summary>dsubq[.] FRTp,FRAp,FRBp: FRA - FRB.</summary>
    public static void Dsubq(CpuState* s, Insn* i) => Add(s, i, quad: true, subtract: true);

    /// <summary>dmul[.] FRT,FRA,FRB: FRA × FRB.</summary>
    public static void Dmul(CpuState* s, Insn* i) => Multiply(s, i, quad: false);

    /// <summary>dmulq[.] FRTp,FRAp,FRBp: FRA × FRB.</summary>
    public static void Dmulq(CpuState* s, Insn* i) => Multiply(s, i, quad: true);

    /// <summary>ddiv[.] FRT,FRA,FRB: FRA ÷ FRB.</summary>
    public static void Ddiv(CpuState* s, Insn* i) => Divide(s, i, quad: false);

    /// <summary>ddivq[.] FRTp,FRAp,FRBp: FRA ÷ FRB.</summary>
    public static void Ddivq(CpuState* s, Insn* i) => Divide(s, i, quad: true);

    /// <summary>dcmpo BF,FRA,FRB: compare; any NaN is invalid.</summary>
    public static void Dcmpo(CpuState* s, Insn* i) => Compare(s, i, quad: false, ordered: true);

    /// <summary>dcmpoq BF,FRAp,FRBp: compare; any NaN is invalid.</summary>
    public static void Dcmpoq(CpuState* s, Insn* i) => Compare(s, i, quad: true, ordered: true);

    /// <summary>dcmpu BF,FRA,FRB: compare; only a signalling NaN is invalid.</summary>
    public static void Dcmpu(CpuState* s, Insn* i) => Compare(s, i, quad: false, ordered: false);

    /// <summary>dcmpuq BF,FRAp,FRBp: compare; only a signalling NaN is invalid.</summary>
    public static void Dcmpuq(CpuState* s, Insn* i) => Compare(s, i, quad: true, ordered: false);

    /// <summary>dtstdc BF,FRA,DCM: test data class.</summary>
    public static void Dtstdc(CpuState* s, Insn* i) => TestClass(s, i, quad: false);

    /// <summary>dtstdcq BF,FRAp,DCM: test data class.</summary>
    public static void Dtstdcq(CpuState* s, Insn* i) => TestClass(s, i, quad: true);

    /// <summary>dtstdg BF,FRA,DGM: test data group.</summary>
    public static void Dtstdg(CpuState* s, Insn* i) => TestGroup(s, i, quad: false);

    /// <summary>dtstdgq BF,FRAp,DGM: test data group.</summary>
    public static void Dtstdgq(CpuState* s, Insn* i) => TestGroup(s, i, quad: true);

    /// <summary>dtstex BF,FRA,FRB: compare exponents.</summary>
    public static void Dtstex(CpuState* s, Insn* i) => TestExponent(s, i, quad: false);

    /// <summary>dtstexq BF,FRAp,FRBp: compare exponents.</summary>
    public static void Dtstexq(CpuState* s, Insn* i) => TestExponent(s, i, quad: true);

    /// <summary>dtstsf BF,FRA,FRB: compare the number of significant digits with FRA.</summary>
    public static void Dtstsf(CpuState* s, Insn* i) => TestSignificance(s, i, quad: false, (int)s->Fpr(i->A) & 63);

    /// <summary>dtstsfq BF,FRAp,FRBp: compare the number of significant digits with FRA.</summary>
    public static void Dtstsfq(CpuState* s, Insn* i) => TestSignificance(s, i, quad: true, (int)s->Fpr(i->A) & 63);

    /// <summary>dtstsfi BF,UIM,FRB: compare the number of significant digits with UIM.</summary>
    public static void Dtstsfi(CpuState* s, Insn* i) => TestSignificance(s, i, quad: false, (int)(i->Word >> 16) & 63);

    /// <summary>dtstsfiq BF,UIM,FRBp: compare the number of significant digits with UIM.</summary>
    public static void Dtstsfiq(CpuState* s, Insn* i) => TestSignificance(s, i, quad: true, (int)(i->Word >> 16) & 63);

    /// <summary>dquai[.] TE,FRT,FRB,RMC: FRB with exponent TE.</summary>
    public static void Dquai(CpuState* s, Insn* i) => QuantizeImmediate(s, i, quad: false);

    /// <summary>dquaiq[.] TE,FRTp,FRBp,RMC: FRB with exponent TE.</summary>
    public static void Dquaiq(CpuState* s, Insn* i) => QuantizeImmediate(s, i, quad: true);

    /// <summary>dqua[.] FRT,FRA,FRB,RMC: FRB with the exponent of FRA.</summary>
    public static void Dqua(CpuState* s, Insn* i) => Quantize(s, i, quad: false);

    /// <summary>dquaq[.] FRTp,FRAp,FRBp,RMC: FRB with the exponent of FRA.</summary>
    public static void Dquaq(CpuState* s, Insn* i) => Quantize(s, i, quad: true);

    /// <summary>drrnd[.] FRT,FRA,FRB,RMC: FRB rounded to FRA digits.</summary>
    public static void Drrnd(CpuState* s, Insn* i) => Reround(s, i, quad: false);

    /// <summary>drrndq[.] FRTp,FRAp,FRBp,RMC: FRB rounded to FRA digits.</summary>
    public static void Drrndq(CpuState* s, Insn* i) => Reround(s, i, quad: true);

    /// <summary>drintx[.] R,FRT,FRB,RMC: to an integer; lost digits are inexact.</summary>
    public static void Drintx(CpuState* s, Insn* i) => RoundToInteger(s, i, quad: false, tellsInexact: true);

    /// <summary>drintxq[.] R,FRTp,FRBp,RMC: to an integer; lost digits are inexact.</summary>
    public static void Drintxq(CpuState* s, Insn* i) => RoundToInteger(s, i, quad: true, tellsInexact: true);

    /// <summary>drintn[.] R,FRT,FRB,RMC: to an integer; never inexact.</summary>
    public static void Drintn(CpuState* s, Insn* i) => RoundToInteger(s, i, quad: false, tellsInexact: false);

    /// <summary>drintnq[.] R,FRTp,FRBp,RMC: to an integer; never inexact.</summary>
    public static void Drintnq(CpuState* s, Insn* i) => RoundToInteger(s, i, quad: true, tellsInexact: false);

    /// <summary>dcffix[.] FRT,FRB: from a signed doubleword.</summary>
    public static void Dcffix(CpuState* s, Insn* i) => FromFixed(s, i, quad: false);

    /// <summary>dcffixq[.] FRTp,FRBp: from a signed doubleword.</summary>
    public static void Dcffixq(CpuState* s, Insn* i) => FromFixed(s, i, quad: true);

    /// <summary>dctfix[.] FRT,FRB: to a signed doubleword.</summary>
    public static void Dctfix(CpuState* s, Insn* i) => ToFixed(s, i, quad: false);

    /// <summary>dctfixq[.] FRTp,FRBp: to a signed doubleword.</summary>
    public static void Dctfixq(CpuState* s, Insn* i) => ToFixed(s, i, quad: true);

    /// <summary>ddedpd[.] SP,FRT,FRB: to BCD.</summary>
    public static void Ddedpd(CpuState* s, Insn* i) => ToBcd(s, i, quad: false);

    /// <summary>ddedpdq[.] SP,FRTp,FRBp: to BCD.</summary>
    public static void Ddedpdq(CpuState* s, Insn* i) => ToBcd(s, i, quad: true);

    /// <summary>denbcd[.] S,FRT,FRB: from BCD.</summary>
    public static void Denbcd(CpuState* s, Insn* i) => FromBcd(s, i, quad: false);

    /// <summary>denbcdq[.] S,FRTp,FRBp: from BCD.</summary>
    public static void Denbcdq(CpuState* s, Insn* i) => FromBcd(s, i, quad: true);

    /// <summary>dxex[.] FRT,FRB: biased exponent.</summary>
    public static void Dxex(CpuState* s, Insn* i) => ExtractExponent(s, i, quad: false);

    /// <summary>dxexq[.] FRTp,FRBp: biased exponent.</summary>
    public static void Dxexq(CpuState* s, Insn* i) => ExtractExponent(s, i, quad: true);

    /// <summary>diex[.] FRT,FRA,FRB: FRB with the biased exponent FRA.</summary>
    public static void Diex(CpuState* s, Insn* i) => InsertExponent(s, i, quad: false);

    /// <summary>diexq[.] FRTp,FRAp,FRBp: FRB with the biased exponent FRA.</summary>
    public static void Diexq(CpuState* s, Insn* i) => InsertExponent(s, i, quad: true);

    /// <summary>dscli[.] FRT,FRA,SH: digits shifted left.</summary>
    public static void Dscli(CpuState* s, Insn* i) => ShiftCoefficient(s, i, quad: false, left: true);

    /// <summary>dscliq[.] FRTp,FRAp,SH: digits shifted left.</summary>
    public static void Dscliq(CpuState* s, Insn* i) => ShiftCoefficient(s, i, quad: true, left: true);

    /// <summary>dscri[.] FRT,FRA,SH: digits shifted right.</summary>
    public static void Dscri(CpuState* s, Insn* i) => ShiftCoefficient(s, i, quad: false, left: false);

    /// <summary>dscriq[.] FRTp,FRAp,SH: digits shifted right.</summary>
    public static void Dscriq(CpuState* s, Insn* i) => ShiftCoefficient(s, i, quad: true, left: false);
}
