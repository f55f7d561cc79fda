using Firmament.PowerPC.Translator.X64;
using Iced.Intel;
using static Firmament.PowerPC.Tests.Translator.EncodingCheck;
using MemoryOperand = Firmament.PowerPC.Translator.X64.MemoryOperand;

namespace Firmament.PowerPC.Tests.Translator;

/// <summary>Every method of the assembler for general registers, decoded by Iced: all registers, and all kinds of memory operand.</summary>
public sealed class X64AssemblerTests
{
    private static readonly bool[] Widths = [false, true];

    private static readonly (AluOperation Operation, Mnemonic Mnemonic)[] Operations =
    [
        (AluOperation.Add, Mnemonic.Add), (AluOperation.Or, Mnemonic.Or), (AluOperation.AddCarry, Mnemonic.Adc), (AluOperation.SubtractBorrow, Mnemonic.Sbb),
        (AluOperation.And, Mnemonic.And), (AluOperation.Subtract, Mnemonic.Sub), (AluOperation.Xor, Mnemonic.Xor), (AluOperation.Compare, Mnemonic.Cmp),
    ];

    [Fact]
    public void Instructions_of_two_registers_are_what_they_should_be()
    {
        foreach (HostRegister to in Registers)
        {
            foreach (HostRegister from in Registers)
            {
                foreach (bool wide in Widths)
                {
                    (Register t, Register f) = (General(to, wide), General(from, wide));
                    Decodes(a => a.Move(to, from, wide), Mnemonic.Mov, t, f);
                    Decodes(a => a.Test(to, from, wide), Mnemonic.Test, t, f);
                    Decodes(a => a.Multiply(to, from, wide), Mnemonic.Imul, t, f);
                    Decodes(a => a.MultiplyImmediate(to, from, -5, wide), Mnemonic.Imul, t, f, -5);
                    Decodes(a => a.MultiplyImmediate(to, from, 1000, wide), Mnemonic.Imul, t, f, 1000);
                    Decodes(a => a.LeadingZeros(to, from, wide), Mnemonic.Lzcnt, t, f);
                    Decodes(a => a.TrailingZeros(to, from, wide), Mnemonic.Tzcnt, t, f);
                    Decodes(a => a.PopulationCount(to, from, wide), Mnemonic.Popcnt, t, f);
                    Decodes(a => a.SignExtend8(to, from, wide), Mnemonic.Movsx, t, General(from, 1));
                    Decodes(a => a.SignExtend16(to, from, wide), Mnemonic.Movsx, t, General(from, 2));
                    Decodes(a => a.MoveIf(Condition.LessOrEqual, to, from, wide), Mnemonic.Cmovle, t, f);
                    foreach ((AluOperation operation, Mnemonic mnemonic) in Operations)
                    {
                        Decodes(a => a.Alu(operation, to, from, wide), mnemonic, t, f);
                    }
                }

                Decodes(a => a.ZeroExtend8(to, from), Mnemonic.Movzx, General(to, 4), General(from, 1));
                Decodes(a => a.ZeroExtend16(to, from), Mnemonic.Movzx, General(to, 4), General(from, 2));
                Decodes(a => a.SignExtend32(to, from), Mnemonic.Movsxd, General(to, 8), General(from, 4));
            }
        }
    }

    [Fact]
    public void Instructions_of_three_registers_are_what_they_should_be()
    {
        foreach (HostRegister to in Registers)
        {
            foreach (HostRegister from in Registers)
            {
                HostRegister third = (HostRegister)(((int)to * 5 + (int)from) & 15);
                foreach (bool wide in Widths)
                {
                    (Register t, Register f, Register c) = (General(to, wide), General(from, wide), General(third, wide));
                    Decodes(a => a.ShiftBy(ShiftOperation.Left, to, from, third, wide), Mnemonic.Shlx, t, f, c);
                    Decodes(a => a.ShiftBy(ShiftOperation.Right, to, from, third, wide), Mnemonic.Shrx, t, f, c);
                    Decodes(a => a.ShiftBy(ShiftOperation.RightAlgebraic, to, from, third, wide), Mnemonic.Sarx, t, f, c);
                    Decodes(a => a.GatherBits(to, from, third, wide), Mnemonic.Pext, t, f, c);
                    Decodes(a => a.ScatterBits(to, from, third, wide), Mnemonic.Pdep, t, f, c);
                }
            }
        }
    }

    [Fact]
    public void Instructions_of_one_register_are_what_they_should_be()
    {
        foreach (HostRegister r in Registers)
        {
            foreach (bool wide in Widths)
            {
                Register register = General(r, wide);
                Decodes(a => a.Not(r, wide), Mnemonic.Not, register);
                Decodes(a => a.Negate(r, wide), Mnemonic.Neg, register);
                Decodes(a => a.MultiplyWide(r, false, wide), Mnemonic.Mul, register);
                Decodes(a => a.MultiplyWide(r, true, wide), Mnemonic.Imul, register);
                Decodes(a => a.Divide(r, false, wide), Mnemonic.Div, register);
                Decodes(a => a.Divide(r, true, wide), Mnemonic.Idiv, register);
                Decodes(a => a.ByteSwap(r, wide), Mnemonic.Bswap, register);
                Decodes(a => a.BitTest(r, 29, wide), Mnemonic.Bt, register, 29);
                Decodes(a => a.Test(r, -2, wide), Mnemonic.Test, register, -2);
                foreach ((AluOperation operation, Mnemonic mnemonic) in Operations)
                {
                    Decodes(a => a.Alu(operation, r, -128, wide), mnemonic, register, -128);
                    Decodes(a => a.Alu(operation, r, 0x1234_5678, wide), mnemonic, register, 0x1234_5678);
                }

                foreach ((ShiftOperation operation, Mnemonic mnemonic) in Shifts)
                {
                    Decodes(a => a.Shift(operation, r, 3, wide), mnemonic, register, 3);
                    Decodes(a => a.ShiftByCl(operation, r, wide), mnemonic, register, Register.CL);
                }
            }

            Decodes(a => a.ByteSwap16(r), Mnemonic.Rol, General(r, 2), 8);
            Decodes(a => a.Set(Condition.Below, r), Mnemonic.Setb, General(r, 1));
            foreach ((AluOperation operation, Mnemonic mnemonic) in Operations)
            {
                Decodes(a => a.Alu8(operation, r, (byte)0xfe), mnemonic, General(r, 1), 0xfe);
            }

            Decodes(a => a.Push(r), Mnemonic.Push, General(r, 8));
            Decodes(a => a.Pop(r), Mnemonic.Pop, General(r, 8));
            Decodes(a => a.Jump(r), Mnemonic.Jmp, General(r, 8));
            Decodes(a => a.Call(r), Mnemonic.Call, General(r, 8));
            Decodes(a => a.MoveImmediate(r, 7), Mnemonic.Mov, General(r, 4), 7);
            Decodes(a => a.MoveImmediate(r, unchecked((ulong)-7)), Mnemonic.Mov, General(r, 8), -7);
            Decodes(a => a.MoveImmediate(r, 0x1234_5678_9abc_def0), Mnemonic.Mov, General(r, 8), 0x1234_5678_9abc_def0);
        }

        Decodes(a => a.SignExtendAccumulator(false), Mnemonic.Cdq);
        Decodes(a => a.SignExtendAccumulator(true), Mnemonic.Cqo);
        Decodes(a => a.Return(), Mnemonic.Ret);
    }

    [Fact]
    public void Loads_and_stores_reach_the_memory_they_should()
    {
        foreach (MemoryOperand memory in Memory())
        {
            foreach (HostRegister r in Registers)
            {
                foreach (bool wide in Widths)
                {
                    Register register = General(r, wide);
                    Decodes(a => a.Load(r, memory, wide), Mnemonic.Mov, register, memory);
                    Decodes(a => a.Store(memory, r, wide), Mnemonic.Mov, memory, register);
                    Decodes(a => a.LoadAddress(r, memory, wide), Mnemonic.Lea, register, memory);
                    Decodes(a => a.LoadReversed(r, memory, wide), Mnemonic.Movbe, register, memory);
                    Decodes(a => a.StoreReversed(memory, r, wide), Mnemonic.Movbe, memory, register);
                    Decodes(a => a.LoadSign8(r, memory, wide), Mnemonic.Movsx, register, memory);
                    Decodes(a => a.LoadSign16(r, memory, wide), Mnemonic.Movsx, register, memory);
                    Decodes(a => a.Multiply(r, memory, wide), Mnemonic.Imul, register, memory);
                    Decodes(a => a.MoveIf(Condition.Above, r, memory, wide), Mnemonic.Cmova, register, memory);
                    Decodes(a => a.Alu(AluOperation.AddCarry, r, memory, wide), Mnemonic.Adc, register, memory);
                    Decodes(a => a.Alu(AluOperation.Compare, memory, r, wide), Mnemonic.Cmp, memory, register);
                }

                Decodes(a => a.Store8(memory, r), Mnemonic.Mov, memory, General(r, 1));
                Decodes(a => a.Store16(memory, r), Mnemonic.Mov, memory, General(r, 2));
                Decodes(a => a.StoreReversed16(memory, r), Mnemonic.Movbe, memory, General(r, 2));
                Decodes(a => a.LoadZero8(r, memory), Mnemonic.Movzx, General(r, 4), memory);
                Decodes(a => a.LoadZero16(r, memory), Mnemonic.Movzx, General(r, 4), memory);
                Decodes(a => a.LoadSign32(r, memory), Mnemonic.Movsxd, General(r, 8), memory);
                Decodes(a => a.Alu8(AluOperation.Or, r, memory), Mnemonic.Or, General(r, 1), memory);
                Decodes(a => a.Alu8(AluOperation.And, memory, r), Mnemonic.And, memory, General(r, 1));
            }
        }
    }

    [Fact]
    public void Instructions_on_memory_and_a_constant_are_what_they_should_be()
    {
        foreach (MemoryOperand memory in Memory())
        {
            foreach (bool wide in Widths)
            {
                Decodes(a => a.StoreImmediate(memory, -3, wide), Mnemonic.Mov, memory, -3);
                Decodes(a => a.Alu(AluOperation.Subtract, memory, 1, wide), Mnemonic.Sub, memory, 1);
                Decodes(a => a.Alu(AluOperation.Compare, memory, 1000, wide), Mnemonic.Cmp, memory, 1000);
            }

            Decodes(a => a.StoreImmediate8(memory, 0x81), Mnemonic.Mov, memory, 0x81);
            Decodes(a => a.Alu8(AluOperation.And, memory, (byte)0xf7), Mnemonic.And, memory, 0xf7);
            Decodes(a => a.Test(memory, 0x0200_0000), Mnemonic.Test, memory, 0x0200_0000);
            Decodes(a => a.Test8(memory, 0x80), Mnemonic.Test, memory, 0x80);
            Decodes(a => a.Set(Condition.NotEqual, memory), Mnemonic.Setne, memory);
            Decodes(a => a.Call(memory), Mnemonic.Call, memory);
        }
    }

    [Fact]
    public void Jumps_and_references_lead_where_they_should()
    {
        Mnemonic[] jumps =
        [
            Mnemonic.Jo, Mnemonic.Jno, Mnemonic.Jb, Mnemonic.Jae, Mnemonic.Je, Mnemonic.Jne, Mnemonic.Jbe, Mnemonic.Ja,
            Mnemonic.Js, Mnemonic.Jns, Mnemonic.Jp, Mnemonic.Jnp, Mnemonic.Jl, Mnemonic.Jge, Mnemonic.Jle, Mnemonic.Jg,
        ];
        foreach (int target in (int[])[-0x1000, 0, 0x1000])
        {
            ulong address = Address + (ulong)target;
            Decodes(a => a.JumpTo(target), Mnemonic.Jmp, address);
            Decodes(a => a.CallTo(target), Mnemonic.Call, address);
            foreach (Condition condition in Enum.GetValues<Condition>())
            {
                Decodes(a => a.JumpTo(condition, target), jumps[(int)condition], address);
            }

            foreach (HostRegister r in Registers)
            {
                Decodes(a => a.LoadAddressOf(r, target), Mnemonic.Lea, General(r, 8), address);
            }
        }

        foreach (Condition condition in Enum.GetValues<Condition>())
        {
            Decodes(a => JumpOver(a, condition), jumps[(int)condition], Address + 6);
        }
    }

    private static readonly (ShiftOperation Operation, Mnemonic Mnemonic)[] Shifts =
    [
        (ShiftOperation.Left, Mnemonic.Shl), (ShiftOperation.Right, Mnemonic.Shr), (ShiftOperation.RightAlgebraic, Mnemonic.Sar),
        (ShiftOperation.RotateLeft, Mnemonic.Rol), (ShiftOperation.RotateRight, Mnemonic.Ror),
    ];

    private static void JumpOver(X64Assembler a, Condition condition)
    {
        CodeLabel label = a.NewLabel();
        a.Jump(condition, label);
        a.Place(label);
    }
}
