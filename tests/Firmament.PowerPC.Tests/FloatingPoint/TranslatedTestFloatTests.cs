using System.Buffers.Binary;
using System.Globalization;
using Firmament.Core.Memory;
using Firmament.PowerPC.Leaf.FloatingPoint;
using Firmament.PowerPC.Tests.Engine;

namespace Firmament.PowerPC.Tests.FloatingPoint;

/// <summary>
/// The operands of Berkeley TestFloat 3e in a loop of translated code, against the leaves one instruction at a time, which
/// <see cref="TestFloatTests"/> holds against TestFloat's results: every result, and the whole FPSCR after each operation.
/// </summary>
public sealed unsafe class TranslatedTestFloatTests
{
    private const uint Inexact = 0x8200_0000;
    private const int RowBytes = 40;
    private const int RowsAtOnce = 16000;

    public static TheoryData<string, string, bool> Files()
    {
        TheoryData<string, string, bool> data = [];
        foreach (string operation in new[] { "fadd", "fsub", "fmul", "fdiv", "fsqrt", "fmadd", "fmsub", "fnmadd", "fnmsub" })
        {
            string file = operation[1..] is "madd" or "msub" or "nmadd" or "nmsub" ? "mulAdd" : operation[1..];
            data.Add($"f64_{file}.near_even", operation, false);
            data.Add($"f32_{file}.near_even", operation + "s", true);
            data.Add($"f64_{file}.near_even", operation + "s", false);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Arithmetic_in_translated_loops_equals_the_leaves(string file, string mnemonic, bool singleOperands) =>
        Check(file, InstructionWords.Arithmetic(mnemonic), singleOperands);

    [Theory]
    [InlineData("f64_to_f32.near_even", 63u, 12u)]
    [InlineData("f64_to_i32.near_even", 63u, 14u)]
    [InlineData("f64_to_i32.minMag", 63u, 15u)]
    [InlineData("f64_to_i64.near_even", 63u, 814u)]
    [InlineData("f64_to_i64.minMag", 63u, 815u)]
    [InlineData("i64_to_f64.near_even", 63u, 846u)]
    [InlineData("i64_to_f32.near_even", 59u, 846u)]
    [InlineData("f64_roundToInt.minMag", 63u, 424u)]
    [InlineData("f64_roundToInt.minMag", 63u, 456u)]
    [InlineData("f64_roundToInt.minMag", 63u, 488u)]
    [InlineData("f64_to_f32.near_even", 63u, 40u)]
    [InlineData("f64_to_f32.near_even", 63u, 264u)]
    [InlineData("f64_to_f32.near_even", 63u, 136u)]
    public void Conversions_and_moves_in_translated_loops_equal_the_leaves(string file, uint primary, uint extended) =>
        Check(file, InstructionWords.X(primary, extended), singleOperands: false);

    private static void Check(string file, uint word, bool singleOperands)
    {
        // Operands by position: FRA, FRC, FRB of a multiply-add; FRA and FRB, or FRC of fmul; a single one is FRB.
        ulong[][] rows = [.. SharedVectors.Lines($"testfloat/{file}.txt.gz").Select(line => Operands(line, singleOperands))];
        Assert.NotEmpty(rows);
        foreach (uint fpscr in new uint[] { 0, Inexact })
        {
            for (int first = 0; first < rows.Length; first += RowsAtOnce)
            {
                Run(rows.AsSpan(first, Math.Min(RowsAtOnce, rows.Length - first)), word, fpscr, file);
            }
        }
    }

    private static ulong[] Operands(string line, bool single)
    {
        string[] words = line.Split(' ');
        ulong[] values = new ulong[3];
        int count = words.Length - 2;
        for (int n = 0; n < count; n++)
        {
            ulong bits = ulong.Parse(words[n], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            values[n] = single ? SingleFormat.DoubleFromSingle((uint)bits) : bits;
        }

        return count switch { 1 => [values[0], values[0], values[0]], 2 => [values[0], values[1], values[1]], _ => [values[0], values[2], values[1]] };
    }

    private static void Run(ReadOnlySpan<ulong[]> rows, uint word, uint fpscr, string file)
    {
        using CpuRig rig = new("power8", EngineMode.Translated);
        byte[] data = new byte[rows.Length * RowBytes];
        for (int n = 0; n < rows.Length; n++)
        {
            for (int operand = 0; operand < 3; operand++)
            {
                BinaryPrimitives.WriteUInt64BigEndian(data.AsSpan((n * RowBytes) + (8 * operand)), rows[n][operand]);
            }
        }

        rig.Ram.TryWrite(new PhysicalAddress(CpuRig.DataAt), data);
        // lfd f4,0(r3); lfd f5,8(r3); lfd f6,16(r3); the instruction; stfd f3,24(r3); mffs f7; stfd f7,32(r3); addi r3,r3,40; bdnz; b .
        uint[] code = [0xc883_0000, 0xc8a3_0008, 0xc8c3_0010, word, 0xd863_0018, 0xfce0_048e, 0xd8e3_0020, 0x3863_0000 + RowBytes, 0x4200_ffe0, 0x4800_0000];
        for (int n = 0; n < code.Length; n++)
        {
            rig.Write(CpuRig.CodeAt + (uint)(4 * n), code[n]);
        }

        rig.Cpu.WriteGpr(3, CpuRig.DataAt);
        rig.Cpu.State->Ctr = (ulong)rows.Length;
        rig.Cpu.State->Fpscr = fpscr;
        rig.Run(9L * rows.Length);
        rig.Ram.TryRead(new PhysicalAddress(CpuRig.DataAt), data);
        using FloatingPointCpu leaf = new();
        leaf.Fpscr = fpscr;
        leaf.Msr = rig.DefaultMsr;
        for (int n = 0; n < rows.Length; n++)
        {
            leaf[InstructionWords.A] = rows[n][0];
            leaf[InstructionWords.B] = rows[n][1];
            leaf[InstructionWords.C] = rows[n][2];
            Assert.True(leaf.Execute(word));
            ulong result = BinaryPrimitives.ReadUInt64BigEndian(data.AsSpan((n * RowBytes) + 24));
            uint status = (uint)BinaryPrimitives.ReadUInt64BigEndian(data.AsSpan((n * RowBytes) + 32));
            Assert.True(
                result == leaf[InstructionWords.Target] && status == leaf.Fpscr,
                $"{file} row {n}, {word:x8} of {rows[n][0]:x16} {rows[n][1]:x16} {rows[n][2]:x16}: {result:x16} {status:x8}, not {leaf[InstructionWords.Target]:x16} {leaf.Fpscr:x8}");
        }
    }
}
