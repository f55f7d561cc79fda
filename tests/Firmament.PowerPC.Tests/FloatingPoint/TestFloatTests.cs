using System.Globalization;
using Firmament.PowerPC.Leaf.FloatingPoint;

namespace Firmament.PowerPC.Tests.FloatingPoint;

/// <summary>Berkeley TestFloat 3e: result and the five IEEE flags, against FPR and FPSCR.</summary>
public sealed class TestFloatTests
{
    private const uint Flags = 0x1f;
    private static readonly string[] Modes = ["near_even", "minMag"];

    public static TheoryData<string> Arithmetic()
    {
        TheoryData<string> data = [];
        foreach (string format in new[] { "f32", "f64" })
        {
            foreach (string operation in new[] { "add", "sub", "mul", "div", "sqrt", "mulAdd" })
            {
                foreach (string mode in Modes)
                {
                    data.Add($"{format}_{operation}.{mode}");
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Arithmetic))]
    public void Arithmetic_agrees_in_result_and_flags(string file)
    {
        bool single = file.StartsWith("f32", StringComparison.Ordinal);
        string operation = file[4..file.IndexOf('.', StringComparison.Ordinal)];
        string mnemonic = "f" + (operation == "mulAdd" ? "madd" : operation) + (single ? "s" : "");
        int[] registers = operation switch
        {
            "mul" => [InstructionWords.A, InstructionWords.C],
            "sqrt" => [InstructionWords.B],
            "mulAdd" => [InstructionWords.A, InstructionWords.C, InstructionWords.B],
            _ => [InstructionWords.A, InstructionWords.B],
        };
        Check(file, InstructionWords.Arithmetic(mnemonic), registers, single, single ? Result.Single : Result.Double);
    }

    [Theory]
    [InlineData("f64_to_f32", 12u, 63u, false, Result.Single)]
    [InlineData("f64_to_i32", 14u, 63u, false, Result.Integer)]
    [InlineData("f64_to_ui32", 142u, 63u, false, Result.Integer)]
    [InlineData("f64_to_i64", 814u, 63u, false, Result.Integer)]
    [InlineData("f64_to_ui64", 942u, 63u, false, Result.Integer)]
    [InlineData("f32_to_i32", 14u, 63u, true, Result.Integer)]
    [InlineData("i64_to_f64", 846u, 63u, false, Result.Double)]
    [InlineData("i64_to_f32", 846u, 59u, false, Result.Single)]
    [InlineData("ui64_to_f64", 974u, 63u, false, Result.Double)]
    [InlineData("ui64_to_f32", 974u, 59u, false, Result.Single)]
    [InlineData("i32_to_f32", 846u, 59u, false, Result.Single)]
    public void Conversions_agree_in_result_and_flags(string function, uint extended, uint primary, bool singleOperand, Result result)
    {
        foreach (string mode in Modes)
        {
            Check($"{function}.{mode}", InstructionWords.X(primary, extended), [InstructionWords.B], singleOperand, result);
        }
    }

    [Theory]
    [InlineData("f64_to_i32", 15u)]
    [InlineData("f64_to_ui32", 143u)]
    [InlineData("f64_to_i64", 815u)]
    [InlineData("f64_to_ui64", 943u)]
    public void Conversions_toward_zero_ignore_the_rounding_mode(string function, uint extended)
    {
        foreach (uint roundingMode in new uint[] { 0, 1, 2, 3 })
        {
            Check($"{function}.minMag", InstructionWords.X(63, extended), [InstructionWords.B], false, Result.Integer, roundingMode);
        }
    }

    [Fact]
    public void Rounding_to_integral_toward_zero_agrees_and_is_never_inexact()
    {
        using FloatingPointCpu cpu = new();
        foreach (string[] row in Rows("f64_roundToInt.minMag"))
        {
            cpu.Clear();
            cpu[InstructionWords.B] = Hex(row[0]);
            Assert.True(cpu.Execute(InstructionWords.X(63, 424)));
            Assert.True(SameDouble(Hex(row[1]), cpu[InstructionWords.Target]), string.Join(' ', row));
            Assert.Equal((uint)Hex(row[2]) & 0x10, IeeeFlags(cpu.Fpscr));
        }
    }

    [Fact]
    public void Widening_a_loaded_single_is_exact()
    {
        foreach (string[] row in Rows("f32_to_f64.near_even"))
        {
            ulong actual = SingleFormat.DoubleFromSingle((uint)Hex(row[0]));
            Assert.True(SameDouble(Hex(row[1]), actual), string.Join(' ', row));
            Assert.Equal((uint)Hex(row[0]), SingleFormat.SingleFromDouble(actual));
        }
    }

    [Theory]
    [InlineData("f64_eq", 0u, 2u)]
    [InlineData("f64_eq_signaling", 32u, 2u)]
    [InlineData("f64_le", 32u, 0xau)]
    [InlineData("f64_le_quiet", 0u, 0xau)]
    [InlineData("f64_lt", 32u, 8u)]
    [InlineData("f64_lt_quiet", 0u, 8u)]
    public void Compares_agree_in_relation_and_invalid(string function, uint extended, uint trueFor)
    {
        using FloatingPointCpu cpu = new();
        uint word = (63u << 26) | (4 << 16) | (5 << 11) | (extended << 1);
        foreach (string[] row in Rows(function + ".near_even"))
        {
            cpu.Clear();
            cpu[InstructionWords.A] = Hex(row[0]);
            cpu[InstructionWords.B] = Hex(row[1]);
            Assert.True(cpu.Execute(word));
            uint relation = cpu.Cr >> 28;
            Assert.Equal(row[2] == "1", (relation & trueFor) != 0);
            Assert.Equal(relation, (cpu.Fpscr >> 12) & 0xf);
            Assert.Equal((uint)Hex(row[3]), IeeeFlags(cpu.Fpscr));
        }
    }

    private static void Check(string file, uint word, int[] registers, bool singleOperands, Result result, uint? roundingMode = null)
    {
        using FloatingPointCpu cpu = new();
        List<string> failures = [];
        uint mode = roundingMode ?? (file.EndsWith("minMag", StringComparison.Ordinal) ? 1u : 0u);
        bool signedWord = file.StartsWith("i32", StringComparison.Ordinal);
        foreach (string[] row in Rows(file))
        {
            // XE = 1 sends every row down the exact path as well.
            foreach (uint enables in new uint[] { 0, FloatingPointCpu.XE })
            {
                cpu.Clear();
                cpu.Fpscr = mode | enables;
                for (int n = 0; n < registers.Length; n++)
                {
                    ulong operand = Hex(row[n]);
                    cpu[registers[n]] = signedWord ? (ulong)(int)operand : singleOperands ? SingleFormat.DoubleFromSingle((uint)operand) : operand;
                }

                Assert.True(cpu.Execute(word));
                ulong actual = cpu[InstructionWords.Target];
                uint flags = (uint)Hex(row[^1]);
                uint actualFlags = IeeeFlags(cpu.Fpscr);
                bool same = result switch
                {
                    Result.Single => SameDouble(SingleFormat.DoubleFromSingle((uint)Hex(row[^2])), actual),
                    Result.Double => SameDouble(Hex(row[^2]), actual),
                    _ when (flags & 0x10) != 0 => actual == Saturated(file, cpu[InstructionWords.B]),
                    _ => row[^2].Length == 8 ? (uint)Hex(row[^2]) == (uint)actual : Hex(row[^2]) == actual,
                };
                if (!same || flags != actualFlags)
                {
                    failures.Add($"{string.Join(' ', row)}: {actual:x16} {actualFlags:x2}");
                }
            }
        }

        Assert.True(failures.Count == 0, $"{failures.Count} failures in {file}:\n" + string.Join('\n', failures.Take(20)));
    }

    private static List<string[]> Rows(string file)
    {
        List<string[]> rows = [.. SharedVectors.Lines($"testfloat/{file}.txt.gz").Select(static line => line.Split(' '))];
        Assert.NotEmpty(rows);
        return rows;
    }

    /// <summary>What an invalid conversion delivers: the lowest value for NaNs and negative operands, else the highest.</summary>
    private static ulong Saturated(string file, ulong operand)
    {
        bool low = IsNaN(operand) || (long)operand < 0;
        return file[(file.IndexOf("to_", StringComparison.Ordinal) + 3)..file.IndexOf('.', StringComparison.Ordinal)] switch
        {
            "i32" => low ? 0xffff_ffff_8000_0000 : 0x7fff_ffff,
            "ui32" => low ? 0 : 0xffff_ffff,
            "i64" => low ? 1UL << 63 : long.MaxValue,
            _ => low ? 0 : ulong.MaxValue,
        };
    }

    /// <summary>NaN payloads are the implementation's choice in IEEE 754 and TestFloat's are not PowerPC's.</summary>
    private static bool SameDouble(ulong expected, ulong actual) => expected == actual || (IsNaN(expected) && IsNaN(actual));

    private static bool IsNaN(ulong bits) => (bits & 0x7fff_ffff_ffff_ffff) > 0x7ff0_0000_0000_0000;

    /// <summary>VX OX UX ZX XX to TestFloat's invalid 16, overflow 4, underflow 2, divide by zero 8, inexact 1.</summary>
    private static uint IeeeFlags(uint fpscr)
    {
        uint flags = (fpscr >> 25) & Flags;
        return (flags & 0x11) | ((flags & 2) << 2) | ((flags & 0xc) >> 1);
    }

    private static ulong Hex(string text) => ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
