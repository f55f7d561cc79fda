namespace Firmament.Firmware.Forth.Engine;

/// <content>Stack and number operations that the inner interpreter does not inline.</content>
internal sealed partial class ForthEngine
{
    /// <summary>Runs an operation.</summary>
    /// <returns>The new depth of the whole data stack, or a throw code.</returns>
    private int Compute(Op op, int sp, int depth)
    {
        int fault = op is Op.Fetch or Op.Store or Op.ByteFetch or Op.ByteStore ? Access(op, ref sp, depth) : Compute(op, _data, _return, ref sp, ref _rp, depth, _rp - _returnFloor);
        return fault != 0 ? fault : sp;
    }

    private int Access(Op op, ref int sp, int depth)
    {
        if (depth < (op is Op.Fetch or Op.ByteFetch ? 1 : 2))
        {
            return ThrowCode.StackUnderflow;
        }

        uint address = (uint)_data[sp - 1];
        uint value = 0;
        bool ok = op switch
        {
            Op.Fetch => Memory.TryFetch(address, out value),
            Op.ByteFetch => Memory.TryFetch8(address, out value),
            Op.Store => Memory.TryStore(address, (uint)_data[sp - 2]),
            _ => Memory.TryStore8(address, (uint)_data[sp - 2]),
        };
        if (op is Op.Fetch or Op.ByteFetch)
        {
            _data[sp - 1] = (int)value;
        }
        else
        {
            sp -= 2;
        }

        return ok ? 0 : ThrowCode.InvalidAddress;
    }

    private static int Compute(Op op, int[] data, int[] stack, ref int sp, ref int rp, int depth, int returnDepth)
    {
        if (op >= Op.Plus)
        {
            return op is >= Op.Negate and <= Op.Absolute or >= Op.ZeroEquals and <= Op.ZeroGreaterOrEqual or >= Op.OnePlus and <= Op.Cells or Op.Invert
                ? Unary(op, data, sp, depth)
                : Binary(op, data, ref sp, depth);
        }

        int t = sp - 1;
        switch (op)
        {
            case Op.Rot when depth >= 3:
                (data[t - 2], data[t - 1], data[t]) = (data[t - 1], data[t], data[t - 2]);
                return 0;
            case Op.MinusRot when depth >= 3:
                (data[t - 2], data[t - 1], data[t]) = (data[t], data[t - 2], data[t - 1]);
                return 0;
            case Op.Nip when depth >= 2:
                data[t - 1] = data[t];
                sp--;
                return 0;
            case Op.TwoDrop when depth >= 2:
                sp -= 2;
                return 0;
            case Op.TwoSwap when depth >= 4:
                (data[t - 3], data[t - 2], data[t - 1], data[t]) = (data[t - 1], data[t], data[t - 3], data[t - 2]);
                return 0;
            case Op.TwoToR when depth >= 2:
                if (rp + 2 > ReturnCells)
                {
                    return ThrowCode.ReturnOverflow;
                }

                stack[rp] = data[t - 1];
                stack[rp + 1] = data[t];
                rp += 2;
                sp -= 2;
                return 0;
            case Op.Rot or Op.MinusRot or Op.Nip or Op.TwoDrop or Op.TwoSwap or Op.TwoToR:
                return ThrowCode.StackUnderflow;
            default:
                return sp + 2 > DataCells ? ThrowCode.StackOverflow : Grow(op, data, stack, ref sp, ref rp, depth, returnDepth);
        }
    }

    private static int Grow(Op op, int[] data, int[] stack, ref int sp, ref int rp, int depth, int returnDepth)
    {
        int t = sp - 1;
        switch (op)
        {
            case Op.Tuck when depth >= 2:
                (data[t - 1], data[t], data[t + 1]) = (data[t], data[t - 1], data[t]);
                sp++;
                return 0;
            case Op.TwoDup when depth >= 2:
                data[t + 1] = data[t - 1];
                data[t + 2] = data[t];
                sp += 2;
                return 0;
            case Op.TwoOver when depth >= 4:
                data[t + 1] = data[t - 3];
                data[t + 2] = data[t - 2];
                sp += 2;
                return 0;
            case Op.TwoRFrom or Op.TwoRFetch when returnDepth >= 2:
                data[t + 1] = stack[rp - 2];
                data[t + 2] = stack[rp - 1];
                sp += 2;
                rp -= op == Op.TwoRFrom ? 2 : 0;
                return 0;
            case Op.TwoRFrom or Op.TwoRFetch:
                return ThrowCode.ReturnUnderflow;
            default:
                return ThrowCode.StackUnderflow;
        }
    }

    private static int Unary(Op op, int[] data, int sp, int depth)
    {
        if (depth < 1)
        {
            return ThrowCode.StackUnderflow;
        }

        ref int top = ref data[sp - 1];
        top = op switch
        {
            Op.Invert => ~top,
            Op.Negate => -top,
            Op.Absolute => top < 0 ? -top : top,
            Op.ZeroEquals => Flag(top == 0),
            Op.ZeroNotEquals => Flag(top != 0),
            Op.ZeroLess => top >> 31,
            Op.ZeroGreater => Flag(top > 0),
            Op.ZeroLessOrEqual => Flag(top <= 0),
            Op.ZeroGreaterOrEqual => Flag(top >= 0),
            Op.OnePlus => top + 1,
            Op.OneMinus => top - 1,
            Op.TwoPlus => top + 2,
            Op.TwoMinus => top - 2,
            Op.TwoTimes => top << 1,
            Op.TwoDivide => top >> 1,
            Op.UnsignedTwoDivide => (int)((uint)top >> 1),
            Op.CellPlus => top + 4,
            Op.Cells => top << 2,
            _ => top,
        };
        return 0;
    }

    private static int Binary(Op op, int[] data, ref int sp, int depth)
    {
        if (depth < 2)
        {
            return ThrowCode.StackUnderflow;
        }

        int right = data[sp - 1];
        ref int left = ref data[sp - 2];
        switch (op)
        {
            case Op.Plus:
                left += right;
                break;
            case Op.Minus:
                left -= right;
                break;
            case Op.Times:
                left *= right;
                break;
            case Op.And:
                left &= right;
                break;
            case Op.Or:
                left |= right;
                break;
            case Op.Xor:
                left ^= right;
                break;
            case Op.LeftShift:
                left = (uint)right > 31 ? 0 : left << right;
                break;
            case Op.RightShift:
                left = (uint)right > 31 ? 0 : (int)((uint)left >> right);
                break;
            case Op.ArithmeticShift:
                left >>= (uint)right > 31 ? 31 : right;
                break;
            case Op.Minimum:
                left = Math.Min(left, right);
                break;
            case Op.Maximum:
                left = Math.Max(left, right);
                break;
            case Op.Equal:
                left = Flag(left == right);
                break;
            case Op.NotEqual:
                left = Flag(left != right);
                break;
            case Op.Less:
                left = Flag(left < right);
                break;
            case Op.Greater:
                left = Flag(left > right);
                break;
            case Op.LessOrEqual:
                left = Flag(left <= right);
                break;
            case Op.GreaterOrEqual:
                left = Flag(left >= right);
                break;
            case Op.UnsignedLess:
                left = Flag((uint)left < (uint)right);
                break;
            case Op.UnsignedGreater:
                left = Flag((uint)left > (uint)right);
                break;
            case Op.UnsignedLessOrEqual:
                left = Flag((uint)left <= (uint)right);
                break;
            case Op.UnsignedGreaterOrEqual:
                left = Flag((uint)left >= (uint)right);
                break;
            default:
                return ThrowCode.UnsupportedOperation;
        }

        sp--;
        return 0;
    }

    private static int Flag(bool value) => value ? -1 : 0;
}
