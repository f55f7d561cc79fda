using System.Globalization;

namespace Firmament.PowerPC.Tests.FloatingPoint;

/// <summary>
/// The host path against the exact path, which XE = 1 selects and which differs only in FEX; and the four rounding modes against
/// each other. FIRMAMENT_FP_PAIRS sets the operands per instruction, by default enough for a million over all of them.
/// </summary>
public sealed class PathAgreementTests
{
    private const uint FX = 0x8000_0000;
    private const uint FEX = 0x4000_0000;
    private const uint OX = 0x1000_0000;
    private const uint XX = 0x0200_0000;
    private const uint FR = 0x0004_0000;
    private const uint FI = 0x0002_0000;

    private static readonly int Pairs =
        int.TryParse(Environment.GetEnvironmentVariable("FIRMAMENT_FP_PAIRS"), CultureInfo.InvariantCulture, out int pairs) ? pairs : 40_000;

    public static TheoryData<string, uint> Instructions()
    {
        TheoryData<string, uint> data = [];
        string[] names = ["fadd", "fsub", "fmul", "fdiv", "fsqrt", "fmadd", "fmsub", "fnmadd", "fnmsub"];
        foreach (string name in names)
        {
            data.Add(name, InstructionWords.Arithmetic(name));
            data.Add(name + "s", InstructionWords.Arithmetic(name + "s"));
        }

        data.Add("frsp", InstructionWords.X(63, 12));
        data.Add("fctiw", InstructionWords.X(63, 14));
        data.Add("fctiwz", InstructionWords.X(63, 15));
        data.Add("fctiwu", InstructionWords.X(63, 142));
        data.Add("fctiwuz", InstructionWords.X(63, 143));
        data.Add("fctid", InstructionWords.X(63, 814));
        data.Add("fctidz", InstructionWords.X(63, 815));
        data.Add("fctidu", InstructionWords.X(63, 942));
        data.Add("fctiduz", InstructionWords.X(63, 943));
        data.Add("fcfid", InstructionWords.X(63, 846));
        data.Add("fcfids", InstructionWords.X(59, 846));
        data.Add("fcfidu", InstructionWords.X(63, 974));
        data.Add("fcfidus", InstructionWords.X(59, 974));
        return data;
    }

    [Theory]
    [MemberData(nameof(Instructions))]
    public void Host_path_and_exact_path_agree_bit_for_bit(string mnemonic, uint word)
    {
        using FloatingPointCpu cpu = new();
        OperandSource source = new(word);
        for (int n = 0; n < Pairs; n++)
        {
            Operands operands = Operands.From(source);
            uint before = (n & 7) == 0 ? XX : 0;
            (ulong hostResult, uint hostStatus) = Run(cpu, word, operands, before);
            (ulong exactResult, uint exactStatus) = Run(cpu, word, operands, before | FloatingPointCpu.XE);
            exactStatus &= ~(FloatingPointCpu.XE | FEX);
            Assert.True(
                hostResult == exactResult && hostStatus == exactStatus,
                $"{mnemonic} {operands}: host {hostResult:x16} {hostStatus:x8}, exact {exactResult:x16} {exactStatus:x8}");
        }
    }

    [Theory]
    [MemberData(nameof(Instructions))]
    public void The_four_rounding_modes_bracket_the_exact_value(string mnemonic, uint word)
    {
        bool conversionToInteger = mnemonic.StartsWith("fct", StringComparison.Ordinal);
        using FloatingPointCpu cpu = new();
        OperandSource source = new(~(ulong)word);
        for (int n = 0; n < Pairs / 4; n++)
        {
            Operands operands = Operands.From(source);
            (ulong nearest, uint nearestStatus) = Run(cpu, word, operands, 0);
            (ulong zero, uint zeroStatus) = Run(cpu, word, operands, 1);
            (ulong up, uint upStatus) = Run(cpu, word, operands, 2);
            (ulong down, uint downStatus) = Run(cpu, word, operands, 3);
            string text = $"{mnemonic} {operands}: {nearest:x16} {zero:x16} {up:x16} {down:x16}";
            if ((zeroStatus & FI) == 0)
            {
                // A zero difference is the one exact result whose sign follows the mode.
                bool same = nearest == zero && nearest == up && (nearest == down || (nearest << 1 == 0 && down << 1 == 0));
                Assert.True(same || (upStatus & ~FX & 0x3e00_0000) != 0, text);
                continue;
            }

            bool negate = mnemonic.StartsWith("fn", StringComparison.Ordinal);
            if (mnemonic.EndsWith('z'))
            {
                Assert.True(zero == nearest && zero == up && zero == down && ((nearestStatus | upStatus | downStatus) & FR) == 0, text);
                continue;
            }

            Assert.True(nearest == up || nearest == down, text);
            Assert.True(zero == up || zero == down, text);
            if ((zeroStatus & OX) == 0 && !conversionToInteger)
            {
                Assert.True(Value(negate ? down : up) > Value(negate ? up : down), text);
                Assert.True(Magnitude(zero) <= Magnitude(up) && Magnitude(zero) <= Magnitude(down), text);
                Assert.Equal((nearestStatus & FR) != 0, Magnitude(nearest) > Magnitude(zero));
                Assert.Equal((upStatus & FR) != 0, Magnitude(up) > Magnitude(zero));
                Assert.Equal((downStatus & FR) != 0, Magnitude(down) > Magnitude(zero));
            }
        }
    }

    private static (ulong Result, uint Status) Run(FloatingPointCpu cpu, uint word, Operands operands, uint fpscr)
    {
        cpu.Fpscr = fpscr;
        cpu[InstructionWords.Target] = 0;
        cpu[InstructionWords.A] = operands.A;
        cpu[InstructionWords.B] = operands.B;
        cpu[InstructionWords.C] = operands.C;
        Assert.True(cpu.Execute(word));
        return (cpu[InstructionWords.Target], cpu.Fpscr);
    }

    private static double Value(ulong bits) => BitConverter.UInt64BitsToDouble(bits);

    private static ulong Magnitude(ulong bits) => bits & 0x7fff_ffff_ffff_ffff;

    private readonly record struct Operands(ulong A, ulong B, ulong C)
    {
        public static Operands From(OperandSource source) => new(source.Next(), source.Next(), source.Next());

        public override string ToString() => $"A={A:x16} B={B:x16} C={C:x16}";
    }
}
