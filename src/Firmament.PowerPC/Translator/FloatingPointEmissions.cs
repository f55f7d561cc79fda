using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Leaf.FloatingPoint;
using Firmament.PowerPC.State;
using Firmament.PowerPC.Translator.X64;

namespace Firmament.PowerPC.Translator;

/// <summary>
/// Scalar floating point as host code, where the instruction's own function is a leaf. The host computes; what it cannot decide goes to the
/// instruction's handler: NaNs, infinities, denormals, overflow, rounding modes other than nearest, enabled inexact exceptions.
/// </summary>
/// <remarks>
/// bench/run mips linfma takes a quarter of the CPU time that calls of the leaves took. This file finds the emission of an encoding. Arithmetic is in
/// FloatingPointEmissions.Arithmetic.cs, and how FPSCR follows in <see cref="PendingStatus"/>.
/// Example, fadd f1,f1,f2: load both, vaddsd, test the exponent and FPSCR, keep both operands as the pending operation, store.
/// </remarks>
internal sealed unsafe partial class FloatingPointEmissions(Emission emission)
{
    // Within an instruction. Temporaries of the out-of-line code follow E.
    private const XmmRegister X = XmmRegister.Xmm0;
    private const XmmRegister Y = XmmRegister.Xmm1;
    private const XmmRegister Z = XmmRegister.Xmm2;
    private const XmmRegister R = XmmRegister.Xmm3;
    private const XmmRegister S = XmmRegister.Xmm4;
    private const XmmRegister E = XmmRegister.Xmm5;
    private const XmmRegister F = XmmRegister.Xmm6;
    private const XmmRegister G = XmmRegister.Xmm7;

    private readonly Emission _e = emission;

    private X64Assembler A => _e.A;

    /// <summary>Starts a region.</summary>
    public void Begin()
    {
        _arithmetic.Clear();
        _conversions.Clear();
    }

    /// <summary>Emits an instruction; false if it is none of these.</summary>
    public bool TryEmit(Insn* i)
    {
        if (!HostProcessor.HasFusedMultiplyAdd)
        {
            return false;
        }

        switch (i->Opcode)
        {
            case Opcode.Fadd or Opcode.Fadd_: Arithmetic(i, FloatOperation.Add, false, i->A, i->B); break;
            case Opcode.Fadds or Opcode.Fadds_: Arithmetic(i, FloatOperation.Add, true, i->A, i->B); break;
            case Opcode.Fsub or Opcode.Fsub_: Arithmetic(i, FloatOperation.Subtract, false, i->A, i->B); break;
            case Opcode.Fsubs or Opcode.Fsubs_: Arithmetic(i, FloatOperation.Subtract, true, i->A, i->B); break;
            case Opcode.Fmul or Opcode.Fmul_: Arithmetic(i, FloatOperation.Multiply, false, i->A, i->C); break;
            case Opcode.Fmuls or Opcode.Fmuls_: Arithmetic(i, FloatOperation.Multiply, true, i->A, i->C); break;
            case Opcode.Fdiv or Opcode.Fdiv_: Arithmetic(i, FloatOperation.Divide, false, i->A, i->B); break;
            case Opcode.Fdivs or Opcode.Fdivs_: Arithmetic(i, FloatOperation.Divide, true, i->A, i->B); break;
            case Opcode.Fsqrt or Opcode.Fsqrt_: Arithmetic(i, FloatOperation.SquareRoot, false, i->B, 0); break;
            case Opcode.Fsqrts or Opcode.Fsqrts_: Arithmetic(i, FloatOperation.SquareRoot, true, i->B, 0); break;
            case Opcode.Frsp or Opcode.Frsp_: Arithmetic(i, FloatOperation.RoundToSingle, true, i->B, 0); break;
            case Opcode.Fcfid or Opcode.Fcfid_: Arithmetic(i, FloatOperation.FromSigned, false, i->B, 0); break;
            case Opcode.Fcfids or Opcode.Fcfids_: Arithmetic(i, FloatOperation.FromSigned, true, i->B, 0); break;
            case Opcode.Fmadd or Opcode.Fmadd_: Fused(i, FloatOperation.MultiplyAdd, false); break;
            case Opcode.Fmadds or Opcode.Fmadds_: Fused(i, FloatOperation.MultiplyAdd, true); break;
            case Opcode.Fmsub or Opcode.Fmsub_: Fused(i, FloatOperation.MultiplySubtract, false); break;
            case Opcode.Fmsubs or Opcode.Fmsubs_: Fused(i, FloatOperation.MultiplySubtract, true); break;
            case Opcode.Fnmadd or Opcode.Fnmadd_: Fused(i, FloatOperation.NegativeMultiplyAdd, false); break;
            case Opcode.Fnmadds or Opcode.Fnmadds_: Fused(i, FloatOperation.NegativeMultiplyAdd, true); break;
            case Opcode.Fnmsub or Opcode.Fnmsub_: Fused(i, FloatOperation.NegativeMultiplySubtract, false); break;
            case Opcode.Fnmsubs or Opcode.Fnmsubs_: Fused(i, FloatOperation.NegativeMultiplySubtract, true); break;
            case Opcode.Fcmpu or Opcode.Fcmpo: Compare(i, MsrBits.Fp); break;
            case Opcode.Fctiw or Opcode.Fctiw_: ToInteger(i, IntegerShape.Word, truncates: false, isVsx: false); break;
            case Opcode.Fctiwz or Opcode.Fctiwz_: ToInteger(i, IntegerShape.Word, truncates: true, isVsx: false); break;
            case Opcode.Fctid or Opcode.Fctid_: ToInteger(i, IntegerShape.Doubleword, truncates: false, isVsx: false); break;
            case Opcode.Fctidz or Opcode.Fctidz_: ToInteger(i, IntegerShape.Doubleword, truncates: true, isVsx: false); break;
            case Opcode.Frim or Opcode.Frim_: ToIntegral(i, Down, isVsx: false); break;
            case Opcode.Frip or Opcode.Frip_: ToIntegral(i, Up, isVsx: false); break;
            case Opcode.Friz or Opcode.Friz_: ToIntegral(i, TowardZero, isVsx: false); break;
            case Opcode.Fmr or Opcode.Fmr_: Move(i, FloatMove.Copy, isVsx: false); break;
            case Opcode.Fneg or Opcode.Fneg_: Move(i, FloatMove.Negate, isVsx: false); break;
            case Opcode.Fabs or Opcode.Fabs_: Move(i, FloatMove.Absolute, isVsx: false); break;
            case Opcode.Fnabs or Opcode.Fnabs_: Move(i, FloatMove.NegativeAbsolute, isVsx: false); break;
            case Opcode.Fcpsgn or Opcode.Fcpsgn_: Move(i, FloatMove.CopySign, isVsx: false); break;
            case Opcode.Fsel or Opcode.Fsel_: Select(i); break;
            default: return TryEmitVsx(i);
        }

        return true;
    }

    /// <summary>Writes what the region's instructions have out of line.</summary>
    public void WriteColdPaths()
    {
        foreach (FloatColdPath path in _arithmetic)
        {
            WriteRange(path);
            WriteStatus(path);
        }

        foreach (ConversionColdPath path in _conversions)
        {
            A.Place(path.Entry);
            A.Test(HostRegister.Rcx, PendingStatus.ConvertedInexact, false);
            A.Jump(Condition.Equal, path.Return);
            RaiseInexact();
            A.Jump(path.Return);
        }
    }

    private bool TryEmitVsx(Insn* i)
    {
        switch (i->Opcode)
        {
            case Opcode.Xsadddp: Vsx(i, FloatOperation.Add, false, i->A, i->B); break;
            case Opcode.Xsaddsp: Vsx(i, FloatOperation.Add, true, i->A, i->B); break;
            case Opcode.Xssubdp: Vsx(i, FloatOperation.Subtract, false, i->A, i->B); break;
            case Opcode.Xssubsp: Vsx(i, FloatOperation.Subtract, true, i->A, i->B); break;
            case Opcode.Xsmuldp: Vsx(i, FloatOperation.Multiply, false, i->A, i->B); break;
            case Opcode.Xsmulsp: Vsx(i, FloatOperation.Multiply, true, i->A, i->B); break;
            case Opcode.Xsdivdp: Vsx(i, FloatOperation.Divide, false, i->A, i->B); break;
            case Opcode.Xsdivsp: Vsx(i, FloatOperation.Divide, true, i->A, i->B); break;
            case Opcode.Xssqrtdp: Vsx(i, FloatOperation.SquareRoot, false, i->B, 0); break;
            case Opcode.Xssqrtsp: Vsx(i, FloatOperation.SquareRoot, true, i->B, 0); break;
            case Opcode.Xsrsp: Vsx(i, FloatOperation.RoundToSingle, true, i->B, 0); break;
            case Opcode.Xscvsxddp: Vsx(i, FloatOperation.FromSigned, false, i->B, 0); break;
            case Opcode.Xscvsxdsp: Vsx(i, FloatOperation.FromSigned, true, i->B, 0); break;
            // Forms a add the old target, forms m multiply by it.
            case Opcode.Xsmaddadp: Vsx(i, FloatOperation.MultiplyAdd, false, i->A, i->B, i->T); break;
            case Opcode.Xsmaddasp: Vsx(i, FloatOperation.MultiplyAdd, true, i->A, i->B, i->T); break;
            case Opcode.Xsmaddmdp: Vsx(i, FloatOperation.MultiplyAdd, false, i->A, i->T, i->B); break;
            case Opcode.Xsmaddmsp: Vsx(i, FloatOperation.MultiplyAdd, true, i->A, i->T, i->B); break;
            case Opcode.Xsmsubadp: Vsx(i, FloatOperation.MultiplySubtract, false, i->A, i->B, i->T); break;
            case Opcode.Xsmsubasp: Vsx(i, FloatOperation.MultiplySubtract, true, i->A, i->B, i->T); break;
            case Opcode.Xsmsubmdp: Vsx(i, FloatOperation.MultiplySubtract, false, i->A, i->T, i->B); break;
            case Opcode.Xsmsubmsp: Vsx(i, FloatOperation.MultiplySubtract, true, i->A, i->T, i->B); break;
            case Opcode.Xsnmaddadp: Vsx(i, FloatOperation.NegativeMultiplyAdd, false, i->A, i->B, i->T); break;
            case Opcode.Xsnmaddasp: Vsx(i, FloatOperation.NegativeMultiplyAdd, true, i->A, i->B, i->T); break;
            case Opcode.Xsnmaddmdp: Vsx(i, FloatOperation.NegativeMultiplyAdd, false, i->A, i->T, i->B); break;
            case Opcode.Xsnmaddmsp: Vsx(i, FloatOperation.NegativeMultiplyAdd, true, i->A, i->T, i->B); break;
            case Opcode.Xsnmsubadp: Vsx(i, FloatOperation.NegativeMultiplySubtract, false, i->A, i->B, i->T); break;
            case Opcode.Xsnmsubasp: Vsx(i, FloatOperation.NegativeMultiplySubtract, true, i->A, i->B, i->T); break;
            case Opcode.Xsnmsubmdp: Vsx(i, FloatOperation.NegativeMultiplySubtract, false, i->A, i->T, i->B); break;
            case Opcode.Xsnmsubmsp: Vsx(i, FloatOperation.NegativeMultiplySubtract, true, i->A, i->T, i->B); break;
            case Opcode.Xscmpudp or Opcode.Xscmpodp: Compare(i, MsrBits.Vsx); break;
            case Opcode.Xscvdpsxds: ToInteger(i, IntegerShape.Doubleword, truncates: true, isVsx: true); break;
            case Opcode.Xscvdpsxws: ToInteger(i, IntegerShape.TwoWords, truncates: true, isVsx: true); break;
            case Opcode.Xsrdpim: ToIntegral(i, Down, isVsx: true); break;
            case Opcode.Xsrdpip: ToIntegral(i, Up, isVsx: true); break;
            case Opcode.Xsrdpiz: ToIntegral(i, TowardZero, isVsx: true); break;
            case Opcode.Xsnegdp: Move(i, FloatMove.Negate, isVsx: true); break;
            case Opcode.Xsabsdp: Move(i, FloatMove.Absolute, isVsx: true); break;
            case Opcode.Xsnabsdp: Move(i, FloatMove.NegativeAbsolute, isVsx: true); break;
            case Opcode.Xscpsgndp: Move(i, FloatMove.CopySign, isVsx: true); break;
            default: return false;
        }

        return true;
    }

    private void Arithmetic(Insn* i, FloatOperation operation, bool single, int x, int y) =>
        Arithmetic(new FloatForm(operation, single, i->T, x, y, 0, IsVsx: false, i->Rc));

    /// <summary>FRA × FRC ± FRB.</summary>
    private void Fused(Insn* i, FloatOperation operation, bool single) =>
        Arithmetic(new FloatForm(operation, single, i->T, i->A, i->C, i->B, IsVsx: false, i->Rc));

    private void Vsx(Insn* i, FloatOperation operation, bool single, int x, int y, int z = 0) =>
        Arithmetic(new FloatForm(operation, single, i->T, x, y, z, IsVsx: true, Record: false));

    private void RequireFacility(ulong msrBit) => new DirectEmitter(_e).RequireFacility(msrBit);

    private void RequireFacility(bool isVsx) => RequireFacility(isVsx ? MsrBits.Vsx : MsrBits.Fp);

    /// <summary>The register that holds doubleword 0 of a VSR: loaded into <paramref name="scratch"/>.</summary>
    private XmmRegister Read(int vsr, XmmRegister scratch)
    {
        A.LoadDouble(scratch, StateOffset.Vsr(vsr, 1));
        return scratch;
    }

    private void Write(int vsr, XmmRegister value, bool isVsx)
    {
        A.StoreDouble(StateOffset.Vsr(vsr, 1), value);
        ClearSecond(vsr, isVsx);
    }

    private void ClearSecond(int vsr, bool isVsx)
    {
        if (isVsx)
        {
            A.StoreImmediate(StateOffset.Vsr(vsr, 0), 0, true);
        }
    }

    /// <summary>CR1 becomes FX, FEX, VX, OX, of which nothing is ever pending.</summary>
    private void Record(bool record)
    {
        if (record)
        {
            A.Load(HostRegister.Rax, StateOffset.Fpscr, false);
            A.Shift(ShiftOperation.Right, HostRegister.Rax, 28, false);
            A.Store8(StateOffset.CrField(1), HostRegister.Rax);
        }
    }

    /// <summary>XX goes from 0 to 1, and FX with it.</summary>
    private void RaiseInexact() => A.Alu(AluOperation.Or, StateOffset.Fpscr, unchecked((int)(Fpscr.FX | Fpscr.XX)), false);
}
