using System.Globalization;
using System.Text.Json;
using Firmament.PowerPC.Tests.FloatingPoint;

namespace Firmament.PowerPC.Tests.Vector;

/// <summary>Results printed on real CPUs: the vector instructions among /work/shared/vectors, see its README.</summary>
public sealed unsafe class VectorHardwareTests
{
    private static readonly VectorLeaf[] Rows = [.. AltiVecTable.Rows, .. Power8VectorTable.Rows];

    [Fact]
    public void Vector_instructions_give_what_hardware_gave()
    {
        int rows = 0;
        List<string> wrong = [];
        using VectorMachine machine = new();
        foreach (string file in SharedVectors.Files())
        {
            foreach (string line in SharedVectors.Lines(file))
            {
                using JsonDocument row = JsonDocument.Parse(line);
                if (Run(machine, row.RootElement) is { } difference)
                {
                    rows++;
                    if (difference.Length != 0)
                    {
                        wrong.Add($"{row.RootElement.GetProperty("name")}: {difference}");
                    }
                }
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {rows} rows differ:\n{string.Join('\n', wrong.Take(20))}");
        Assert.True(rows > 3000, $"only {rows} rows found");
    }

    /// <summary>The difference, empty if none; null when the row is not of vector register instructions only.</summary>
    private static string? Run(VectorMachine machine, JsonElement row)
    {
        byte[] code = Convert.FromHexString(row.GetProperty("code").GetString()!);
        List<(VectorLeaf Leaf, uint Word)> program = [];
        for (int at = 0; at + 4 <= code.Length; at += 4)
        {
            uint word = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(code.AsSpan(at));
            VectorLeaf? leaf = Rows.SingleOrDefault(candidate => candidate.Matches(word));
            if (leaf is null)
            {
                return null;
            }

            program.Add((leaf, word));
        }

        machine.Bytes.Clear();
        foreach (JsonProperty register in row.GetProperty("in").EnumerateObject())
        {
            string value = register.Value.GetString()!;
            if (register.Name == "vscr")
            {
                machine.State->Vscr = uint.Parse(value, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            }
            else if (register.Name[0] == 'v')
            {
                machine[int.Parse(register.Name.AsSpan(1), CultureInfo.InvariantCulture)] = Quadword.Parse(value);
            }
        }

        foreach ((VectorLeaf leaf, uint word) in program)
        {
            leaf.Run(machine.State, word);
        }

        string difference = "";
        foreach (JsonProperty register in row.GetProperty("out").EnumerateObject())
        {
            string wanted = register.Value.GetString()!;
            string got = register.Name switch
            {
                "vscr" => machine.State->Vscr.ToString("x8", CultureInfo.InvariantCulture),
                "cr" => Convert.ToHexStringLower(PackCr(machine)),
                _ => machine[int.Parse(register.Name.AsSpan(1), CultureInfo.InvariantCulture)].ToString(),
            };
            difference += wanted == got ? "" : $"{register.Name} {got}, not {wanted} ";
        }

        return difference;
    }

    private static byte[] PackCr(VectorMachine machine) =>
        [.. Enumerable.Range(0, 4).Select(n => (byte)((machine.State->Cr[2 * n] << 4) | machine.State->Cr[(2 * n) + 1]))];
}
