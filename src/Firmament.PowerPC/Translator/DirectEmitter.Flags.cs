using Firmament.PowerPC.State;
using Firmament.PowerPC.Translator.X64;

namespace Firmament.PowerPC.Translator;

/// <summary>Carry, overflow and the condition register.</summary>
internal readonly unsafe partial struct DirectEmitter
{
    public Operand Xer
    {
        get => Refuse();
        set => Refuse();
    }

    /// <summary>~a + b + 1 is b - a; the host's carry is then the inverse of PowerPC's.</summary>
    public Operand AddCarrying(Operand a, Operand b, Operand carry, bool setCa, bool setOv)
    {
        Refuse(setOv);
        bool subtract = a.Node.Kind == OperandKind.Not && carry.Node is { IsConstant: true, Value: 1 };
        if (!setCa)
        {
            if (subtract)
            {
                Operand subtrahend = new(a.Node.A!);
                return b.Node is { IsConstant: true, Value: 0 } ? Operand.Unary(OperandKind.Negate, subtrahend) : Operand.Binary(OperandKind.Subtract, b, subtrahend);
            }

            Refuse(carry.Node is not { IsConstant: true, Value: 0 });
            return a + b;
        }

        return subtract ? Subtract(b, new Operand(a.Node.A!)) : AddWithCarry(a, b, carry);
    }

    public Operand ShiftRightAlgebraic32(Operand value, Operand count)
    {
        HostRegister word = _e.Copy(value.Node);
        A.SignExtend32(word, word);
        if (count.Node.IsConstant)
        {
            int n = (int)count.Node.Value & 63;
            HostRegister lost = _e.Temporary();
            if (n == 0)
            {
                A.StoreImmediate8(StateOffset.XerCa, 0);
            }
            else
            {
                // CA: negative, and ones were shifted out.
                A.Move(lost, word, true);
                A.Shift(ShiftOperation.Right, lost, 63, true);
                A.Negate(lost, true);
                A.Alu(AluOperation.And, lost, word, true);
                A.Test(lost, n >= 32 ? -1 : (int)((1u << n) - 1), false);
                A.Set(Condition.NotEqual, StateOffset.XerCa);
                A.Shift(ShiftOperation.RightAlgebraic, word, n, true);
            }

            _e.Release(lost);
        }
        else
        {
            HostRegister number = _e.InRegister(count.Node);
            ShiftRightAlgebraicBy(word, number);
        }

        return Shifted(word);
    }

    public Operand ShiftRightAlgebraic64(Operand value, Operand count)
    {
        HostRegister word = _e.Copy(value.Node);
        if (!count.Node.IsConstant)
        {
            return Refuse();
        }

        int n = (int)count.Node.Value & 63;
        HostRegister shifted = _e.Temporary();
        HostRegister back = _e.Temporary();
        A.Move(shifted, word, true);
        A.StoreImmediate8(StateOffset.XerCa, 0);
        if (n != 0)
        {
            A.Shift(ShiftOperation.RightAlgebraic, shifted, n, true);
            A.Move(back, shifted, true);
            A.Shift(ShiftOperation.Left, back, n, true);
            // Ones were lost when shifting back gives another number; that counts when the number is negative.
            A.Alu(AluOperation.Xor, back, word, true);
            A.Negate(back, true);
            A.Set(Condition.Below, back);
            A.Shift(ShiftOperation.Right, word, 63, true);
            A.Alu(AluOperation.And, word, back, false);
            A.Store8(StateOffset.XerCa, word);
        }
        else
        {
            A.MoveImmediate(word, 0);
        }

        A.Store8(StateOffset.XerCa32, word);
        _e.Release(back);
        _e.Release(word);
        return Emission.Host(shifted);
    }

    public void Record(Operand value)
    {
        HostRegister register = _e.InRegister(value.Node);
        HostRegister so = LoadSummary();
        A.Test(register, register, Wide);
        _e.Release(register);
        SetField(0, so, signed: true);
    }

    public void CompareSigned32(int field, Operand a, Operand b) => Compare(field, a, b, signed: true, wide: false);

    public void CompareUnsigned32(int field, Operand a, Operand b) => Compare(field, a, b, signed: false, wide: false);

    public void CompareSigned64(int field, Operand a, Operand b) => Compare(field, a, b, signed: true, wide: true);

    public void CompareUnsigned64(int field, Operand a, Operand b) => Compare(field, a, b, signed: false, wide: true);

    public Operand CrBit(int bit) => CrFlag(bit >> 2, 8 >> (bit & 3));

    public Operand CrFlag(int field, int mask) => new(new OperandNode(OperandKind.CrFlag, (ulong)((field << 4) | mask)));

    public void SetCrBit(int bit, Operand value)
    {
        HostRegister one = _e.Copy(value.Node);
        int shift = 3 - (bit & 3);
        A.Alu(AluOperation.And, one, 1, false);
        if (shift != 0)
        {
            A.Shift(ShiftOperation.Left, one, shift, false);
        }

        A.Alu8(AluOperation.And, StateOffset.CrField(bit >> 2), (byte)~(1 << shift));
        A.Alu8(AluOperation.Or, StateOffset.CrField(bit >> 2), one);
        _e.ComparedField = -1;
    }

    public void CopyCrField(int to, int from)
    {
        HostRegister field = _e.Temporary();
        A.LoadZero8(field, StateOffset.CrField(from));
        A.Store8(StateOffset.CrField(to), field);
        // Nothing here writes the flags: they would still pass for the field's.
        _e.ComparedField = -1;
    }

    public Operand GetCr() => new(new OperandNode(OperandKind.ConditionRegister));

    public void SetCr(int fieldMask, Operand value)
    {
        HostRegister word = _e.Copy(value.Node);
        HostRegister mask = _e.Temporary();
        A.MoveImmediate(mask, 0x0f0f_0f0f_0f0f_0f0f);
        A.ScatterBits(word, word, mask, true);
        A.ByteSwap(word, true);
        _e.ComparedField = -1;
        if (fieldMask == 0xff)
        {
            A.Store(StateOffset.Cr, word, true);
            return;
        }

        for (int field = 0; field < 8; field++)
        {
            if ((fieldMask & (0x80 >> field)) != 0)
            {
                A.Move(mask, word, true);
                if (field != 0)
                {
                    A.Shift(ShiftOperation.Right, mask, 8 * field, true);
                }

                A.Store8(StateOffset.CrField(field), mask);
            }
        }
    }

    public void MoveXerToCr(int field) => Refuse();

    public Operand CrFieldMask(int fieldMask)
    {
        uint mask = 0;
        for (int field = 0; field < 8; field++)
        {
            mask |= (fieldMask & (0x80 >> field)) != 0 ? 0xf000_0000u >> (4 * field) : 0;
        }

        return Operand.From(mask);
    }

    private Operand Subtract(Operand a, Operand b)
    {
        HostRegister difference = _e.Copy(a.Node);
        Apply(AluOperation.Subtract, difference, b, Wide);
        A.Set(Condition.AboveOrEqual, StateOffset.XerCa);
        if (Wide)
        {
            // CA32 is the carry into bit 32 of ~b + a + 1: a ^ ~b ^ difference.
            SetCarry32(difference, a, b, invert: true);
        }

        return Emission.Host(difference);
    }

    private Operand AddWithCarry(Operand a, Operand b, Operand carry)
    {
        HostRegister sum = _e.Copy(a.Node);
        if (carry.Node.IsConstant)
        {
            Refuse(carry.Node.Value != 0);
            Apply(AluOperation.Add, sum, b, Wide);
        }
        else
        {
            HostRegister scratch = _e.Temporary();
            A.LoadZero8(scratch, StateOffset.XerCa);
            // 0xff plus CA carries when CA is 1.
            A.Alu8(AluOperation.Add, scratch, (byte)0xff);
            _e.Release(scratch);
            Refuse(!IsPlain(b));
            Apply(AluOperation.AddCarry, sum, b, Wide);
        }

        A.Set(Condition.Below, StateOffset.XerCa);
        if (Wide)
        {
            SetCarry32(sum, a, b, invert: false);
        }

        return Emission.Host(sum);
    }

    private static bool IsPlain(Operand operand) => operand.Node.Kind is OperandKind.Constant or OperandKind.Gpr or OperandKind.Host;

    private void SetCarry32(HostRegister result, Operand a, Operand b, bool invert)
    {
        HostRegister bits = _e.Copy(a.Node);
        Apply(AluOperation.Xor, bits, b, true);
        A.Alu(AluOperation.Xor, bits, result, true);
        if (invert)
        {
            A.Not(bits, true);
        }

        A.BitTest(bits, 32, true);
        A.Set(Condition.Below, StateOffset.XerCa32);
        _e.Release(bits);
    }

    private void Apply(AluOperation operation, HostRegister to, Operand operand, bool wide)
    {
        OperandNode node = operand.Node;
        if (node.IsConstant && (!wide || (long)node.Value == (int)node.Value))
        {
            A.Alu(operation, to, (int)node.Value, wide);
        }
        else if (node.Kind == OperandKind.Gpr && !PinnedRegisters.TryGet((int)node.Value, out _))
        {
            A.Alu(operation, to, StateOffset.Gpr((int)node.Value), wide);
        }
        else
        {
            A.Alu(operation, to, _e.InRegister(node), wide);
        }
    }

    /// <summary>
    /// The word is sign-extended to 64 bits and counts are of 6 bits: shifting there and back finds lost ones for all of them.
    /// </summary>
    private void ShiftRightAlgebraicBy(HostRegister word, HostRegister number)
    {
        HostRegister scratch = _e.Temporary();
        A.ShiftBy(ShiftOperation.RightAlgebraic, scratch, word, number, true);
        A.ShiftBy(ShiftOperation.Left, scratch, scratch, number, true);
        A.Alu(AluOperation.Compare, scratch, word, true);
        A.Set(Condition.NotEqual, StateOffset.XerCa);
        A.Move(scratch, word, true);
        A.Shift(ShiftOperation.Right, scratch, 63, true);
        A.Alu8(AluOperation.And, StateOffset.XerCa, scratch);
        A.ShiftBy(ShiftOperation.RightAlgebraic, word, word, number, true);
        _e.Release(scratch);
        _e.Release(number);
    }

    private Operand Shifted(HostRegister word)
    {
        if (Wide)
        {
            HostRegister carry = _e.Temporary();
            A.LoadZero8(carry, StateOffset.XerCa);
            A.Store8(StateOffset.XerCa32, carry);
            _e.Release(carry);
        }
        else
        {
            A.Move(word, word, false);
        }

        return Emission.Host(word);
    }

    /// <summary>XER[SO] in a temporary.</summary>
    private HostRegister LoadSummary()
    {
        HostRegister so = _e.Temporary();
        A.LoadZero8(so, StateOffset.XerSo);
        return so;
    }

    private void Compare(int field, Operand a, Operand b, bool signed, bool wide)
    {
        Comparison? comparison = Comparison.Of(_e.Insn, a.Node, b.Node, wide);
        HostRegister so = LoadSummary();
        HostRegister left = _e.InRegister(a.Node);
        Apply(AluOperation.Compare, left, b, wide);
        if (b.Node.Kind == OperandKind.Host)
        {
            _e.Release((HostRegister)b.Node.Value);
        }

        _e.Release(left);
        SetField(field, so, signed);
        _e.Compared = comparison;
    }

    /// <summary>Sets a CR field from the flags, which stay as they are.</summary>
    private void SetField(int field, HostRegister so, bool signed)
    {
        int version = A.FlagsVersion;
        HostRegister value = _e.Temporary();
        HostRegister other = _e.Temporary();
        A.MoveImmediate(value, 2);
        A.MoveImmediate(other, 4);
        A.MoveIf(signed ? Condition.Greater : Condition.Above, value, other, false);
        A.MoveImmediate(other, 8);
        A.MoveIf(signed ? Condition.Less : Condition.Below, value, other, false);
        A.LoadAddress(value, new MemoryOperand(value, so, 0), false);
        A.Store8(StateOffset.CrField(field), value);
        _e.Release(value);
        _e.Release(other);
        _e.Release(so);
        (_e.ComparedField, _e.ComparedSigned, _e.ComparedVersion, _e.Compared) = (field, signed, version, null);
    }
}
