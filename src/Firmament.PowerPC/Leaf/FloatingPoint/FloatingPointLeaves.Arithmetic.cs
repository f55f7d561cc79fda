using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;
using static System.BitConverter;

namespace Firmament.PowerPC.Leaf.FloatingPoint;

/// <summary>
/// The floating-point instructions as leaf functions: FRT, FRA, FRB and FRC are the FPR numbers in T, A, B and C; Rc records
/// FX, FEX, VX, OX in CR1. They raise no interrupt: an enabled exception sets <see cref="CpuState.ExitFloatingPointEnabled"/>.
/// </summary>
/// <remarks>
/// Power ISA 2.07B Book I chapter 4, and for a G4 the 32-bit PEM, whose arithmetic is the same. This file: 4.6.6, arithmetic.
/// SAFETY: callers pass pointers to one CPU's unmanaged state and to a decoded instruction; both outlive the call.
/// </remarks>
public static unsafe partial class FloatingPointLeaves
{
    /// <summary>fadd[.] FRT,FRA,FRB: FRA + FRB.</summary>
    public static void Fadd(CpuState* s, Insn* i)
    {
        ulong a = s->Fpr(i->A);
        ulong b = s->Fpr(i->B);
        if (!HostArithmetic.Add(s, i->T, UInt64BitsToDouble(a), UInt64BitsToDouble(b), single: false))
        {
            ExactArithmetic.Add(s, i->T, a, b, subtract: false, FloatFormat.Double);
        }

        StatusUpdate.Record(s, i->Rc);
    }

    /// <summary>fsub[.] FRT,FRA,FRB: FRA - FRB.</summary>
    public static void Fsub(CpuState* s, Insn* i)
    {
        ulong a = s->Fpr(i->A);
        ulong b = s->Fpr(i->B);
        if (!HostArithmetic.Add(s, i->T, UInt64BitsToDouble(a), -UInt64BitsToDouble(b), single: false))
        {
            ExactArithmetic.Add(s, i->T, a, b, subtract: true, FloatFormat.Double);
        }

        StatusUpdate.Record(s, i->Rc);
    }

    /// <summary>fmul[.] FRT,FRA,FRC: FRA × FRC.</summary>
    public static void Fmul(CpuState* s, Insn* i)
    {
        ulong a = s->Fpr(i->A);
        ulong c = s->Fpr(i->C);
        if (!HostArithmetic.Multiply(s, i->T, UInt64BitsToDouble(a), UInt64BitsToDouble(c), single: false))
        {
            ExactArithmetic.Multiply(s, i->T, a, c, FloatFormat.Double);
        }

        StatusUpdate.Record(s, i->Rc);
    }

    /// <summary>fdiv[.] FRT,FRA,FRB: FRA ÷ FRB.</summary>
    public static void Fdiv(CpuState* s, Insn* i)
    {
        ulong a = s->Fpr(i->A);
        ulong b = s->Fpr(i->B);
        if (!HostArithmetic.Divide(s, i->T, UInt64BitsToDouble(a), UInt64BitsToDouble(b), single: false))
        {
            ExactArithmetic.Divide(s, i->T, a, b, FloatFormat.Double);
        }

        StatusUpdate.Record(s, i->Rc);
    }

    /// <summary>fsqrt[.] FRT,FRB: √FRB.</summary>
    public static void Fsqrt(CpuState* s, Insn* i)
    {
        ulong b = s->Fpr(i->B);
        if (!HostArithmetic.SquareRoot(s, i->T, UInt64BitsToDouble(b), single: false))
        {
            ExactArithmetic.SquareRoot(s, i->T, b, FloatFormat.Double);
        }

        StatusUpdate.Record(s, i->Rc);
    }

    /// <summary>fadds[.] FRT,FRA,FRB: FRA + FRB, rounded once to single.</summary>
    public static void Fadds(CpuState* s, Insn* i)
    {
        ulong a = s->Fpr(i->A);
        ulong b = s->Fpr(i->B);
        if (!HostArithmetic.Add(s, i->T, UInt64BitsToDouble(a), UInt64BitsToDouble(b), single: true))
        {
            ExactArithmetic.Add(s, i->T, a, b, subtract: false, FloatFormat.Single);
        }

        StatusUpdate.Record(s, i->Rc);
    }

    /// <summary>fsubs[.] FRT,FRA,FRB: FRA - FRB, rounded once to single.</summary>
    public static void Fsubs(CpuState* s, Insn* i)
    {
        ulong a = s->Fpr(i->A);
        ulong b = s->Fpr(i->B);
        if (!HostArithmetic.Add(s, i->T, UInt64BitsToDouble(a), -UInt64BitsToDouble(b), single: true))
        {
            ExactArithmetic.Add(s, i->T, a, b, subtract: true, FloatFormat.Single);
        }

        StatusUpdate.Record(s, i->Rc);
    }

    /// <summary>fmuls[.] FRT,FRA,FRC: FRA × FRC, rounded once to single.</summary>
    public static void Fmuls(CpuState* s, Insn* i)
    {
        ulong a = s->Fpr(i->A);
        ulong c = s->Fpr(i->C);
        if (!HostArithmetic.Multiply(s, i->T, UInt64BitsToDouble(a), UInt64BitsToDouble(c), single: true))
        {
            ExactArithmetic.Multiply(s, i->T, a, c, FloatFormat.Single);
        }

        StatusUpdate.Record(s, i->Rc);
    }

    /// <summary>fdivs[.] FRT,FRA,FRB: FRA ÷ FRB, rounded once to single.</summary>
    public static void Fdivs(CpuState* s, Insn* i)
    {
        ulong a = s->Fpr(i->A);
        ulong b = s->Fpr(i->B);
        if (!HostArithmetic.Divide(s, i->T, UInt64BitsToDouble(a), UInt64BitsToDouble(b), single: true))
        {
            ExactArithmetic.Divide(s, i->T, a, b, FloatFormat.Single);
        }

        StatusUpdate.Record(s, i->Rc);
    }

    /// <summary>fsqrts[.] FRT,FRB: √FRB, rounded once to single.</summary>
    public static void Fsqrts(CpuState* s, Insn* i)
    {
        ulong b = s->Fpr(i->B);
        if (!HostArithmetic.SquareRoot(s, i->T, UInt64BitsToDouble(b), single: true))
        {
            ExactArithmetic.SquareRoot(s, i->T, b, FloatFormat.Single);
        }

        StatusUpdate.Record(s, i->Rc);
    }
}
