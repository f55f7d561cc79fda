namespace Firmament.PowerPC.Tests.FloatingPoint;

/// <summary>Power ISA 2.07B Book I 4.4: what changes when an exception is enabled, and the request for the interrupt.</summary>
public sealed class EnabledExceptionTests
{
    private const ulong Sentinel = 0x1122_3344_5566_7788;
    private const ulong Infinity = 0x7ff0_0000_0000_0000;
    private const ulong SignalingNaN = 0x7ff4_0000_0000_0000;
    private const uint OldFprf = 0x0000_4000;

    // Columns: mnemonic, A, B, C, FPSCR before, FPSCR after, result (Sentinel = not written).
    [Theory]
    [InlineData("fadd", Infinity, 0xfff0_0000_0000_0000, 0, 0x0006_4080u, 0xe080_4080u, Sentinel)]
    [InlineData("fadd", SignalingNaN, 0, 0, 0x0006_4080u, 0xe100_4080u, Sentinel)]
    [InlineData("fmul", Infinity, 0, 0, 0x0006_4080u, 0xe010_4080u, Sentinel)]
    [InlineData("fdiv", Infinity, Infinity, 0, 0x0006_4080u, 0xe040_4080u, Sentinel)]
    [InlineData("fdiv", 0, 0, 0, 0x0006_4080u, 0xe020_4080u, Sentinel)]
    [InlineData("fsqrt", 0, 0xbff0_0000_0000_0000, 0, 0x0006_4080u, 0xe000_4280u, Sentinel)]
    [InlineData("fdiv", 0x3ff0_0000_0000_0000, 0, 0, 0x0006_4010u, 0xc400_4010u, Sentinel)]
    [InlineData("fdiv", 0x3ff0_0000_0000_0000, 1UL << 63, 0, 0u, 0x8400_9000u, 0xfff0_0000_0000_0000)]
    [InlineData("fres", 0, 0, 0, 0x0006_4010u, 0xc400_4010u, Sentinel)]
    [InlineData("frsqrte", 0, 1UL << 63, 0, 0x0006_4010u, 0xc400_4010u, Sentinel)]
    // Overflow: 2^1023 × 4 = 2^1025, delivered as 2^(1025 - 1536); single 2^127 × 4 as 2^(129 - 192).
    [InlineData("fmul", 0x7fe0_0000_0000_0000, 0, 0x4010_0000_0000_0000, 0x40u, 0xd000_4040u, 0x2000_0000_0000_0000)]
    [InlineData("fmuls", 0x47e0_0000_0000_0000, 0, 0x4010_0000_0000_0000, 0x40u, 0xd000_4040u, 0x3c00_0000_0000_0000)]
    [InlineData("fadd", 0x7fef_ffff_ffff_ffff, 0x7fef_ffff_ffff_ffff, 0, 0x40u, 0xd000_4040u, 0x1fff_ffff_ffff_ffff)]
    // Underflow: 2^-1022 × 2^-1 = 2^-1023, exact, is no exception; enabled it is delivered as 2^(-1023 + 1536).
    [InlineData("fmul", 0x0010_0000_0000_0000, 0, 0x3fe0_0000_0000_0000, 0u, 0x0001_4000u, 0x0008_0000_0000_0000)]
    [InlineData("fmul", 0x0010_0000_0000_0000, 0, 0x3fe0_0000_0000_0000, 0x20u, 0xc800_4020u, 0x6000_0000_0000_0000)]
    [InlineData("fmuls", 0x3810_0000_0000_0000, 0, 0x3fe0_0000_0000_0000, 0x20u, 0xc800_4020u, 0x4400_0000_0000_0000)]
    [InlineData("fmul", 0x8000_0000_0000_0001, 0, 1, 0x20u, 0xc800_8020u, 0x99b0_0000_0000_0000)]
    // Tininess is before rounding: just below 2^-1022, rounded up to it, is still underflow.
    [InlineData("fmul", 0x0010_0000_0000_0000, 0, 0x3fef_ffff_ffff_ffff, 0u, 0x8a06_4000u, 0x0010_0000_0000_0000)]
    // Non-IEEE mode: a denormal result is a zero of its sign.
    [InlineData("fmul", 0x8010_0000_0000_0000, 0, 0x3fe0_0000_0000_0000, 4u, 0x8a03_2004u, 1UL << 63)]
    [InlineData("fmuls", 0x3810_0000_0000_0000, 0, 0x3fe0_0000_0000_0000, 4u, 0x8a02_2004u, 0)]
    [InlineData("fadd", 0x0008_0000_0000_0000, 0x0008_0000_0000_0000, 0, 4u, 0x0000_4004u, 0x0010_0000_0000_0000)]
    // Inexact enabled: the result is the same.
    [InlineData("fdiv", 0x3ff0_0000_0000_0000, 0x4008_0000_0000_0000, 0, 8u, 0xc202_4008u, 0x3fd5_5555_5555_5555)]
    public void Result_and_status_follow_the_enables(string mnemonic, ulong a, ulong b, ulong c, uint before, uint after, ulong result)
    {
        ulong secondOperand = mnemonic.StartsWith("fmul", StringComparison.Ordinal) ? c : b;
        using FloatingPointCpu cpu = new();
        cpu.Fpscr = before;
        cpu[InstructionWords.Target] = Sentinel;
        cpu[InstructionWords.A] = a;
        cpu[InstructionWords.B] = b;
        cpu[InstructionWords.C] = secondOperand;
        Assert.True(cpu.Execute(InstructionWords.Arithmetic(mnemonic)));
        Assert.Equal($"{result:x16} {after:x8}", $"{cpu[InstructionWords.Target]:x16} {cpu.Fpscr:x8}");
        Assert.Equal(after >> 28, (cpu.Cr >> 24) & 0xf);
    }

    [Theory]
    [InlineData(0x000u, 0u)]
    [InlineData(0x100u, 2u)]
    [InlineData(0x800u, 2u)]
    [InlineData(0x900u, 2u)]
    public void An_enabled_exception_asks_for_the_interrupt_only_when_MSR_lets_it(uint msr, uint exit)
    {
        using FloatingPointCpu cpu = new();
        cpu.Msr = msr;
        cpu.Fpscr = 0x10;
        cpu[InstructionWords.A] = 0x3ff0_0000_0000_0000;
        Assert.True(cpu.Execute(InstructionWords.Arithmetic("fdiv")));
        Assert.Equal(exit, cpu.Exit);
    }

    [Fact]
    public void A_disabled_exception_never_asks_for_the_interrupt()
    {
        using FloatingPointCpu cpu = new();
        cpu.Msr = 0x900;
        cpu[InstructionWords.A] = 0x3ff0_0000_0000_0000;
        Assert.True(cpu.Execute(InstructionWords.Arithmetic("fdiv")));
        Assert.Equal(0u, cpu.Exit);
    }

    [Theory]
    [InlineData(14u, SignalingNaN, 0xe100_4180u)]
    [InlineData(14u, 0x7ff8_0000_0000_0000, 0xe000_4180u)]
    [InlineData(942u, 0xbff0_0000_0000_0000, 0xe000_4180u)]
    public void An_invalid_conversion_to_integer_with_VE_leaves_the_target(uint extended, ulong operand, uint after)
    {
        using FloatingPointCpu cpu = new();
        cpu.Fpscr = 0x80 | OldFprf | 0x6_0000;
        cpu[InstructionWords.Target] = Sentinel;
        cpu[InstructionWords.B] = operand;
        Assert.True(cpu.Execute(InstructionWords.X(63, extended)));
        Assert.Equal(Sentinel, cpu[InstructionWords.Target]);
        Assert.Equal($"{after:x8}", $"{cpu.Fpscr:x8}");
    }

    [Theory]
    [InlineData(0u, SignalingNaN, 0x00u, 0xa100_1000u)]
    [InlineData(0u, 0x7ff8_0000_0000_0000, 0x00u, 0x0000_1000u)]
    [InlineData(32u, SignalingNaN, 0x00u, 0xa108_1000u)]
    [InlineData(32u, SignalingNaN, 0x80u, 0xe100_1080u)]
    [InlineData(32u, 0x7ff8_0000_0000_0000, 0x80u, 0xe008_1080u)]
    public void Compares_with_a_NaN_are_unordered_and_keep_C_FR_and_FI(uint extended, ulong nan, uint before, uint after)
    {
        const uint kept = 0x0001_0000 | 0x0006_0000;
        using FloatingPointCpu cpu = new();
        cpu.Fpscr = before | kept;
        cpu[InstructionWords.A] = nan;
        Assert.True(cpu.Execute((63u << 26) | (2 << 23) | (4 << 16) | (5 << 11) | (extended << 1)));
        Assert.Equal($"{after | kept:x8}", $"{cpu.Fpscr:x8}");
        Assert.Equal(0x0010_0000u, cpu.Cr);
    }
}
