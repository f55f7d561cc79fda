using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Leaf.FloatingPoint;
using Firmament.PowerPC.State;
using Firmament.PowerPC.Translator.X64;

namespace Firmament.PowerPC.Translator;

/// <content>Moves, select, compare, and conversions to integer.</content>
internal sealed unsafe partial class FloatingPointEmissions
{
    // Rounding modes of vroundsd.
    private const byte Down = 1;
    private const byte Up = 2;
    private const byte TowardZero = 3;

    private readonly List<ConversionColdPath> _conversions = [];

    /// <summary>They change no status, and take any NaN as it is.</summary>
    private void Move(Insn* i, FloatMove move, bool isVsx)
    {
        RequireFacility(isVsx);
        Read(i->B, X);
        if (move != FloatMove.Copy)
        {
            A.SignBits(E);
        }

        switch (move)
        {
            case FloatMove.Negate:
                A.Logical(LogicalOperation.Xor, X, X, E);
                break;
            case FloatMove.Absolute:
                A.Logical(LogicalOperation.AndNot, X, E, X);
                break;
            case FloatMove.NegativeAbsolute:
                A.Logical(LogicalOperation.Or, X, X, E);
                break;
            case FloatMove.CopySign:
                Read(i->A, Y);
                A.Logical(LogicalOperation.AndNot, X, E, X);
                A.Logical(LogicalOperation.And, Y, Y, E);
                A.Logical(LogicalOperation.Or, X, X, Y);
                break;
        }

        Write(i->T, X, isVsx);
        Record(!isVsx && i->Rc);
    }

    /// <summary>fsel: FRC if FRA ≥ 0, else FRB, also for a NaN.</summary>
    private void Select(Insn* i)
    {
        RequireFacility(isVsx: false);
        Read(i->A, X);
        Read(i->B, Y);
        Read(i->C, Z);
        A.ClearVector(E);
        A.MaskLessOrEqual(E, E, X);
        A.Blend(X, Y, Z, E);
        Write(i->T, X, isVsx: false);
        Record(i->Rc);
    }

    /// <summary>
    /// The relation goes to the CR field, and to FPCC as pending. NaNs are the handler's; so is an FEX that stays 1, since every instruction that
    /// finds it may have to interrupt again.
    /// </summary>
    private void Compare(Insn* i, ulong facility)
    {
        RequireFacility(facility);
        A.Test(StateOffset.Fpscr, (int)Fpscr.FEX);
        A.Jump(Condition.NotEqual, _e.SlowExit());
        Read(i->A, X);
        Read(i->B, Y);
        A.CompareDouble(X, Y);
        A.Jump(Condition.Parity, _e.SlowExit());
        A.MoveImmediate(HostRegister.Rax, 2);
        A.MoveImmediate(HostRegister.Rcx, 8);
        A.MoveIf(Condition.Below, HostRegister.Rax, HostRegister.Rcx, false);
        A.MoveImmediate(HostRegister.Rcx, 4);
        A.MoveIf(Condition.Above, HostRegister.Rax, HostRegister.Rcx, false);
        A.Store8(StateOffset.CrField(i->T >> 2), HostRegister.Rax);
        A.Store8(Part(1), HostRegister.Rax);
    }

    /// <summary>To a signed integer; FPRF keeps its value. What does not fit is the handler's.</summary>
    private void ToInteger(Insn* i, IntegerShape shape, bool truncates, bool isVsx)
    {
        RequireFacility(isVsx);
        uint blocking = Fpscr.FEX | Fpscr.XE | (truncates ? 0 : Fpscr.RN);
        A.Test(StateOffset.Fpscr, (int)blocking);
        A.Jump(Condition.NotEqual, _e.SlowExit());
        Read(i->B, X);
        if (truncates)
        {
            A.TruncateToInteger(HostRegister.Rax, X);
        }
        else
        {
            A.RoundToInteger(HostRegister.Rax, X);
        }

        if (shape == IntegerShape.Doubleword)
        {
            // -2^63 also stands for what the host could not convert.
            A.Move(HostRegister.Rcx, HostRegister.Rax, true);
            A.Alu(AluOperation.Subtract, HostRegister.Rcx, 1, true);
            A.Jump(Condition.Overflow, _e.SlowExit());
        }
        else
        {
            A.SignExtend32(HostRegister.Rcx, HostRegister.Rax);
            A.Alu(AluOperation.Compare, HostRegister.Rcx, HostRegister.Rax, true);
            A.Jump(Condition.NotEqual, _e.SlowExit());
        }

        A.ClearVector(E);
        A.IntegerToDouble(E, E, HostRegister.Rax);
        TellInexact(truncates);
        if (shape == IntegerShape.TwoWords)
        {
            A.Move(HostRegister.Rcx, HostRegister.Rax, false);
            A.Shift(ShiftOperation.Left, HostRegister.Rax, 32, true);
            A.Alu(AluOperation.Or, HostRegister.Rax, HostRegister.Rcx, true);
        }

        A.Store(StateOffset.Vsr(i->T, 1), HostRegister.Rax, true);
        ClearSecond(i->T, isVsx);
        Record(!isVsx && i->Rc);
    }

    /// <summary>To an integral value, in a mode of its own: FR and FI are 0, XX stays. NaNs are the handler's.</summary>
    private void ToIntegral(Insn* i, byte mode, bool isVsx)
    {
        RequireFacility(isVsx);
        A.Test(StateOffset.Fpscr, (int)Fpscr.FEX);
        A.Jump(Condition.NotEqual, _e.SlowExit());
        Read(i->B, X);
        A.CompareDouble(X, X);
        A.Jump(Condition.Parity, _e.SlowExit());
        A.RoundToIntegral(X, X, mode);
        A.StoreDouble(StateOffset.FloatOperand(0), X);
        A.StoreImmediate(StateOffset.FloatPending, (int)FloatOperation.Classify, false);
        Write(i->T, X, isVsx);
        Record(!isVsx && i->Rc);
    }

    /// <summary>FI and, unless truncated, FR from the operand in X and the result in E become pending; XX follows. Changes rcx, rdx, F, X and E.</summary>
    private void TellInexact(bool truncates)
    {
        if (truncates)
        {
            A.CompareDouble(E, X);
            A.Set(Condition.NotEqual, HostRegister.Rcx);
        }
        else
        {
            A.SignBits(F);
            A.Logical(LogicalOperation.AndNot, E, F, E);
            A.Logical(LogicalOperation.AndNot, X, F, X);
            A.CompareDouble(E, X);
            A.Set(Condition.NotEqual, HostRegister.Rcx);
            A.Set(Condition.Above, HostRegister.Rdx);
            A.LoadAddress(HostRegister.Rcx, new MemoryOperand(HostRegister.Rcx, HostRegister.Rdx, 0, 1), false);
        }

        A.Alu8(AluOperation.Or, HostRegister.Rcx, PendingStatus.Converted);
        A.Store8(Part(2), HostRegister.Rcx);
        ConversionColdPath path = new(A.NewLabel(), A.NewLabel());
        _conversions.Add(path);
        A.Test(StateOffset.Fpscr, (int)Fpscr.XX);
        A.Jump(Condition.Equal, path.Entry);
        A.Place(path.Return);
    }

    /// <summary>A byte of the pending status.</summary>
    private static MemoryOperand Part(int index) => StateOffset.FloatPending with { Displacement = StateOffset.FloatPending.Displacement + index };
}
