using System.Runtime.CompilerServices;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;
using static System.BitConverter;

namespace Firmament.PowerPC.Leaf.FloatingPoint;

/// <content>4.6.6.2: multiply-add. One rounding, of the exact FRA × FRC ± FRB; the negative forms negate after rounding.</content>
public static unsafe partial class FloatingPointLeaves
{
    /// <summary>fmadd[.] FRT,FRA,FRC,FRB: FRA × FRC + FRB.</summary>
    public static void Fmadd(CpuState* s, Insn* i) => MultiplyAdd(s, i, subtract: false, negate: false, single: false);

    /// <summary>fmsub[.] FRT,FRA,FRC,FRB: FRA × FRC - FRB.</summary>
    public static void Fmsub(CpuState* s, Insn* i) => MultiplyAdd(s, i, subtract: true, negate: false, single: false);

    /// <summary>fnmadd[.] FRT,FRA,FRC,FRB: -(FRA × FRC + FRB).</summary>
    public static void Fnmadd(CpuState* s, Insn* i) => MultiplyAdd(s, i, subtract: false, negate: true, single: false);

    /// <summary>fnmsub[.] FRT,FRA,FRC,FRB: -(FRA × FRC - FRB).</summary>
    public static void Fnmsub(CpuState* s, Insn* i) => MultiplyAdd(s, i, subtract: true, negate: true, single: false);

    /// <summary>fmadds[.] FRT,FRA,FRC,FRB: FRA × FRC + FRB, rounded once to single.</summary>
    public static void Fmadds(CpuState* s, Insn* i) => MultiplyAdd(s, i, subtract: false, negate: false, single: true);

    /// <summary>fmsubs[.] FRT,FRA,FRC,FRB: FRA × FRC - FRB, rounded once to single.</summary>
    public static void Fmsubs(CpuState* s, Insn* i) => MultiplyAdd(s, i, subtract: true, negate: false, single: true);

    /// <summary>fnmadds[.] FRT,FRA,FRC,FRB: -(FRA × FRC + FRB), rounded once to single.</summary>
    public static void Fnmadds(CpuState* s, Insn* i) => MultiplyAdd(s, i, subtract: false, negate: true, single: true);

    /// <summary>fnmsubs[.] FRT,FRA,FRC,FRB: -(FRA × FRC - FRB), rounded once to single.</summary>
    public static void Fnmsubs(CpuState* s, Insn* i) => MultiplyAdd(s, i, subtract: true, negate: true, single: true);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyAdd(CpuState* s, Insn* i, bool subtract, bool negate, bool single)
    {
        ulong a = s->Fpr(i->A);
        ulong b = s->Fpr(i->B);
        ulong c = s->Fpr(i->C);
        double addend = UInt64BitsToDouble(subtract ? b ^ Binary64.SignBit : b);
        if (!HostArithmetic.MultiplyAdd(s, i->T, UInt64BitsToDouble(a), UInt64BitsToDouble(c), addend, single, negate))
        {
            ExactArithmetic.MultiplyAdd(s, i->T, a, c, b, subtract, negate, single ? FloatFormat.Single : FloatFormat.Double);
        }

        StatusUpdate.Record(s, i->Rc);
    }
}
