using Firmament.PowerPC.Translator.X64;

namespace Firmament.PowerPC.Translator;

/// <summary>Evaluation of masks, rotates, shifts, extensions and byte reversals.</summary>
internal sealed unsafe partial class Emission
{
    private void Mask(HostRegister from, ulong mask, HostRegister to)
    {
        switch (mask)
        {
            case 0xff:
                A.ZeroExtend8(to, from);
                return;
            case 0xffff:
                A.ZeroExtend16(to, from);
                return;
            case uint.MaxValue:
                A.Move(to, from, false);
                return;
            case ulong.MaxValue:
                if (from != to)
                {
                    A.Move(to, from, true);
                }

                return;
        }

        if (mask <= uint.MaxValue)
        {
            if (from != to)
            {
                A.Move(to, from, false);
            }

            A.Alu(AluOperation.And, to, (int)mask, false);
        }
        else if (FitsInt32(mask))
        {
            if (from != to)
            {
                A.Move(to, from, true);
            }

            A.Alu(AluOperation.And, to, (int)mask, true);
        }
        else
        {
            HostRegister constant = Temporary();
            A.MoveImmediate(constant, mask);
            if (from != to)
            {
                A.Move(to, from, true);
            }

            A.Alu(AluOperation.And, to, constant, true);
            Release(constant);
        }
    }

    private void Rotate32(OperandNode value, OperandNode count, HostRegister to)
    {
        if (count.IsConstant)
        {
            HostRegister from = Source(value, to);
            if (from != to)
            {
                A.Move(to, from, false);
            }
            else if (Wide && ((int)count.Value & 31) == 0)
            {
                A.Move(to, to, false);
            }

            if (((int)count.Value & 31) != 0)
            {
                A.Shift(ShiftOperation.RotateLeft, to, (int)count.Value & 31, false);
            }
        }
        else
        {
            RotateByCl(value, count, to, false);
        }
    }

    private void RotateByCl(OperandNode value, OperandNode count, HostRegister to, bool wide)
    {
        Take(HostRegister.Rcx);
        Unsupported |= to == HostRegister.Rcx;
        EvaluateInto(count, HostRegister.Rcx);
        HostRegister work = to;
        EvaluateInto(value, work);
        A.ShiftByCl(ShiftOperation.RotateLeft, work, wide);
        Release(HostRegister.Rcx);
    }

    /// <summary>Counts of 32 to 63 give 0: the word is shifted as a doubleword.</summary>
    private void Shift32(OperandNode value, OperandNode count, HostRegister to, bool left)
    {
        HostRegister number = CountIn(count, to, out bool temporary);
        HostRegister from = Source(value, to);
        if (Wide && !left)
        {
            A.Move(to, from, false);
            from = to;
        }

        A.ShiftBy(left ? ShiftOperation.Left : ShiftOperation.Right, to, from, number, true);
        if (left)
        {
            A.Move(to, to, false);
        }

        if (temporary)
        {
            Release(number);
        }
    }

    private void Shift64(OperandNode value, OperandNode count, HostRegister to, bool left)
    {
        if (count.IsConstant)
        {
            EvaluateInto(value, to);
            A.Shift(left ? ShiftOperation.Left : ShiftOperation.Right, to, (int)count.Value & 63, true);
            return;
        }

        HostRegister number = CountIn(count, to, out bool temporary);
        HostRegister from = Source(value, to);
        A.ShiftBy(left ? ShiftOperation.Left : ShiftOperation.Right, to, from, number, true);
        HostRegister zero = Temporary();
        A.MoveImmediate(zero, 0);
        A.Test(number, 64, false);
        A.MoveIf(Condition.NotEqual, to, zero, true);
        Release(zero);
        if (temporary)
        {
            Release(number);
        }
    }

    /// <summary>A shift count in a register that setting <paramref name="to"/> does not change.</summary>
    private HostRegister CountIn(OperandNode count, HostRegister to, out bool temporary)
    {
        temporary = !TryRegister(count, out HostRegister register) || register == to;
        return temporary ? Copy(count) : register;
    }

    private void Extend(OperandNode value, int size, HostRegister to)
    {
        if (value.Kind == OperandKind.Storage && (LittleEndian || size == 1))
        {
            MemoryOperand memory = Storage;
            switch (size)
            {
                case 1: A.LoadSign8(to, memory, Wide); break;
                case 2: A.LoadSign16(to, memory, Wide); break;
                default: A.LoadSign32(to, memory); break;
            }

            return;
        }

        HostRegister from = Source(value, to);
        switch (size)
        {
            case 1: A.SignExtend8(to, from, Wide); break;
            case 2: A.SignExtend16(to, from, Wide); break;
            default: A.SignExtend32(to, from); break;
        }
    }

    private void Reverse(OperandNode value, int size, HostRegister to)
    {
        if (value.Kind == OperandKind.Storage)
        {
            LoadStorage(to, size, reversed: LittleEndian);
            return;
        }

        HostRegister from = Source(value, to);
        if (size == 2)
        {
            A.ZeroExtend16(to, from);
            A.ByteSwap16(to);
            return;
        }

        if (from != to)
        {
            A.Move(to, from, size == 8);
        }

        A.ByteSwap(to, size == 8);
    }

    private void LoadStorage(HostRegister to, int size, bool reversed)
    {
        MemoryOperand memory = Storage;
        switch (size)
        {
            case 1:
                A.LoadZero8(to, memory);
                break;
            case 2:
                A.LoadZero16(to, memory);
                if (reversed)
                {
                    A.ByteSwap16(to);
                }

                break;
            default:
                if (reversed)
                {
                    A.LoadReversed(to, memory, size == 8);
                }
                else
                {
                    A.Load(to, memory, size == 8);
                }

                break;
        }
    }
}
