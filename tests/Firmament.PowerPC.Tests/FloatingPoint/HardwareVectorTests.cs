using System.Globalization;
using System.Text.Json;

namespace Firmament.PowerPC.Tests.FloatingPoint;

/// <summary>Rows printed by real CPUs: every register a row names is compared, FPSCR with FR included.</summary>
public sealed class HardwareVectorTests
{
    private const ulong SixtyFourBitMode = 0x8000_0000_0000_0000;

    [Theory]
    [InlineData("ps3-ppu_float_arithmetic", 3353)]
    [InlineData("ps3-ppu_float_compare", 393)]
    [InlineData("ps3-ppu_float_conversion", 67)]
    [InlineData("ps3-ppu_fpu", 25025)]
    [InlineData("dingusppc-fp", 461)]
    public void Every_row_printed_by_hardware_is_reproduced(string file, int rows)
    {
        using FloatingPointCpu cpu = new();
        List<string> failures = [];
        int count = 0;
        foreach (string line in SharedVectors.Lines(file + ".jsonl.gz"))
        {
            using JsonDocument row = JsonDocument.Parse(line);
            count++;
            string? failure = Run(cpu, row.RootElement);
            if (failure is not null)
            {
                failures.Add(failure);
            }
        }

        Assert.Equal(rows, count);
        Assert.True(failures.Count == 0, $"{failures.Count} of {count} rows:\n" + string.Join('\n', failures.Take(40)));
    }

    private static string? Run(FloatingPointCpu cpu, JsonElement row)
    {
        cpu.Clear();
        cpu.Msr = row.GetProperty("isa").GetString() == "ppc32" ? 0 : SixtyFourBitMode;
        foreach (JsonProperty input in row.GetProperty("in").EnumerateObject())
        {
            ulong value = Hex(input.Value.GetString()!);
            if (input.Name == "fpscr")
            {
                cpu.Fpscr = (uint)value;
            }
            else if (input.Name[0] == 'f')
            {
                cpu[int.Parse(input.Name.AsSpan(1), CultureInfo.InvariantCulture)] = value;
            }
        }

        string code = row.GetProperty("code").GetString()!;
        for (int at = 0; at < code.Length; at += 8)
        {
            uint word = (uint)Hex(code.AsSpan(at, 8));
            if (!cpu.Execute(word))
            {
                return $"{row.GetProperty("name")}: no leaf for {word:x8}";
            }
        }

        foreach (JsonProperty output in row.GetProperty("out").EnumerateObject())
        {
            ulong expected = Hex(output.Value.GetString()!);
            ulong actual = output.Name switch
            {
                "fpscr" => cpu.Fpscr,
                "cr" => cpu.Cr,
                _ => cpu[int.Parse(output.Name.AsSpan(1), CultureInfo.InvariantCulture)],
            };
            if (actual != expected)
            {
                return $"{row.GetProperty("name")}: {output.Name} is {actual:x}, not {expected:x}; in {row.GetProperty("in")}";
            }
        }

        return null;
    }

    private static ulong Hex(ReadOnlySpan<char> text) => ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
