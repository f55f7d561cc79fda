using System.Buffers.Binary;
using System.Globalization;
using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Tests.Differential;
using Decoder = Firmament.PowerPC.Isa.Decoder;

namespace Firmament.PowerPC.Tests.Engine;

/// <summary>
/// Every encoding of the vector facilities and block clearing, in straight lines of its own, on interpreter and translator: registers full of the
/// numbers at which elements overflow, saturate and compare equal. FIRMAMENT_AGREEMENT sets the number of lines for each encoding.
/// </summary>
public sealed unsafe class VectorAgreementTests
{
    private const int Length = 14;

    private static readonly ulong[] Edges =
    [
        0, ulong.MaxValue, 0x7f7f_7f7f_7f7f_7f7f, 0x8080_8080_8080_8080, 0x7fff_7fff_7fff_7fff, 0x8000_8000_8000_8000, 0x7fff_ffff_7fff_ffff,
        0x8000_0000_8000_0000, 0x7fff_ffff_ffff_ffff, 0x8000_0000_0000_0000, 0x0001_0203_0405_0607, 0x00ff_00ff_00ff_00ff, 0x0000_ffff_0000_ffff,
        0x0101_0101_0101_0101, 0x0000_0000_ffff_ffff, 0xff80_007f_ff7f_0080,
    ];

    private static readonly string[] Beginnings = ["v", "lv", "stv", "lx", "stx", "xx", "xv", "mtvsr", "mfvsr"];

    [Theory]
    [InlineData("power9", 0x8000_0000_0280_6900)]
    [InlineData("power9", 0x8000_0000_0280_6901)]
    [InlineData("power9", 0x8000_0000_0280_2931)]
    [InlineData("power8", 0x8000_0000_0280_2900)]
    [InlineData("power8", 0x8000_0000_0280_2901)]
    [InlineData("7457", 0x0200_6900ul)]
    [InlineData("7400", 0x0200_2900ul)]
    public void Every_vector_instruction_does_the_same_on_both_engines(string model, ulong msr)
    {
        Noise noise = new(17 + msr);
        CpuFeatures features = CpuModel.Find(model)!.Features;
        using CpuRig expected = Rig(model, EngineMode.TailCalls);
        using CpuRig actual = Rig(model, EngineMode.Translated);
        Disassembler disassembler = new(new Decoder(features));
        int lines = int.TryParse(Environment.GetEnvironmentVariable("FIRMAMENT_AGREEMENT"), CultureInfo.InvariantCulture, out int setting) ? Math.Max(1, setting / 5) : 12;
        List<string> failures = [];
        (int rows, int completed) = (0, 0);
        foreach (OpcodeRow row in OpcodeTable.Rows.Skip(1).Where(row => IsVector(row) && (row.Feature & ~features) == 0))
        {
            rows++;
            for (int line = 0; line < lines; line++)
            {
                uint[] words = new uint[Length];
                for (int n = 0; n < Length; n++)
                {
                    words[n] = row.Value | ((uint)noise.Next() & ~row.Mask);
                }

                Prepare(noise, words, msr, expected, actual);
                expected.RunStraight(Length);
                actual.RunStraight(Length);
                completed += actual.Pc == CpuRig.CodeAt + (4 * Length) ? 1 : 0;
                if (Hash(expected) != Hash(actual) || !Data(expected).SequenceEqual(Data(actual)))
                {
                    failures.Add($"{row.Mnemonic}: {string.Join("; ", words.Select(word => disassembler.Print(word, 0)))}: {Difference(expected, actual)}");
                    break;
                }
            }
        }

        Assert.InRange(rows, 150, 600);
        // The others end in an interrupt: storage past the end of memory, an invalid form.
        Assert.InRange(completed, rows * lines * 3 / 4, rows * lines);
        Assert.True(failures.Count == 0, $"{failures.Count} of {rows}:\n{string.Join('\n', failures.Take(20))}");
    }

    private static bool IsVector(OpcodeRow row) =>
        row.Mnemonic is "dcbz" or "mfvscr" or "mtvscr" || Beginnings.Any(text => row.Mnemonic.StartsWith(text, StringComparison.Ordinal));

    /// <summary>Gives both rigs the same code, registers and memory; half of the general registers are offsets, half addresses.</summary>
    private static void Prepare(Noise noise, uint[] words, ulong msr, params CpuRig[] rigs)
    {
        byte[] code = new byte[4 * Length];
        for (int n = 0; n < Length; n++)
        {
            uint word = rigs[0].Cpu.Is64Bit && (msr & 1) != 0 ? BinaryPrimitives.ReverseEndianness(words[n]) : words[n];
            BinaryPrimitives.WriteUInt32BigEndian(code.AsSpan(4 * n), word);
        }

        ulong[] gprs = new ulong[32];
        for (int n = 0; n < 32; n++)
        {
            gprs[n] = noise.Below(2) == 0 ? (ulong)noise.Below(0x80) : CpuRig.DataAt + (ulong)noise.Below(0x2000);
        }

        byte[] data = new byte[0x3000];
        ulong[] registers = new ulong[128];
        for (int at = 0; at < data.Length; at += 8)
        {
            BinaryPrimitives.WriteUInt64BigEndian(data.AsSpan(at), noise.Next());
        }

        for (int n = 0; n < registers.Length; n++)
        {
            registers[n] = noise.Below(3) switch
            {
                0 => noise.Next(),
                1 => Edges[noise.Below(Edges.Length)],
                // Some elements the same as another register's.
                _ => n == 0 ? 0 : registers[noise.Below(n)] ^ (noise.Below(2) == 0 ? 0 : 1ul << noise.Below(64)),
            };
        }

        uint cr = (uint)noise.Next();
        foreach (CpuRig rig in rigs)
        {
            State.CpuState* s = rig.Cpu.State;
            Assert.True(rig.Ram.TryWrite(new PhysicalAddress(CpuRig.CodeAt), code));
            Assert.True(rig.Ram.TryWrite(new PhysicalAddress(CpuRig.DataAt), data));
            for (int n = 0; n < 32; n++)
            {
                rig.Cpu.WriteGpr(n, gprs[n]);
            }

            registers.CopyTo(new Span<ulong>(s->Vsr, 128));
            s->SetCr(cr);
            s->Vscr = 0;
            s->Fpscr = 0;
            rig.Cpu.Msr = msr;
            rig.Cpu.Pc = CpuRig.CodeAt;
        }
    }

    private static CpuRig Rig(string model, EngineMode engine) => model[0] == '7' ? new CpuRig(model, engine) : Differential64Tests.Rig(model, engine);

    private static byte[] Data(CpuRig rig)
    {
        byte[] data = new byte[0x4000];
        Assert.True(rig.Ram.TryRead(new PhysicalAddress(CpuRig.DataAt), data));
        return data;
    }

    private static string Hash(CpuRig rig)
    {
        HashVisitor hash = new();
        rig.Cpu.Visit(hash);
        return hash.Result;
    }

    private static string Difference(CpuRig expected, CpuRig actual)
    {
        string[] theirs = expected.Cpu.StateText().Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        string[] ours = actual.Cpu.StateText().Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return string.Join("; ", Enumerable.Range(1, theirs.Length - 1)
            .Where(n => theirs[n] != ours[n])
            .Select(n => $"{theirs[n - 1]} {theirs[n]} interpreted, {ours[n]} translated"));
    }
}
