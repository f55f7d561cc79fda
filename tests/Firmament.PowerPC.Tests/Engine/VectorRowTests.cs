using System.Globalization;
using System.Text.Json;
using Firmament.Core.Memory;
using Firmament.PowerPC.Tests.FloatingPoint;

namespace Firmament.PowerPC.Tests.Engine;

/// <summary>Every row runs as code through decoder and engine, on each engine.</summary>
public sealed unsafe class VectorRowTests
{
    [Theory]
    [InlineData("ps3-ppu_gpr", 5578, EngineMode.TailCalls, "power8")]
    [InlineData("ps3-ppu_gpr", 5578, EngineMode.Translated, "power8")]
    [InlineData("ps3-ppu_gpr", 5578, EngineMode.Loop, "power8")]
    [InlineData("ps3-ppu_integer_arithmetic", 1901, EngineMode.TailCalls, "power8")]
    [InlineData("ps3-ppu_integer_arithmetic", 1901, EngineMode.Translated, "power8")]
    [InlineData("ps3-ppu_integer_arithmetic", 1901, EngineMode.Loop, "power8")]
    [InlineData("ps3-ppu_integer_compare", 312, EngineMode.TailCalls, "power8")]
    [InlineData("ps3-ppu_integer_compare", 312, EngineMode.Translated, "power8")]
    [InlineData("ps3-ppu_integer_logical", 1163, EngineMode.TailCalls, "power8")]
    [InlineData("ps3-ppu_integer_logical", 1163, EngineMode.Translated, "power8")]
    [InlineData("ps3-ppu_integer_rotate", 2247, EngineMode.TailCalls, "power8")]
    [InlineData("ps3-ppu_integer_rotate", 2247, EngineMode.Translated, "power8")]
    [InlineData("ps3-ppu_integer_rotate", 2247, EngineMode.TailCalls, "power9")]
    [InlineData("ps3-ppu_integer_rotate", 2247, EngineMode.Translated, "power9")]
    [InlineData("ps3-ppu_integer_shift", 829, EngineMode.TailCalls, "power8")]
    [InlineData("ps3-ppu_integer_shift", 829, EngineMode.Translated, "power8")]
    [InlineData("ps3-ppu_vector_integer_arithmetic", 3316, EngineMode.TailCalls, "power8")]
    [InlineData("ps3-ppu_vector_integer_arithmetic", 3316, EngineMode.Translated, "power8")]
    [InlineData("ps3-ppu_vector_integer_arithmetic", 3316, EngineMode.TailCalls, "power9")]
    [InlineData("ps3-ppu_vector_integer_arithmetic", 3316, EngineMode.Translated, "power9")]
    [InlineData("ps3-ppu_float_arithmetic", 3353, EngineMode.TailCalls, "power8")]
    [InlineData("ps3-ppu_float_arithmetic", 3353, EngineMode.Translated, "power8")]
    [InlineData("ps3-ppu_float_compare", 393, EngineMode.TailCalls, "power8")]
    [InlineData("ps3-ppu_float_compare", 393, EngineMode.Translated, "power8")]
    [InlineData("ps3-ppu_float_conversion", 67, EngineMode.TailCalls, "power8")]
    [InlineData("ps3-ppu_float_conversion", 67, EngineMode.Translated, "power8")]
    [InlineData("ps3-ppu_fpu", 25025, EngineMode.TailCalls, "power8")]
    [InlineData("ps3-ppu_fpu", 25025, EngineMode.Translated, "power8")]
    [InlineData("dingusppc-int", 1409, EngineMode.TailCalls)]
    [InlineData("dingusppc-int", 1409, EngineMode.Translated)]
    [InlineData("dingusppc-int", 1409, EngineMode.Loop)]
    [InlineData("dingusppc-fp", 461, EngineMode.TailCalls)]
    [InlineData("dingusppc-fp", 461, EngineMode.Translated)]
    [InlineData("dingusppc-fp", 461, EngineMode.Loop)]
    [InlineData("ps3-ppu_vector_integer_arithmetic", 3316, EngineMode.TailCalls)]
    [InlineData("ps3-ppu_vector_integer_arithmetic", 3316, EngineMode.Translated)]
    public void Every_row_gives_the_recorded_registers(string file, int rows, EngineMode engine, string model = "7457")
    {
        using CpuRig rig = new(model, engine);
        List<string> failures = [];
        int count = 0;
        foreach (string line in SharedVectors.Lines(file + ".jsonl.gz"))
        {
            using JsonDocument row = JsonDocument.Parse(line);
            count++;
            if (Run(rig, row.RootElement) is { } failure)
            {
                failures.Add(failure);
            }
        }

        Assert.Equal(rows, count);
        Assert.True(failures.Count == 0, $"{failures.Count} of {count} rows:\n" + string.Join('\n', failures.Take(40)));
    }

    private static string? Run(CpuRig rig, JsonElement row)
    {
        State.CpuState* s = rig.Cpu.State;
        for (int n = 0; n < 32; n++)
        {
            s->Gpr[n] = 0;
        }

        new Span<ulong>(s->Vsr, 128).Clear();
        s->SetCr(0);
        s->SetXer(0);
        s->Fpscr = 0;
        s->Vscr = 0;
        s->Ctr = s->Lr = 0;
        rig.Cpu.Msr = rig.DefaultMsr;
        foreach (JsonProperty input in row.GetProperty("in").EnumerateObject())
        {
            Set(s, input.Name, input.Value.GetString()!);
        }

        if (row.TryGetProperty("mem_in", out JsonElement memory))
        {
            foreach (JsonElement block in memory.EnumerateArray())
            {
                rig.Ram.TryWrite(Address(block), Convert.FromHexString(block.GetProperty("hex").GetString()!));
            }
        }

        byte[] code = Convert.FromHexString(row.GetProperty("code").GetString()!);
        rig.Ram.TryWrite(new PhysicalAddress(CpuRig.CodeAt), code);
        rig.Cpu.Pc = CpuRig.CodeAt;
        rig.RunStraight(code.Length / 4);
        string name = row.GetProperty("name").GetString()!;
        if (rig.Pc != CpuRig.CodeAt + code.Length)
        {
            return $"{name}: went to {rig.Pc:x}";
        }

        foreach (JsonProperty output in row.GetProperty("out").EnumerateObject())
        {
            string expected = output.Value.GetString()!;
            string actual = Get(s, output.Name, expected.Length);
            if (rig.Cpu.Is64Bit && IsWordProduct(code))
            {
                // The upper halves, and CR0 with them, are undefined (Power ISA Book I 3.3.9).
                actual = Narrow(output.Name, actual);
                expected = Narrow(output.Name, expected);
            }

            if (actual != expected)
            {
                return $"{name}: {output.Name} is {actual}, not {expected}; in {row.GetProperty("in")}";
            }
        }

        return null;
    }

    /// <summary>mulhw, mulhwu, divw, divwu in all their forms.</summary>
    private static bool IsWordProduct(byte[] code)
    {
        uint word = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(code);
        return word >> 26 == 31 && ((word >> 1) & 0x1ff) is 75 or 11 or 491 or 459;
    }

    private static string Narrow(string name, string hex) => name == "cr" ? hex[1..] : name[0] == 'r' ? hex[^8..] : hex;

    private static PhysicalAddress Address(JsonElement block) =>
        new(ulong.Parse(block.GetProperty("addr").GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    private static void Set(State.CpuState* s, string name, string hex)
    {
        int number = char.IsAsciiDigit(name[^1]) ? int.Parse(name.AsSpan(1), CultureInfo.InvariantCulture) : 0;
        ulong value = ulong.Parse(hex.AsSpan(Math.Max(0, hex.Length - 16)), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        switch (name)
        {
            case "cr": s->SetCr((uint)value); break;
            case "xer": s->SetXer((uint)value); break;
            case "lr": s->Lr = value; break;
            case "ctr": s->Ctr = value; break;
            case "fpscr": s->Fpscr = (uint)value; break;
            case "vscr": s->Vscr = (uint)value; break;
            default:
                switch (name[0])
                {
                    case 'r': s->Gpr[number] = value; break;
                    case 'f': s->Fpr(number) = value; break;
                    default:
                        s->Vsr[64 + (2 * number)] = value;
                        s->Vsr[65 + (2 * number)] = ulong.Parse(hex.AsSpan(0, 16), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                        break;
                }

                break;
        }
    }

    private static string Get(State.CpuState* s, string name, int digits)
    {
        int number = char.IsAsciiDigit(name[^1]) ? int.Parse(name.AsSpan(1), CultureInfo.InvariantCulture) : 0;
        ulong value = name switch
        {
            "cr" => s->GetCr(),
            "xer" => s->GetXer(),
            "lr" => s->Lr,
            "ctr" => s->Ctr,
            "fpscr" => s->Fpscr,
            "vscr" => s->Vscr,
            _ => name[0] switch
            {
                'r' => s->Gpr[number],
                'f' => s->Fpr(number),
                _ => s->Vsr[64 + (2 * number)],
            },
        };
        return name[0] == 'v' && name != "vscr"
            ? $"{s->Vsr[65 + (2 * number)]:x16}{value:x16}"
            : value.ToString("x16", CultureInfo.InvariantCulture)[^digits..];
    }
}
