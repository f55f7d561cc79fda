namespace Firmament.PowerPC.Tests.FloatingPoint;

/// <summary>Power ISA 2.07B Book I 4.3.2: which NaN an instruction delivers.</summary>
public sealed class NaNTests
{
    private const ulong NaNA = 0x7ff8_0000_0000_000a;
    private const ulong NaNB = 0xfff0_0000_0000_000b;
    private const ulong NaNC = 0x7ff8_0000_0000_000c;
    private const ulong One = 0x3ff0_0000_0000_0000;
    private const ulong Infinity = 0x7ff0_0000_0000_0000;

    [Theory]
    [InlineData("fmadd", NaNA, NaNB, NaNC, NaNA)]
    [InlineData("fnmsubs", One, NaNB, NaNC, 0xfff8_0000_0000_000b)]
    [InlineData("fnmadd", One, One, NaNC, NaNC)]
    [InlineData("fmsub", One, NaNB, One, 0xfff8_0000_0000_000b)]
    [InlineData("fsub", One, NaNB, 0, 0xfff8_0000_0000_000b)]
    [InlineData("fadds", NaNA, NaNB, 0, NaNA)]
    [InlineData("fmul", One, 0, NaNC, NaNC)]
    [InlineData("fdivs", NaNA, One, 0, NaNA)]
    public void Operands_win_in_the_order_A_B_C_and_keep_sign_and_payload(string mnemonic, ulong a, ulong b, ulong c, ulong result)
    {
        Assert.Equal($"{result:x16}", $"{Run(InstructionWords.Arithmetic(mnemonic), a, b, c, out _):x16}");
    }

    [Fact]
    public void Only_frsp_cuts_the_payload_to_single()
    {
        Assert.Equal(0x7ff8_0000_2000_0000UL, Run(InstructionWords.X(63, 12), 0, 0x7ff0_0000_3fff_ffff, 0, out uint fpscr));
        Assert.Equal(0xa101_1000u, fpscr);
    }

    [Fact]
    public void Infinity_times_zero_plus_a_NaN_is_invalid_and_delivers_the_NaN()
    {
        Assert.Equal(0xfff8_0000_0000_000bUL, Run(InstructionWords.Arithmetic("fmadd"), Infinity, NaNB, 0, out uint fpscr));
        Assert.Equal(0xa111_1000u, fpscr);
    }

    [Theory]
    [InlineData("fnmadd")]
    [InlineData("fnmsubs")]
    public void The_default_NaN_is_not_negated(string mnemonic)
    {
        Assert.Equal(0x7ff8_0000_0000_0000UL, Run(InstructionWords.Arithmetic(mnemonic), Infinity, One, 0, out _));
    }

    [Theory]
    [InlineData(392u)]
    [InlineData(424u)]
    [InlineData(456u)]
    [InlineData(488u)]
    public void Rounding_to_integral_makes_a_signalling_NaN_quiet(uint extended)
    {
        Assert.Equal(0xfff8_0000_0000_000bUL, Run(InstructionWords.X(63, extended), 0, NaNB, 0, out uint fpscr));
        Assert.Equal(0xa101_1000u, fpscr);
    }

    private static ulong Run(uint word, ulong a, ulong b, ulong c, out uint fpscr)
    {
        using FloatingPointCpu cpu = new();
        cpu[InstructionWords.A] = a;
        cpu[InstructionWords.B] = b;
        cpu[InstructionWords.C] = c;
        Assert.True(cpu.Execute(word));
        fpscr = cpu.Fpscr;
        return cpu[InstructionWords.Target];
    }
}
