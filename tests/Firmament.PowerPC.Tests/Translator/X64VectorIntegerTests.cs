using Firmament.PowerPC.Translator.X64;
using Iced.Intel;
using static Firmament.PowerPC.Tests.Translator.EncodingCheck;
using MemoryOperand = Firmament.PowerPC.Translator.X64.MemoryOperand;

namespace Firmament.PowerPC.Tests.Translator;

/// <summary>The assembler's vector instructions on integers, decoded by Iced.</summary>
public sealed class X64VectorIntegerTests
{
    private static readonly PackedOperation[] OneOperand =
    [
        PackedOperation.Ptest, PackedOperation.Pabsd, PackedOperation.Pmovsxbw, PackedOperation.Pmovsxwd, PackedOperation.Pmovsxdq, PackedOperation.Pbroadcastb,
        PackedOperation.Pbroadcastw, PackedOperation.Pbroadcastd, PackedOperation.Pbroadcastq, PackedOperation.Aesimc,
    ];

    private static readonly PackedOperation[] Immediate =
        [PackedOperation.Pshufd, PackedOperation.Shufpd, PackedOperation.Pblendw, PackedOperation.Palignr, PackedOperation.Pclmulqdq];

    private static readonly PackedOperation[] TwoOperands =
        [.. Enum.GetValues<PackedOperation>().Except(OneOperand).Except(Immediate).Where(static o => o != PackedOperation.None)];

    [Fact]
    public void Every_operation_of_two_operands_is_the_one_it_is_named_after()
    {
        foreach (PackedOperation operation in TwoOperands)
        {
            Mnemonic mnemonic = Named(operation);
            foreach (XmmRegister to in Vectors)
            {
                foreach (XmmRegister second in Vectors)
                {
                    XmmRegister first = (XmmRegister)(((int)to * 3 + (int)second) & 15);
                    Decodes(a => a.Packed(operation, to, first, second), mnemonic, Xmm(to), Xmm(first), Xmm(second));
                }

                Decodes(a => a.PackedAt(operation, to, to, -64), mnemonic, Xmm(to), Xmm(to), Address - 64);
            }
        }
    }

    [Fact]
    public void Every_operation_of_one_operand_is_the_one_it_is_named_after()
    {
        foreach (PackedOperation operation in OneOperand)
        {
            foreach (XmmRegister to in Vectors)
            {
                XmmRegister from = (XmmRegister)(15 - (int)to);
                Decodes(a => a.Packed(operation, to, from), Named(operation), Xmm(to), Xmm(from));
            }
        }
    }

    [Fact]
    public void Every_operation_with_an_immediate_is_the_one_it_is_named_after()
    {
        MemoryOperand memory = new(HostRegister.Rbp, 0x200);
        foreach (PackedOperation operation in Immediate)
        {
            foreach (XmmRegister to in Vectors)
            {
                XmmRegister from = (XmmRegister)(15 - (int)to);
                object[] operands = operation == PackedOperation.Pshufd ? [Xmm(to), Xmm(from), 0x5a] : [Xmm(to), Register.XMM0, Xmm(from), 0x5a];
                Decodes(a => a.PackedImmediate(operation, to, XmmRegister.Xmm0, from, 0x5a), Named(operation), operands);
                operands[^2] = memory;
                Decodes(a => a.PackedImmediate(operation, to, XmmRegister.Xmm0, memory, 0x5a), Named(operation), operands);
            }
        }
    }

    [Fact]
    public void Every_shift_by_an_immediate_is_the_one_it_is_named_after()
    {
        foreach (PackedShift shift in Enum.GetValues<PackedShift>())
        {
            foreach (XmmRegister to in Vectors)
            {
                foreach (XmmRegister from in Vectors)
                {
                    Decodes(a => a.Packed(shift, to, from, 9), Enum.Parse<Mnemonic>("V" + shift, ignoreCase: true), Xmm(to), Xmm(from), 9);
                }
            }
        }
    }

    [Fact]
    public void Vector_loads_and_stores_reach_the_memory_they_should()
    {
        foreach (MemoryOperand memory in Memory())
        {
            foreach (XmmRegister r in Vectors)
            {
                Decodes(a => a.LoadVector(r, memory), Mnemonic.Vmovdqu, Xmm(r), memory);
                Decodes(a => a.StoreVector(memory, r), Mnemonic.Vmovdqu, memory, Xmm(r));
                Decodes(a => a.StoreWideVector(memory, r), Mnemonic.Vmovdqu, memory, Register.YMM0 + (int)r);
                Decodes(a => a.LoadLow(r, memory), Mnemonic.Vmovq, Xmm(r), memory);
                Decodes(a => a.Packed(PackedOperation.Paddd, r, XmmRegister.Xmm9, memory), Mnemonic.Vpaddd, Xmm(r), Register.XMM9, memory);
                Decodes(a => a.Packed(PackedOperation.Psllvq, r, XmmRegister.Xmm1, memory), Mnemonic.Vpsllvq, Xmm(r), Register.XMM1, memory);
                Decodes(a => a.Packed(PackedOperation.Pbroadcastb, r, memory), Mnemonic.Vpbroadcastb, Xmm(r), memory);
            }
        }

        foreach (XmmRegister r in Vectors)
        {
            Decodes(a => a.LoadVectorAt(r, 0x40), Mnemonic.Vmovdqu, Xmm(r), Address + 0x40);
        }
    }

    [Fact]
    public void Moves_between_general_and_vector_registers_are_what_they_should_be()
    {
        foreach (HostRegister general in Registers)
        {
            foreach (XmmRegister vector in Vectors)
            {
                Decodes(a => a.MoveToVector(vector, general, false), Mnemonic.Vmovd, Xmm(vector), General(general, 4));
                Decodes(a => a.MoveToVector(vector, general, true), Mnemonic.Vmovq, Xmm(vector), General(general, 8));
                Decodes(a => a.MoveFromVector(general, vector, false), Mnemonic.Vmovd, General(general, 4), Xmm(vector));
                Decodes(a => a.MoveFromVector(general, vector, true), Mnemonic.Vmovq, General(general, 8), Xmm(vector));
                Decodes(a => a.MoveMask(general, vector), Mnemonic.Vpmovmskb, General(general, 4), Xmm(vector));
                Decodes(a => a.TestVector(vector, XmmRegister.Xmm12), Mnemonic.Vptest, Xmm(vector), Register.XMM12);
            }
        }
    }

    private static Mnemonic Named(PackedOperation operation) => Enum.Parse<Mnemonic>("V" + operation, ignoreCase: true);
}
