using Firmament.PowerPC.Leaf.FloatingPoint;

namespace Firmament.PowerPC.Tests.FloatingPoint;

/// <summary>Estimates against the architecture's bounds, the software-division tests, moves, and single loads and stores.</summary>
public sealed class EstimateAndMoveTests
{
    private const ulong One = 0x3ff0_0000_0000_0000;

    [Theory]
    [InlineData("fres", 256)]
    [InlineData("fre", 16384)]
    [InlineData("frsqrte", 32)]
    [InlineData("frsqrtes", 32)]
    public void Estimates_stay_inside_the_bound(string mnemonic, double bound)
    {
        bool root = mnemonic.StartsWith("frsq", StringComparison.Ordinal);
        using FloatingPointCpu cpu = new();
        OperandSource source = new(7);
        int checkedOperands = 0;
        for (int n = 0; n < 20_000; n++)
        {
            double operand = BitConverter.UInt64BitsToDouble(source.Next());
            double exact = root ? 1 / Math.Sqrt(operand) : 1 / operand;
            if (!(Math.Abs(exact) >= 1.1754943508222875e-38 && Math.Abs(exact) <= float.MaxValue) || !double.IsFinite(operand))
            {
                continue;
            }

            checkedOperands++;
            cpu.Fpscr = 0;
            cpu[InstructionWords.B] = BitConverter.DoubleToUInt64Bits(operand);
            Assert.True(cpu.Execute(InstructionWords.Arithmetic(mnemonic)));
            double estimate = BitConverter.UInt64BitsToDouble(cpu[InstructionWords.Target]);
            Assert.True(Math.Abs((estimate - exact) / exact) <= 1 / bound, $"{mnemonic} {operand:r}: {estimate:r}");
            Assert.Equal(estimate < 0 ? 0x8000u : 0x4000u, cpu.Fpscr);
        }

        Assert.True(checkedOperands > 3_000);
    }

    [Theory]
    [InlineData("fres", 1UL << 63, 0xfff0_0000_0000_0000, 0x8400_9000u)]
    [InlineData("fres", 0xfff0_0000_0000_0000, 1UL << 63, 0x0001_2000u)]
    [InlineData("fres", 0x0000_0000_0000_0001, 0x7ff0_0000_0000_0000, 0x9000_5000u)]
    [InlineData("fre", 0x0000_0000_0000_0001, 0x7ff0_0000_0000_0000, 0x9000_5000u)]
    [InlineData("fre", 0x7fe0_0000_0000_0000, 0x0008_0000_0000_0000, 0x8801_4000u)]
    [InlineData("fres", 0xc7e0_0000_0000_0000, 0xb800_0000_0000_0000, 0x8801_8000u)]
    [InlineData("frsqrte", 0xbff0_0000_0000_0000, 0x7ff8_0000_0000_0000, 0xa001_1200u)]
    [InlineData("frsqrte", 0xfff0_0000_0000_0000, 0x7ff8_0000_0000_0000, 0xa001_1200u)]
    [InlineData("frsqrte", 0x7ff0_0000_0000_0000, 0, 0x0000_2000u)]
    [InlineData("frsqrte", 0x4010_0000_0000_0000, 0x3fe0_0000_0000_0000, 0x0000_4000u)]
    [InlineData("frsqrte", 0x0000_0000_0000_0004, 0x6170_0000_0000_0000, 0x0000_4000u)]
    public void Estimates_of_special_operands_are_exact(string mnemonic, ulong operand, ulong result, uint fpscr)
    {
        using FloatingPointCpu cpu = new();
        cpu[InstructionWords.B] = operand;
        Assert.True(cpu.Execute(InstructionWords.Arithmetic(mnemonic)));
        Assert.Equal($"{result:x16} {fpscr:x8}", $"{cpu[InstructionWords.Target]:x16} {cpu.Fpscr:x8}");
    }

    [Theory]
    [InlineData(One, One, 0x8u)]
    [InlineData(One, 0UL, 0xeu)]
    [InlineData(0x7ff0_0000_0000_0000, One, 0xeu)]
    [InlineData(One, 0x7ff8_0000_0000_0000, 0xau)]
    [InlineData(One, 0x0008_0000_0000_0000, 0xeu)]
    [InlineData(One, 0x7fc0_0000_0000_0000, 0xau)]
    [InlineData(One, 0x7fb0_0000_0000_0000, 0x8u)]
    [InlineData(0UL, 0x7fb0_0000_0000_0000, 0x8u)]
    [InlineData(0x0350_0000_0000_0000, One, 0xau)]
    [InlineData(0x0360_0000_0000_0000, One, 0x8u)]
    [InlineData(0x7fd0_0000_0000_0000, 0x3fe0_0000_0000_0000, 0xau)]
    public void Ftdiv_finds_the_operands_software_division_cannot_take(ulong a, ulong b, uint field)
    {
        using FloatingPointCpu cpu = new();
        cpu[4] = a;
        cpu[5] = b;
        Assert.True(cpu.Execute((63u << 26) | (1 << 23) | (4 << 16) | (5 << 11) | (128 << 1)));
        Assert.Equal($"{field << 24:x8}", $"{cpu.Cr:x8}");
        Assert.Equal(0u, cpu.Fpscr);
    }

    [Theory]
    [InlineData(One, 0x8u)]
    [InlineData(0UL, 0xeu)]
    [InlineData(0x7ff0_0000_0000_0000, 0xeu)]
    [InlineData(0xbff0_0000_0000_0000, 0xau)]
    [InlineData(0x0350_0000_0000_0000, 0xau)]
    [InlineData(0x0360_0000_0000_0000, 0x8u)]
    public void Ftsqrt_finds_the_operands_software_square_root_cannot_take(ulong b, uint field)
    {
        using FloatingPointCpu cpu = new();
        cpu[5] = b;
        Assert.True(cpu.Execute((63u << 26) | (1 << 23) | (5 << 11) | (160 << 1)));
        Assert.Equal($"{field << 24:x8}", $"{cpu.Cr:x8}");
    }

    [Theory]
    [InlineData(72u, 0x8123_4567_89ab_cdef)]
    [InlineData(40u, 0x0123_4567_89ab_cdef)]
    [InlineData(264u, 0x0123_4567_89ab_cdef)]
    [InlineData(136u, 0x8123_4567_89ab_cdef)]
    [InlineData(8u, 0x0123_4567_89ab_cdef)]
    [InlineData(966u, 0x7ff4_0000_8123_4567)]
    [InlineData(838u, 0x1111_1111_89ab_cdef)]
    public void Moves_copy_bits_and_leave_the_status(uint extended, ulong result)
    {
        using FloatingPointCpu cpu = new();
        cpu.Fpscr = 0x9000_0003;
        cpu[4] = 0x7ff4_0000_1111_1111;
        cpu[5] = 0x8123_4567_89ab_cdef;
        bool records = extended < 800;
        Assert.True(cpu.Execute(InstructionWords.X(63, extended) & (records ? ~0u : ~1u)));
        Assert.Equal($"{result:x16}", $"{cpu[3]:x16}");
        Assert.Equal(0x9000_0003u, cpu.Fpscr);
        Assert.Equal(records ? 0x0900_0000u : 0, cpu.Cr);
    }

    [Theory]
    [InlineData(392u, 0x4004_0000_0000_0000, 0x4008_0000_0000_0000, 0x4000u)]
    [InlineData(392u, 0xbfdf_ffff_ffff_ffff, 1UL << 63, 0x0001_2000u)]
    [InlineData(424u, 0xbfef_ffff_ffff_ffff, 1UL << 63, 0x0001_2000u)]
    [InlineData(456u, 0x0000_0000_0000_0001, One, 0x4000u)]
    [InlineData(488u, 0x8000_0000_0000_0001, 0xbff0_0000_0000_0000, 0x8000u)]
    [InlineData(488u, 0x4330_0000_0000_0001, 0x4330_0000_0000_0001, 0x4000u)]
    public void Rounding_to_integral_has_its_own_mode_and_is_never_inexact(uint extended, ulong operand, ulong result, uint status)
    {
        using FloatingPointCpu cpu = new();
        cpu.Fpscr = 0x0006_0000;
        cpu[5] = operand;
        Assert.True(cpu.Execute(InstructionWords.X(63, extended)));
        Assert.Equal($"{result:x16} {status:x8}", $"{cpu[3]:x16} {cpu.Fpscr:x8}");
    }

    [Fact]
    public void Every_single_survives_a_load_and_a_store()
    {
        for (ulong word = 0; word <= uint.MaxValue; word += 9973)
        {
            Assert.Equal((uint)word, SingleFormat.SingleFromDouble(SingleFormat.DoubleFromSingle((uint)word)));
        }

        Assert.Equal(1u, SingleFormat.SingleFromDouble(SingleFormat.DoubleFromSingle(1)));
        Assert.Equal(0x36a0_0000_0000_0000UL, SingleFormat.DoubleFromSingle(1));
        Assert.Equal(0x7ff0_0000_2000_0000UL, SingleFormat.DoubleFromSingle(0x7f80_0001));
    }

    [Theory]
    [InlineData(0x3ff0_0000_3fff_ffff, 0x3f80_0001u)]
    [InlineData(0xb80f_ffff_ffff_ffff, 0x807f_ffffu)]
    [InlineData(0xb690_0000_0000_0000, 0x8000_0000u)]
    public void Storing_as_single_truncates(ulong bits, uint word)
    {
        Assert.Equal($"{word:x8}", $"{SingleFormat.SingleFromDouble(bits):x8}");
    }
}
