using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Semantics;
using Firmament.PowerPC.State;
using Firmament.PowerPC.Translator.X64;

namespace Firmament.PowerPC.Translator;

/// <summary>
/// Emits host code for the semantics as they are read: operations build operands, assignments evaluate them. What it does not emit it refuses,
/// and the instruction's handler is called instead.
/// </summary>
/// <remarks>Condition register and XER are in DirectEmitter.Flags.cs, storage in DirectEmitter.Storage.cs, control in DirectEmitter.Control.cs.</remarks>
internal readonly unsafe partial struct DirectEmitter(Emission emission) : IEmitter<Operand>
{
    private readonly Emission _e = emission;

    private X64Assembler A => _e.A;

    private bool Wide => _e.Wide;

    public Operand this[int gpr]
    {
        get => Emission.Gpr(gpr);
        set => _e.SetGpr(gpr, value.Node);
    }

    public Operand Lr
    {
        // Read at once: bclrl writes it before it goes there.
        get => Emission.Host(_e.Copy(State(StateOffset.Lr).Node));
        set => SetState(StateOffset.Lr, value);
    }

    public Operand Ctr
    {
        get => Emission.Host(PinnedRegisters.Ctr);
        set => _e.EvaluateInto(value.Node, PinnedRegisters.Ctr);
    }

    public Operand Msr => State(StateOffset.Msr);

    public Operand Carry => new(new OperandNode(OperandKind.Carry));

    public int StringCount => Refuse<int>();

    /// <summary>Refuses the instruction unless a facility is on.</summary>
    public void RequireFacility(ulong msrBit)
    {
        if (_e.NeedsCheck(msrBit))
        {
            A.Test(StateOffset.Msr, (int)msrBit);
            A.Jump(Condition.Equal, _e.SlowExit());
        }
    }

    /// <summary>Refuses the instruction in problem state.</summary>
    public void RequireSupervisor()
    {
        if (_e.NeedsCheck(MsrBits.Pr))
        {
            A.Test(StateOffset.Msr, (int)MsrBits.Pr);
            A.Jump(Condition.NotEqual, _e.SlowExit());
        }
    }

    public Operand Imm(int value) => Operand.From(Wide ? (ulong)value : (uint)value);

    public Operand UnsignedImm(int value) => Operand.From((uint)value);

    public Operand PlainSpr(int spr) => State(StateOffset.Spr(spr));

    public void SetPlainSpr(int spr, Operand value) => SetState(StateOffset.Spr(spr), value);

    public Operand Relative(int displacement) => new(new OperandNode(OperandKind.PageRelative, (ulong)((_e.Insn->Index * 4) + displacement)));

    public Operand MultiplyLow32(Operand a, Operand b, bool setOv)
    {
        Refuse(setOv);
        return Operand.Binary(OperandKind.MultiplyLow, SignExtendWord(a), SignExtendWord(b));
    }

    public Operand MultiplyLow64(Operand a, Operand b, bool setOv)
    {
        Refuse(setOv);
        return Operand.Binary(OperandKind.MultiplyLow, a, b);
    }

    public Operand MultiplyHigh32(Operand a, Operand b, bool signed)
    {
        HostRegister product = Word(a, signed);
        HostRegister factor = Word(b, signed);
        A.Multiply(product, factor, true);
        A.Shift(ShiftOperation.Right, product, 32, true);
        _e.Release(factor);
        return Emission.Host(product);
    }

    public Operand MultiplyHigh64(Operand a, Operand b, bool signed)
    {
        HostRegister low = _e.Take(HostRegister.Rax);
        HostRegister high = _e.Take(HostRegister.Rdx);
        _e.EvaluateInto(a.Node, low);
        A.MultiplyWide(_e.InRegister(b.Node), signed, true);
        _e.Release(low);
        return Emission.Host(high);
    }

    public Operand Divide32(Operand a, Operand b, bool signed, bool setOv) => Divide(a, b, signed, setOv, wide: false);

    public Operand Divide64(Operand a, Operand b, bool signed, bool setOv) => Divide(a, b, signed, setOv, wide: true);

    public Operand RotateLeft32(Operand value, Operand count) => Operand.Binary(OperandKind.RotateLeft32, value, count);

    public Operand RotateMask(in Insn i) => Operand.From(Wide ? (uint)i.Imm | ((ulong)-(long)i.CrMask << 32) : (uint)i.Imm);

    public Operand ShiftLeft32(Operand value, Operand count) => Operand.Binary(OperandKind.ShiftLeft32, value, count);

    public Operand ShiftRight32(Operand value, Operand count) => Operand.Binary(OperandKind.ShiftRight32, value, count);

    public Operand SignExtend8(Operand value) => Operand.Unary(OperandKind.SignExtend8, value);

    public Operand SignExtend16(Operand value) => Operand.Unary(OperandKind.SignExtend16, value);

    public Operand SignExtend32(Operand value) => Operand.Unary(OperandKind.SignExtend32, value);

    public Operand CountLeadingZeros32(Operand value) => Operand.Unary(OperandKind.LeadingZeros32, value);

    public Operand CountLeadingZeros64(Operand value) => Operand.Unary(OperandKind.LeadingZeros64, value);

    public Operand RotateLeft64(Operand value, int count) => Operand.Binary(OperandKind.RotateLeft64, value, Operand.From((ulong)count));

    public Operand RotateLeft64(Operand value, Operand count) => Operand.Binary(OperandKind.RotateLeft64, value, count);

    public Operand MaskFrom(int bit) => Operand.From(ulong.MaxValue >> bit);

    public Operand MaskTo(int bit) => Operand.From(ulong.MaxValue << (63 - bit));

    public Operand Mask64(int first, int last)
    {
        ulong from = ulong.MaxValue >> first;
        ulong to = ulong.MaxValue << (63 - last);
        return Operand.From(first <= last ? from & to : from | to);
    }

    public Operand ShiftLeft64(Operand value, Operand count) => Operand.Binary(OperandKind.ShiftLeft64, value, count);

    public Operand ShiftRight64(Operand value, Operand count) => Operand.Binary(OperandKind.ShiftRight64, value, count);

    public Operand ByteReverse16(Operand value) => Operand.Unary(OperandKind.ByteReverse16, value);

    public Operand ByteReverse32(Operand value) => Operand.Unary(OperandKind.ByteReverse32, value);

    public Operand ByteReverse64(Operand value) => Operand.Unary(OperandKind.ByteReverse64, value);

    public Operand Select(Operand condition, Operand yes, Operand no)
    {
        HostRegister chosen = _e.Copy(no.Node);
        HostRegister other = _e.InRegister(yes.Node);
        A.Test8(StateOffset.CrField((int)condition.Node.Value >> 4), (byte)(condition.Node.Value & 15));
        Refuse(condition.Node.Kind != OperandKind.CrFlag);
        A.MoveIf(Condition.NotEqual, chosen, other, Wide);
        return Emission.Host(chosen);
    }

    /// <summary>A copy of the low word, extended to 64 bits.</summary>
    private HostRegister Word(Operand value, bool signed)
    {
        HostRegister register = _e.Copy(value.Node);
        if (signed)
        {
            A.SignExtend32(register, register);
        }
        else if (Wide)
        {
            A.Move(register, register, false);
        }

        return register;
    }

    private Operand SignExtendWord(Operand value) =>
        !Wide ? value : value.Node.IsConstant ? Operand.From((ulong)(int)value.Node.Value) : SignExtend32(value);

    /// <summary>
    /// A quotient that the architecture leaves undefined is what <see cref="Interpreter.Evaluator{TPath, TWord, TMode}"/> makes it: 0, or all ones
    /// for a negative dividend of a signed division.
    /// </summary>
    private Operand Divide(Operand a, Operand b, bool signed, bool setOv, bool wide)
    {
        Refuse(setOv);
        HostRegister low = _e.Take(HostRegister.Rax);
        HostRegister high = _e.Take(HostRegister.Rdx);
        HostRegister divisor = _e.InRegister(b.Node);
        _e.EvaluateInto(a.Node, low);
        CodeLabel undefined = A.NewLabel();
        CodeLabel done = A.NewLabel();
        A.Test(divisor, divisor, wide);
        A.Jump(Condition.Equal, undefined);
        if (signed)
        {
            // The most negative number by -1 traps on the host: any division by -1 is a negation, but for that number.
            CodeLabel divide = A.NewLabel();
            A.Alu(AluOperation.Compare, divisor, -1, wide);
            A.Jump(Condition.NotEqual, divide);
            A.Negate(low, wide);
            A.Jump(Condition.NotOverflow, done);
            A.Jump(undefined);
            A.Place(divide);
            A.SignExtendAccumulator(wide);
        }
        else
        {
            A.MoveImmediate(high, 0);
        }

        A.Divide(divisor, signed, wide);
        A.Jump(done);
        A.Place(undefined);
        if (signed)
        {
            // After a negation that overflowed rax still holds the most negative number.
            A.Shift(ShiftOperation.RightAlgebraic, low, wide ? 63 : 31, wide);
        }
        else
        {
            A.MoveImmediate(low, 0);
        }

        A.Place(done);
        _e.Release(high);
        return Emission.Host(low);
    }

    private static Operand State(MemoryOperand place) => new(new OperandNode(OperandKind.State, (ulong)(long)place.Displacement));

    private void SetState(MemoryOperand place, Operand value) => A.Store(place, _e.InRegister(value.Node), true);

    /// <summary>Refuses the instruction when <paramref name="condition"/> holds.</summary>
    private void Refuse(bool condition) => _e.Unsupported |= condition;

    private T Refuse<T>()
    {
        _e.Unsupported = true;
        return default!;
    }

    private Operand Refuse()
    {
        _e.Unsupported = true;
        return Operand.From(0);
    }

    private bool RefuseStorage()
    {
        _e.Unsupported = true;
        return false;
    }
}
