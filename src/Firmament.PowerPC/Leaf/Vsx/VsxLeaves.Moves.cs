using System.Runtime.Intrinsics;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Leaf.FloatingPoint;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.Vsx;

/// <content>Sign moves, conversions that keep every bit, and the tests for software division. Power ISA 2.07B Book I 7.6.1. No status.</content>
public static unsafe partial class VsxLeaves
{
    private const ulong SingleSigns = 0x8000_0000_8000_0000;

    /// <summary>xsabsdp XT,XB: sign cleared.</summary>
    public static void Xsabsdp(CpuState* s, Insn* i) => SetScalar(s, i, s->Fpr(i->B) & Binary64.Magnitude);

    /// <summary>xsnabsdp XT,XB: sign set.</summary>
    public static void Xsnabsdp(CpuState* s, Insn* i) => SetScalar(s, i, s->Fpr(i->B) | Binary64.SignBit);

    /// <summary>xsnegdp XT,XB: sign inverted.</summary>
    public static void Xsnegdp(CpuState* s, Insn* i) => SetScalar(s, i, s->Fpr(i->B) ^ Binary64.SignBit);

    /// <summary>xscpsgndp XT,XA,XB: XB with the sign of XA.</summary>
    public static void Xscpsgndp(CpuState* s, Insn* i) =>
        SetScalar(s, i, (s->Fpr(i->A) & Binary64.SignBit) | (s->Fpr(i->B) & Binary64.Magnitude));

    /// <summary>xvabsdp XT,XB: signs of two doubles cleared.</summary>
    public static void Xvabsdp(CpuState* s, Insn* i) => Set(s, i, B(s, i) & Vector128.Create(Binary64.Magnitude));

    /// <summary>xvnabsdp XT,XB: signs of two doubles set.</summary>
    public static void Xvnabsdp(CpuState* s, Insn* i) => Set(s, i, B(s, i) | Vector128.Create(Binary64.SignBit));

    /// <summary>xvnegdp XT,XB: signs of two doubles inverted.</summary>
    public static void Xvnegdp(CpuState* s, Insn* i) => Set(s, i, B(s, i) ^ Vector128.Create(Binary64.SignBit));

    /// <summary>xvcpsgndp XT,XA,XB: two doubles of XB with the signs of XA.</summary>
    public static void Xvcpsgndp(CpuState* s, Insn* i) =>
        Set(s, i, Vector128.ConditionalSelect(Vector128.Create(Binary64.SignBit), A(s, i), B(s, i)));

    /// <summary>xvabssp XT,XB: signs of four singles cleared.</summary>
    public static void Xvabssp(CpuState* s, Insn* i) => Set(s, i, B(s, i) & Vector128.Create(~SingleSigns));

    /// <summary>xvnabssp XT,XB: signs of four singles set.</summary>
    public static void Xvnabssp(CpuState* s, Insn* i) => Set(s, i, B(s, i) | Vector128.Create(SingleSigns));

    /// <summary>xvnegsp XT,XB: signs of four singles inverted.</summary>
    public static void Xvnegsp(CpuState* s, Insn* i) => Set(s, i, B(s, i) ^ Vector128.Create(SingleSigns));

    /// <summary>xvcpsgnsp XT,XA,XB: four singles of XB with the signs of XA.</summary>
    public static void Xvcpsgnsp(CpuState* s, Insn* i) =>
        Set(s, i, Vector128.ConditionalSelect(Vector128.Create(SingleSigns), A(s, i), B(s, i)));

    /// <summary>xscvdpspn XT,XB: double to single as stfs converts, no rounding, no status.</summary>
    public static void Xscvdpspn(CpuState* s, Insn* i) => SetScalar(s, i, SingleFormat.SingleFromDouble(s->Fpr(i->B)) * 0x1_0000_0001UL);

    /// <summary>xscvspdpn XT,XB: single in word 0 to double as lfs converts, SNaNs as they are.</summary>
    public static void Xscvspdpn(CpuState* s, Insn* i) => SetScalar(s, i, SingleFormat.DoubleFromSingle(Word(s, i->B, 0)));

    /// <summary>xstdivdp BF,XA,XB: CR field BF says whether software can divide without a special case.</summary>
    public static void Xstdivdp(CpuState* s, Insn* i) => s->Cr[i->T >> 2] = FloatingPointLeaves.TestDivide(s->Fpr(i->A), s->Fpr(i->B));

    /// <summary>xvtdivdp BF,XA,XB: as xstdivdp, for either of two doubles.</summary>
    public static void Xvtdivdp(CpuState* s, Insn* i) => s->Cr[i->T >> 2] = (byte)(
        FloatingPointLeaves.TestDivide(Doubleword(s, i->A, 0), Doubleword(s, i->B, 0))
        | FloatingPointLeaves.TestDivide(Doubleword(s, i->A, 1), Doubleword(s, i->B, 1)));

    /// <summary>xvtdivsp BF,XA,XB: as xstdivdp, for any of four singles.</summary>
    public static void Xvtdivsp(CpuState* s, Insn* i)
    {
        byte result = 0;
        for (int element = 0; element < 4; element++)
        {
            uint a = Word(s, i->A, element);
            uint b = Word(s, i->B, element);
            int ea = SingleExponent(a);
            int eb = SingleExponent(b);
            bool zeroA = a << 1 == 0;
            bool hard = ea == 128 || eb == 128 || b << 1 == 0 || eb <= -126 || eb >= 125
                || (!zeroA && (ea - eb >= 127 || ea - eb <= -125 || ea <= -103));
            bool extreme = a << 1 == 0xff00_0000 || b << 1 == 0xff00_0000 || eb == -127;
            result |= FloatingPointLeaves.TestResult(hard, extreme);
        }

        s->Cr[i->T >> 2] = result;
    }

    /// <summary>xstsqrtdp BF,XB: CR field BF says whether software can take the square root without a special case.</summary>
    public static void Xstsqrtdp(CpuState* s, Insn* i) => s->Cr[i->T >> 2] = FloatingPointLeaves.TestSquareRoot(s->Fpr(i->B));

    /// <summary>xvtsqrtdp BF,XB: as xstsqrtdp, for either of two doubles.</summary>
    public static void Xvtsqrtdp(CpuState* s, Insn* i) => s->Cr[i->T >> 2] = (byte)(
        FloatingPointLeaves.TestSquareRoot(Doubleword(s, i->B, 0)) | FloatingPointLeaves.TestSquareRoot(Doubleword(s, i->B, 1)));

    /// <summary>xvtsqrtsp BF,XB: as xstsqrtdp, for any of four singles.</summary>
    public static void Xvtsqrtsp(CpuState* s, Insn* i)
    {
        byte result = 0;
        for (int element = 0; element < 4; element++)
        {
            uint b = Word(s, i->B, element);
            int eb = SingleExponent(b);
            result |= FloatingPointLeaves.TestResult(eb == 128 || (int)b < 0 || eb <= -103, b << 1 == 0xff00_0000 || eb == -127);
        }

        s->Cr[i->T >> 2] = result;
    }

    private static int SingleExponent(uint bits) => (int)((bits >> 23) & 0xff) - 127;

    private static Vector128<ulong> A(CpuState* s, Insn* i) => Register(s, i->A);

    private static Vector128<ulong> B(CpuState* s, Insn* i) => Register(s, i->B);

    private static void Set(CpuState* s, Insn* i, Vector128<ulong> value) => Register(s, i->T) = value;

    private static void SetScalar(CpuState* s, Insn* i, ulong value) => Register(s, i->T) = Vector128.Create(0, value);
}
