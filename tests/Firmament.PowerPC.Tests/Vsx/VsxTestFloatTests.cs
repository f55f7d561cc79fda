using System.Globalization;
using Firmament.PowerPC.Leaf.FloatingPoint;
using Firmament.PowerPC.Tests.FloatingPoint;

namespace Firmament.PowerPC.Tests.Vsx;

/// <summary>Berkeley TestFloat 3e through the VSX scalars, in doubleword 0, and through every element of the vectors.</summary>
public sealed class VsxTestFloatTests
{
    private const int Target = 33;
    private const int OperandA = 4;
    private const int OperandB = 37;
    private static readonly string[] Modes = ["near_even", "minMag"];

    [Theory]
    [InlineData("f64_add", 32u, 96u)]
    [InlineData("f64_sub", 40u, 104u)]
    [InlineData("f64_mul", 48u, 112u)]
    [InlineData("f64_div", 56u, 120u)]
    [InlineData("f64_mulAdd", 41u, 105u)]
    [InlineData("f32_add", 0u, 64u)]
    [InlineData("f32_sub", 8u, 72u)]
    [InlineData("f32_mul", 16u, 80u)]
    [InlineData("f32_div", 24u, 88u)]
    [InlineData("f32_mulAdd", 9u, 73u)]
    public void Arithmetic_agrees_in_result_and_flags(string function, uint scalar, uint vector) =>
        Check(function, Xx3(scalar), Xx3(vector), function.StartsWith("f32", StringComparison.Ordinal));

    [Theory]
    [InlineData("f64_sqrt", 75u, 203u)]
    [InlineData("f32_sqrt", 11u, 139u)]
    public void Square_roots_agree_in_result_and_flags(string function, uint scalar, uint vector) =>
        Check(function, Xx2(scalar), Xx2(vector), function.StartsWith("f32", StringComparison.Ordinal));

    [Theory]
    [InlineData("f64_to_i64", 344u, 472u)]
    [InlineData("f64_to_ui64", 328u, 456u)]
    public void Conversions_to_doublewords_agree_toward_zero(string function, uint scalar, uint vector)
    {
        using WordMachine machine = new();
        foreach (string[] row in Rows(function + ".minMag"))
        {
            foreach (uint word in new[] { Xx2(scalar), Xx2(vector) })
            {
                machine.Clear();
                machine[OperandB] = new UInt128(Hex(row[0]), Hex(row[0]));
                machine.Execute(word);
                uint flags = (uint)Hex(row[2]);
                Assert.Equal(flags, IeeeFlags(machine.Fpscr));
                if ((flags & 0x10) == 0)
                {
                    Assert.Equal(Hex(row[1]), (ulong)(machine[Target] >> 64));
                    Assert.Equal(word == Xx2(vector) ? Hex(row[1]) : 0, (ulong)machine[Target]);
                }
            }
        }
    }

    [Theory]
    [InlineData("f64_to_i32", 88u, 216u)]
    [InlineData("f64_to_ui32", 72u, 200u)]
    public void Conversions_to_words_agree_toward_zero(string function, uint scalar, uint vector)
    {
        using WordMachine machine = new();
        foreach (string[] row in Rows(function + ".minMag"))
        {
            foreach (uint word in new[] { Xx2(scalar), Xx2(vector) })
            {
                machine.Clear();
                machine[OperandB] = new UInt128(Hex(row[0]), Hex(row[0]));
                machine.Execute(word);
                uint flags = (uint)Hex(row[2]);
                Assert.Equal(flags, IeeeFlags(machine.Fpscr));
                if ((flags & 0x10) == 0)
                {
                    Assert.Equal((uint)Hex(row[1]), (uint)(machine[Target] >> (word == Xx2(scalar) ? 64 : 96)));
                }
            }
        }
    }

    [Fact]
    public void Doubles_become_singles_as_the_rows_say()
    {
        using WordMachine machine = new();
        foreach (string mode in Modes)
        {
            foreach (string[] row in Rows("f64_to_f32." + mode))
            {
                machine.Clear();
                machine.Fpscr = mode == "minMag" ? 1u : 0;
                machine[OperandB] = new UInt128(Hex(row[0]), 0);
                machine.Execute(Xx2(265)); // xscvdpsp
                Assert.True(SameSingle((uint)Hex(row[1]), (uint)(machine[Target] >> 96)), string.Join(' ', row));
                Assert.Equal((uint)Hex(row[2]), IeeeFlags(machine.Fpscr));
            }
        }
    }

    [Theory]
    [InlineData("i64_to_f64", 376u, false)]
    [InlineData("ui64_to_f64", 360u, false)]
    [InlineData("i64_to_f32", 312u, true)]
    [InlineData("ui64_to_f32", 296u, true)]
    public void Integers_become_floating_point_as_the_rows_say(string function, uint extended, bool single)
    {
        using WordMachine machine = new();
        foreach (string mode in Modes)
        {
            foreach (string[] row in Rows($"{function}.{mode}"))
            {
                machine.Clear();
                machine.Fpscr = mode == "minMag" ? 1u : 0;
                machine[OperandB] = new UInt128(Hex(row[0]), 0);
                machine.Execute(Xx2(extended));
                ulong expected = single ? SingleFormat.DoubleFromSingle((uint)Hex(row[1])) : Hex(row[1]);
                Assert.Equal(expected, (ulong)(machine[Target] >> 64));
                Assert.Equal((uint)Hex(row[2]), IeeeFlags(machine.Fpscr));
            }
        }
    }

    [Theory]
    [InlineData("f64_eq", 99u, false)]
    [InlineData("f64_le", 115u, true)]
    [InlineData("f64_lt", 107u, true)]
    public void Vector_compares_agree_in_relation_and_invalid(string function, uint extended, bool swap)
    {
        using WordMachine machine = new();
        foreach (string[] row in Rows(function + ".near_even"))
        {
            machine.Clear();
            ulong a = Hex(row[swap ? 1 : 0]);
            ulong b = Hex(row[swap ? 0 : 1]);
            machine[OperandA] = new UInt128(a, a);
            machine[OperandB] = new UInt128(b, b);
            machine.Execute(Xx3(extended) | 0x400);
            Assert.Equal(row[2] == "1" ? UInt128.MaxValue : 0, machine[Target]);
            Assert.Equal(row[2] == "1" ? 8u : 2u, (machine.Cr >> 4) & 15);
            Assert.Equal((uint)Hex(row[3]), IeeeFlags(machine.Fpscr));
        }
    }

    private static void Check(string function, uint scalar, uint vector, bool single)
    {
        using WordMachine machine = new();
        List<string> failures = [];
        foreach (string mode in Modes)
        {
            foreach (string[] row in Rows($"{function}.{mode}"))
            {
                // One operand is B's; of three, the old target is the second factor.
                ulong[] operands = [.. row[..^2].Select(Hex)];
                ulong a = operands.Length == 1 ? 0 : operands[0];
                ulong b = operands[^1];
                ulong t = operands.Length == 3 ? operands[1] : 0;
                foreach (bool isVector in new[] { false, true })
                {
                    machine.Clear();
                    machine.Fpscr = mode == "minMag" ? 1u : 0;
                    machine[OperandA] = Spread(a, single, isVector);
                    machine[OperandB] = Spread(b, single, isVector);
                    machine[Target] = Spread(t, single, isVector);
                    machine.Execute(isVector ? vector : scalar);
                    UInt128 expected = Spread(Hex(row[^2]), single, isVector);
                    bool same = Same(expected, machine[Target], single && isVector);
                    if (!same || (uint)Hex(row[^1]) != IeeeFlags(machine.Fpscr))
                    {
                        failures.Add($"{(isVector ? "vector" : "scalar")} {mode} {string.Join(' ', row)}: {machine[Target]:x32} {IeeeFlags(machine.Fpscr):x2}");
                    }
                }
            }
        }

        Assert.True(failures.Count == 0, $"{failures.Count} failures in {function}:\n" + string.Join('\n', failures.Take(20)));
    }

    private static UInt128 Spread(ulong value, bool single, bool vector)
    {
        if (!vector)
        {
            return (UInt128)(single ? SingleFormat.DoubleFromSingle((uint)value) : value) << 64;
        }

        ulong doubleword = single ? value * 0x1_0000_0001 : value;
        return new UInt128(doubleword, doubleword);
    }

    private static bool Same(UInt128 expected, UInt128 actual, bool words)
    {
        for (int shift = 0; shift < 128; shift += words ? 32 : 64)
        {
            bool same = words
                ? SameSingle((uint)(expected >> shift), (uint)(actual >> shift))
                : SameDouble((ulong)(expected >> shift), (ulong)(actual >> shift));
            if (!same)
            {
                return false;
            }
        }

        return true;
    }

    private static bool SameSingle(uint expected, uint actual) =>
        expected == actual || (float.IsNaN(BitConverter.UInt32BitsToSingle(expected)) && float.IsNaN(BitConverter.UInt32BitsToSingle(actual)));

    private static bool SameDouble(ulong expected, ulong actual) =>
        expected == actual || (double.IsNaN(BitConverter.UInt64BitsToDouble(expected)) && double.IsNaN(BitConverter.UInt64BitsToDouble(actual)));

    private static uint Xx3(uint extended) =>
        (60u << 26) | ((Target & 31) << 21) | ((OperandA & 31) << 16) | ((OperandB & 31) << 11) | (extended << 3) | 3;

    private static uint Xx2(uint extended) => (60u << 26) | ((Target & 31) << 21) | ((OperandB & 31) << 11) | (extended << 2) | 3;

    private static IEnumerable<string[]> Rows(string file) => SharedVectors.Lines($"testfloat/{file}.txt.gz").Select(static line => line.Split(' '));

    /// <summary>VX OX UX ZX XX to TestFloat's invalid 16, overflow 4, underflow 2, divide by zero 8, inexact 1.</summary>
    private static uint IeeeFlags(uint fpscr)
    {
        uint flags = (fpscr >> 25) & 0x1f;
        return (flags & 0x11) | ((flags & 2) << 2) | ((flags & 0xc) >> 1);
    }

    private static ulong Hex(string text) => ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
