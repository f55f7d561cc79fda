using System.Numerics;
using Firmament.PowerPC.State;
using Firmament.PowerPC.Translator.X64;

namespace Firmament.PowerPC.Translator;

/// <summary>Evaluation of operands into host registers.</summary>
internal sealed unsafe partial class Emission
{
    /// <summary>A general register's value.</summary>
    public static Operand Gpr(int gpr) =>
        gpr == CpuState.ZeroRegister ? Operand.From(0) : new Operand(new OperandNode(OperandKind.Gpr, (ulong)gpr));

    /// <summary>A value that is in a host register until the end of the instruction.</summary>
    public static Operand Host(HostRegister register) => new(new OperandNode(OperandKind.Host, (ulong)register));

    /// <summary>Sets a general register.</summary>
    public void SetGpr(int gpr, OperandNode value)
    {
        ForgetGroups(gpr);
        if (PinnedRegisters.TryGet(gpr, out HostRegister pin))
        {
            EvaluateInto(value, pin);
            if (value.Kind == OperandKind.Host)
            {
                Release((HostRegister)value.Value);
            }

            (value.Kind, value.Value) = (OperandKind.Gpr, (ulong)gpr);
            return;
        }

        ulong constant = Wide ? value.Value : (uint)value.Value;
        if (value.IsConstant && (long)constant == (int)constant && (Wide || (int)constant >= 0))
        {
            A.StoreImmediate(StateOffset.Gpr(gpr), (int)constant, true);
            return;
        }

        A.Store(StateOffset.Gpr(gpr), InRegister(value), true);
    }

    /// <summary>The register that holds a value, which is evaluated into a temporary if need be.</summary>
    public HostRegister InRegister(OperandNode node)
    {
        if (node.Kind == OperandKind.Host)
        {
            return (HostRegister)node.Value;
        }

        if (node.Kind == OperandKind.Gpr && PinnedRegisters.TryGet((int)node.Value, out HostRegister pin))
        {
            return pin;
        }

        return Materialize(node, Temporary());
    }

    /// <summary>Evaluates a tree into a temporary and makes it stand for that.</summary>
    public HostRegister Materialize(OperandNode node, HostRegister temporary)
    {
        EvaluateInto(node, temporary);
        (node.Kind, node.Value) = (OperandKind.Host, (ulong)temporary);
        return temporary;
    }

    /// <summary>Evaluates into a temporary that may be changed afterwards.</summary>
    public HostRegister Copy(OperandNode node)
    {
        HostRegister temporary = Temporary();
        EvaluateInto(node, temporary);
        return temporary;
    }

    /// <summary>Puts a value into a register: a temporary, or the pin of a register that is being set.</summary>
    public void EvaluateInto(OperandNode node, HostRegister to)
    {
        switch (node.Kind)
        {
            case OperandKind.Constant:
                A.MoveImmediate(to, Wide ? node.Value : (uint)node.Value);
                break;
            case OperandKind.Gpr:
                if (!PinnedRegisters.TryGet((int)node.Value, out HostRegister pin))
                {
                    A.Load(to, StateOffset.Gpr((int)node.Value), Wide);
                }
                else if (pin != to)
                {
                    A.Move(to, pin, Wide);
                }

                break;
            case OperandKind.Host:
                if ((HostRegister)node.Value != to)
                {
                    A.Move(to, (HostRegister)node.Value, Wide);
                }

                break;
            case OperandKind.Storage:
                LoadStorage(to, (int)node.Value, reversed: !LittleEndian);
                break;
            case OperandKind.State:
                A.Load(to, new MemoryOperand(StateOffset.Base, (int)node.Value), Wide);
                break;
            case OperandKind.Carry:
                A.LoadZero8(to, StateOffset.XerCa);
                break;
            case OperandKind.PageRelative:
                A.Load(to, StateOffset.PageEa, true);
                A.LoadAddress(to, new MemoryOperand(to, (int)node.Value), Wide);
                break;
            case OperandKind.ConditionRegister:
                GatherCr(to);
                break;
            case OperandKind.CrFlag:
                EvaluateCrFlag(node, to);
                break;
            case OperandKind.Not:
                EvaluateInto(node.A!, to);
                A.Not(to, Wide);
                break;
            case OperandKind.Negate:
                EvaluateInto(node.A!, to);
                A.Negate(to, Wide);
                break;
            case OperandKind.Add:
                EvaluateAdd(node.A!, node.B!, to);
                break;
            case OperandKind.And:
                EvaluateAnd(node.A!, node.B!, to);
                break;
            case OperandKind.Or:
                EvaluateBinary(AluOperation.Or, node.A!, node.B!, to);
                break;
            case OperandKind.Xor:
                EvaluateBinary(AluOperation.Xor, node.A!, node.B!, to);
                break;
            case OperandKind.Subtract:
                EvaluateBinary(AluOperation.Subtract, node.A!, node.B!, to);
                break;
            case OperandKind.MultiplyLow:
                EvaluateMultiply(node.A!, node.B!, to);
                break;
            default:
                EvaluateUnary(node, to);
                break;
        }
    }

    private void EvaluateUnary(OperandNode node, HostRegister to)
    {
        OperandNode a = node.A!;
        switch (node.Kind)
        {
            case OperandKind.RotateLeft32:
                Rotate32(a, node.B!, to);
                if (Wide)
                {
                    HostRegister copy = Temporary();
                    A.Move(copy, to, true);
                    A.Shift(ShiftOperation.Left, copy, 32, true);
                    A.Alu(AluOperation.Or, to, copy, true);
                    Release(copy);
                }

                break;
            case OperandKind.RotateLeft64:
                if (node.B!.IsConstant)
                {
                    EvaluateInto(a, to);
                    int count = (int)node.B.Value & 63;
                    if (count != 0)
                    {
                        A.Shift(ShiftOperation.RotateLeft, to, count, true);
                    }
                }
                else
                {
                    RotateByCl(a, node.B, to, true);
                }

                break;
            case OperandKind.ShiftLeft32:
                Shift32(a, node.B!, to, left: true);
                break;
            case OperandKind.ShiftRight32:
                Shift32(a, node.B!, to, left: false);
                break;
            case OperandKind.ShiftLeft64:
                Shift64(a, node.B!, to, left: true);
                break;
            case OperandKind.ShiftRight64:
                Shift64(a, node.B!, to, left: false);
                break;
            case OperandKind.SignExtend8:
                Extend(a, 1, to);
                break;
            case OperandKind.SignExtend16:
                Extend(a, 2, to);
                break;
            case OperandKind.SignExtend32:
                Extend(a, 4, to);
                break;
            case OperandKind.ByteReverse16:
            case OperandKind.ByteReverse32:
            case OperandKind.ByteReverse64:
                Reverse(a, node.Kind == OperandKind.ByteReverse16 ? 2 : node.Kind == OperandKind.ByteReverse32 ? 4 : 8, to);
                break;
            case OperandKind.LeadingZeros32:
            case OperandKind.LeadingZeros64:
                A.LeadingZeros(to, Source(a, to), node.Kind == OperandKind.LeadingZeros64);
                break;
            default:
                Unsupported = true;
                break;
        }
    }

    /// <summary>A register that holds a value: where it is, or evaluated into <paramref name="scratch"/>.</summary>
    private HostRegister Source(OperandNode node, HostRegister scratch)
    {
        if (node.Kind == OperandKind.Host)
        {
            return (HostRegister)node.Value;
        }

        if (node.Kind == OperandKind.Gpr && PinnedRegisters.TryGet((int)node.Value, out HostRegister pin))
        {
            return pin;
        }

        EvaluateInto(node, scratch);
        return scratch;
    }

    /// <summary>True when evaluating a tree needs the register's old value after the register was overwritten.</summary>
    private static bool Needs(OperandNode node, HostRegister register)
    {
        foreach ((int gpr, HostRegister host) in PinnedRegisters.All)
        {
            if (host == register)
            {
                return node.Reads(gpr);
            }
        }

        return node.Kind == OperandKind.Host && (HostRegister)node.Value == register;
    }

    private static bool IsSimple(OperandNode node) => node.Kind is OperandKind.Constant or OperandKind.Gpr or OperandKind.Host;

    private void EvaluateAdd(OperandNode a, OperandNode b, HostRegister to)
    {
        if (b.IsConstant && FitsInt32(b.Value))
        {
            HostRegister from = Source(a, to);
            int value = (int)b.Value;
            if (from == to)
            {
                A.Alu(AluOperation.Add, to, value, Wide);
            }
            else
            {
                A.LoadAddress(to, new MemoryOperand(from, value), Wide);
            }

            return;
        }

        if (TryRegister(a, out HostRegister left) && TryRegister(b, out HostRegister right))
        {
            if (left == to)
            {
                A.Alu(AluOperation.Add, to, right, Wide);
            }
            else if (right == to)
            {
                A.Alu(AluOperation.Add, to, left, Wide);
            }
            else
            {
                A.LoadAddress(to, new MemoryOperand(left, right, 0), Wide);
            }

            return;
        }

        EvaluateBinary(AluOperation.Add, a, b, to);
    }

    private void EvaluateBinary(AluOperation operation, OperandNode a, OperandNode b, HostRegister to)
    {
        if (operation != AluOperation.Subtract && IsSimple(a) && (!IsSimple(b) || (Needs(b, to) && !b.IsConstant)) && !a.IsConstant)
        {
            (a, b) = (b, a);
        }

        HostRegister work = Needs(b, to) ? Temporary() : to;
        EvaluateInto(a, work);
        Apply(operation, work, b);
        if (work != to)
        {
            A.Move(to, work, Wide);
            Release(work);
        }
    }

    private void Apply(AluOperation operation, HostRegister work, OperandNode b)
    {
        if (b.IsConstant && FitsInt32(b.Value))
        {
            A.Alu(operation, work, (int)b.Value, Wide);
        }
        else if (TryRegister(b, out HostRegister register))
        {
            A.Alu(operation, work, register, Wide);
        }
        else if (b.Kind == OperandKind.Gpr)
        {
            A.Alu(operation, work, StateOffset.Gpr((int)b.Value), Wide);
        }
        else
        {
            HostRegister second = Temporary();
            EvaluateInto(b, second);
            A.Alu(operation, work, second, Wide);
            Release(second);
        }
    }

    private static bool TryRegister(OperandNode node, out HostRegister register)
    {
        register = (HostRegister)node.Value;
        return node.Kind == OperandKind.Host || (node.Kind == OperandKind.Gpr && PinnedRegisters.TryGet((int)node.Value, out register));
    }

    /// <summary>And; a rotate under a mask becomes a shift where it is one.</summary>
    private void EvaluateAnd(OperandNode a, OperandNode b, HostRegister to)
    {
        if (!b.IsConstant || Needs(b, to))
        {
            EvaluateBinary(AluOperation.And, a, b, to);
            return;
        }

        ulong mask = Wide ? b.Value : (uint)b.Value;
        if (a.Kind == OperandKind.RotateLeft32 && mask <= uint.MaxValue)
        {
            RotateAndMask(a, 32, mask, to);
        }
        else if (a.Kind == OperandKind.RotateLeft64 && a.B!.IsConstant)
        {
            RotateAndMask(a, 64, mask, to);
        }
        else
        {
            HostRegister from = Source(a, to);
            Mask(from, mask, to);
        }
    }

    private void RotateAndMask(OperandNode rotate, int bits, ulong mask, HostRegister to)
    {
        bool wide = bits == 64;
        ulong ones = wide ? ulong.MaxValue : uint.MaxValue;
        if (rotate.B!.IsConstant)
        {
            int count = (int)rotate.B.Value & (bits - 1);
            bool left = count != 0 && mask == (ones & (ulong.MaxValue << count));
            bool right = count != 0 && mask == ones >> (bits - count);
            if (left || right)
            {
                HostRegister from = Source(rotate.A!, to);
                if (from != to)
                {
                    A.Move(to, from, wide);
                }

                A.Shift(left ? ShiftOperation.Left : ShiftOperation.Right, to, left ? count : bits - count, wide);
                return;
            }

            if (count == 0 && mask != ulong.MaxValue)
            {
                Mask(Source(rotate.A!, to), mask, to);
                return;
            }
        }

        if (wide)
        {
            EvaluateUnary(rotate, to);
        }
        else
        {
            Rotate32(rotate.A!, rotate.B, to);
        }

        if (mask == ones)
        {
            // A rotated word is zero-extended already.
            return;
        }

        Mask(to, mask, to);
    }

    private void EvaluateMultiply(OperandNode a, OperandNode b, HostRegister to)
    {
        if (b.IsConstant && FitsInt32(b.Value))
        {
            A.MultiplyImmediate(to, Source(a, to), (int)b.Value, Wide);
            return;
        }

        HostRegister work = Needs(b, to) ? Temporary() : to;
        EvaluateInto(a, work);
        if (TryRegister(b, out HostRegister register))
        {
            A.Multiply(work, register, Wide);
        }
        else if (b.Kind == OperandKind.Gpr)
        {
            A.Multiply(work, StateOffset.Gpr((int)b.Value), Wide);
        }
        else
        {
            HostRegister second = Copy(b);
            A.Multiply(work, second, Wide);
            Release(second);
        }

        if (work != to)
        {
            A.Move(to, work, Wide);
            Release(work);
        }
    }

    private void EvaluateCrFlag(OperandNode node, HostRegister to)
    {
        int mask = (int)node.Value & 15;
        A.LoadZero8(to, StateOffset.CrField((int)node.Value >> 4));
        int shift = BitOperations.TrailingZeroCount(mask);
        if (shift != 0)
        {
            A.Shift(ShiftOperation.Right, to, shift, false);
        }

        A.Alu(AluOperation.And, to, 1, false);
        Unsupported |= BitOperations.PopCount((uint)mask) != 1;
    }

    /// <summary>CR's eight bytes of four bits each, field 0 first, become one word.</summary>
    private void GatherCr(HostRegister to)
    {
        HostRegister mask = Temporary();
        A.MoveImmediate(mask, 0x0f0f_0f0f_0f0f_0f0f);
        A.Load(to, StateOffset.Cr, true);
        A.ByteSwap(to, true);
        A.GatherBits(to, to, mask, true);
        Release(mask);
    }

    private bool FitsInt32(ulong value) => !Wide || (long)value == (int)value;
}
