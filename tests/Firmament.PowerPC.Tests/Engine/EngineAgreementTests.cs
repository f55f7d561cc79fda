using System.Buffers.Binary;
using System.Globalization;
using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Core.Time;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Tests.Differential;
using Decoder = Firmament.PowerPC.Isa.Decoder;

namespace Firmament.PowerPC.Tests.Engine;

/// <summary>
/// Interpreter and translator in lock step: the same random program in the same slices, and after each slice the same registers; after each
/// program the same memory. FIRMAMENT_AGREEMENT sets the number of programs for each row, FIRMAMENT_AGREEMENT_SEED where the noise starts.
/// </summary>
public sealed unsafe class EngineAgreementTests
{
    private const ulong Problem = 0x8000_0000_0280_6900;
    private const ulong Supervisor = 0x8000_0000_0280_2930;
    private const int CodeBytes = 0x2000;
    private const int Slices = 40;

    [Theory]
    [InlineData("power9", Problem)]
    [InlineData("power9", Problem | 1)]
    [InlineData("power9", Supervisor)]
    [InlineData("power8", Problem | 1)]
    [InlineData("power8", Supervisor | 1)]
    [InlineData("7457", 0x0200_6930ul)]
    [InlineData("7457", 0x0200_2900ul)]
    [InlineData("7400", 0x0200_2900ul)]
    public void Both_engines_reach_the_same_state_after_every_slice(string model, ulong msr)
    {
        using CpuRig actual = Rig(model, EngineMode.Translated);
        Compare(model, msr, actual, (long)Setting("FIRMAMENT_AGREEMENT", 20));
        Assert.True(actual.Cpu.EngineStatistics.Translated > 1000, $"hardly anything was translated: {actual.Cpu.EngineStatistics}");
    }

    [Fact]
    public void A_full_code_cache_is_begun_anew_and_changes_nothing()
    {
        const int Rounds = 8;
        const int Lines = 4096;
        using CpuRig rig = new("7457", EngineMode.Translated, Cpu.LeastCodeCacheBytes);
        for (int round = 1; round <= Rounds; round++)
        {
            // Lines of 15 additions and a branch to the next.
            rig.Load(a =>
            {
                for (int line = 0; line < Lines; line++)
                {
                    for (int n = 0; n < 15; n++)
                    {
                        a.Addi(3, 3, round);
                    }

                    a.B(a.LabelAt(a.AddressOf(a.LabelHere()) + 4));
                }
            });
            rig.Cpu.Pc = CpuRig.CodeAt;
            rig.Run(16 * Lines);
        }

        Assert.Equal((uint)(15 * Lines * Rounds * (Rounds + 1) / 2), rig[3]);
        Assert.True(rig.Cpu.EngineStatistics.CodeFlushes > 1, $"the cache was not full twice: {rig.Cpu.EngineStatistics}");
        Assert.InRange(rig.Cpu.EngineStatistics.CodeBytes, 1, Cpu.LeastCodeCacheBytes);
    }

    private static void Compare(string model, ulong msr, CpuRig actual, long programs)
    {
        Noise noise = new(Setting("FIRMAMENT_AGREEMENT_SEED", 31) + msr);
        OpcodeRow[] rows = [.. OpcodeTable.Rows.Skip(1).Where(row => (row.Feature & ~CpuModel.Find(model)!.Features) == 0)];
        using CpuRig expected = Rig(model, EngineMode.TailCalls);
        CpuRig[] rigs = [expected, actual];
        byte[] memory = new byte[expected.Ram.Size];
        byte[] translated = new byte[expected.Ram.Size];
        for (long program = 0; program < programs; program++)
        {
            Program(noise, rows, model, msr, rigs);
            for (int slice = 0; slice < Slices; slice++)
            {
                Restart(noise, msr, rigs);
                long budget = 1 + noise.Below(slice % 3 == 0 ? 12 : 400);
                ulong from = expected.Cpu.Pc;
                long ran = Run(expected, budget);
                long other = Run(actual, budget);
                Assert.True(ran == other, $"program {program}, slice {slice} of {budget}: {ran} ran interpreted, {other} translated, from {from:x}: {Difference(expected, actual)}\n{Text(model, msr, expected, from)}");
                Assert.True(Hash(expected) == Hash(actual), $"program {program}, slice {slice} of {budget} from {from:x}: {Difference(expected, actual)}\n{Text(model, msr, expected, from)}");
            }

            expected.Ram.TryRead(new PhysicalAddress(0), memory);
            actual.Ram.TryRead(new PhysicalAddress(0), translated);
            int at = memory.AsSpan().CommonPrefixLength(translated);
            Assert.True(at == memory.Length, $"program {program}: memory differs at 0x{at:x}");
        }
    }

    /// <summary>
    /// Random instructions with registers that mostly point into memory, cut into pieces by branches that lead to each other: loops, calls, and code
    /// that stores into itself.
    /// </summary>
    private static void Program(Noise noise, OpcodeRow[] rows, string model, ulong msr, CpuRig[] rigs)
    {
        bool reversed = (msr & 1) != 0 && model != "7457";
        byte[] code = new byte[CodeBytes];
        // A few pages of code; data registers rarely point there.
        for (int at = 0; at < CodeBytes; at += 4)
        {
            uint word = Word(noise, rows, at);
            if (reversed)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(code.AsSpan(at), word);
            }
            else
            {
                BinaryPrimitives.WriteUInt32BigEndian(code.AsSpan(at), word);
            }
        }

        ulong[] gprs = new ulong[32];
        for (int n = 0; n < 32; n++)
        {
            gprs[n] = noise.Below(4) switch
            {
                0 => noise.Next(),
                1 => noise.Integer(),
                _ => CpuRig.DataAt + (ulong)noise.Below(0x4000),
            };
        }

        (ulong lr, ulong ctr) = (CpuRig.CodeAt + (ulong)noise.Below(CodeBytes), (ulong)noise.Below(60));
        ulong pc = (CpuRig.CodeAt + (ulong)noise.Below(CodeBytes)) & ~3ul;
        byte[] data = new byte[0x8000];
        for (int at = 0; at < data.Length; at += 8)
        {
            BinaryPrimitives.WriteUInt64BigEndian(data.AsSpan(at), noise.Below(3) == 0 ? noise.Double() : noise.Next());
        }

        foreach (CpuRig rig in rigs)
        {
            State.CpuState* s = rig.Cpu.State;
            Assert.True(rig.Ram.TryWrite(new PhysicalAddress(CpuRig.CodeAt), code));
            Assert.True(rig.Ram.TryWrite(new PhysicalAddress(CpuRig.DataAt - 0x2000), data));
            for (int n = 0; n < 32; n++)
            {
                rig.Cpu.WriteGpr(n, gprs[n]);
            }

            data.AsSpan(0, 128 * sizeof(ulong)).CopyTo(new Span<byte>(s->Vsr, 128 * sizeof(ulong)));
            s->SetCr((uint)data[1] << 24 | data[2]);
            s->SetXer((uint)data[3] << 29);
            s->Fpscr = data[4] & 7u;
            s->Lr = lr;
            s->Ctr = ctr;
            rig.Cpu.Msr = msr;
            rig.Cpu.Pc = pc;
        }
    }

    private static uint Word(Noise noise, OpcodeRow[] rows, int at)
    {
        switch (noise.Below(26))
        {
            case 0:
                // bc, within the code; in one of four cases with a decrement of CTR.
                int target = Math.Clamp(at + (4 * (noise.Below(60) - 40)), 0, CodeBytes - 4);
                int bo = noise.Below(4) == 0 ? 16 : noise.Below(2) == 0 ? 12 : 4;
                return 0x4000_0000 | (uint)bo << 21 | (uint)noise.Below(noise.Below(2) == 0 ? 4 : 32) << 16 | ((uint)(target - at) & 0xfffc) | (uint)noise.Below(6) / 5;
            case 1:
                return 0x4800_0000 | ((uint)((noise.Below(CodeBytes) & ~3) - at) & 0x03ff_fffc) | (uint)noise.Below(2);
            case 2:
                return noise.Below(2) == 0 ? 0x4e80_0020 : 0x4e80_0421 | (uint)noise.Below(32) << 16;
            case 3:
                return Access(noise) | (uint)noise.Below(32) << 16;
            case 4:
            case 5:
                // From one register, as from a stack pointer.
                return Access(noise) | 1u << 16;
            case 6:
                // cmpwi, cmplwi: the branches of case 0 mostly look at field 0.
                return (noise.Below(2) == 0 ? 0x2c00_0000u : 0x2800_0000u) | (uint)noise.Below(32) << 16 | (uint)noise.Below(8);
            case 7:
                // cmpw, cmplw, cmpd, cmpld.
                return 0x7c00_0000 | (uint)noise.Below(2) << 21 | (uint)noise.Below(2) << 6 | (uint)noise.Next() & 0x001f_f800;
            case 8:
                // addi and or, which leave the field as it is.
                return (noise.Below(2) == 0 ? 0x3800_0004u : 0x7c00_0378u) | (uint)noise.Next() & 0x03ff_f800;
            default:
                OpcodeRow row = rows[noise.Below(rows.Length)];
                // Branches by the rows themselves would nearly all leave the code.
                return row.Value >> 26 is 16 or 17 or 18 ? 0x6000_0000 : row.Value | ((uint)noise.Next() & ~row.Mask);
        }
    }

    /// <summary>D-form loads and stores of general registers. Multiples mostly change few of them, and mostly keep alignment where the register has it.</summary>
    private static uint Access(Noise noise)
    {
        uint opcode = 32 + (uint)noise.Below(16);
        uint operands = (uint)noise.Next() & 0x03e0_00ff;
        return opcode << 26 | (opcode < 46 || noise.Below(8) == 0 ? operands : operands & ~3u | 0x0300_0000);
    }

    private static string Text(string model, ulong msr, CpuRig rig, ulong from)
    {
        Disassembler disassembler = new(new Decoder(CpuModel.Find(model)!.Features));
        bool reversed = (msr & 1) != 0;
        List<string> lines = [];
        for (uint at = (uint)from; at < from + 160; at += 4)
        {
            uint word = rig.Read(at);
            lines.Add(disassembler.Print(reversed ? BinaryPrimitives.ReverseEndianness(word) : word, at));
        }

        return string.Join("; ", lines);
    }

    private static CpuRig Rig(string model, EngineMode engine)
    {
        if (model[0] != '7')
        {
            return Differential64Tests.Rig(model, engine);
        }

        CpuRig rig = new(model, engine);
        MapByBlocks(rig);
        return rig;
    }

    /// <summary>All memory at its real address, by one pair of BATs for user and supervisor.</summary>
    private static void MapByBlocks(CpuRig rig)
    {
        uint end = rig.Load(static a =>
        {
            a.LoadImmediate(3, 0x1f);
            a.LoadImmediate(4, 2);
            a.Mtspr(528, 3);
            a.Mtspr(529, 4);
            a.Mtspr(536, 3);
            a.Mtspr(537, 4);
        });
        // Not RunStraight, which runs one instruction more on one of the engines.
        rig.Run((end - CpuRig.CodeAt) / 4);
    }

    /// <summary>A program that left its code, for an interrupt or by a wild branch, goes on elsewhere in it; some registers point to data again.</summary>
    private static void Restart(Noise noise, ulong msr, CpuRig[] rigs)
    {
        ulong at = rigs[0].Cpu.Pc - CpuRig.CodeAt;
        bool left = at >= CodeBytes || rigs[0].Cpu.Msr != msr;
        ulong pc = CpuRig.CodeAt + ((ulong)noise.Below(CodeBytes) & ~3ul);
        (int first, ulong value) = (noise.Below(32), CpuRig.DataAt + ((ulong)noise.Below(0x4000) & (noise.Below(2) == 0 ? ~3ul : ~0ul)));
        foreach (CpuRig rig in rigs)
        {
            for (int n = first; n < 32 && n < first + 6; n++)
            {
                rig.Cpu.WriteGpr(n, value + (ulong)(64 * n));
            }

            if (left)
            {
                rig.Cpu.Msr = msr;
                rig.Cpu.Pc = pc;
            }
        }
    }

    private static long Run(CpuRig rig, long budget)
    {
        long ran = rig.Cpu.Run(budget);
        rig.Clock.AdvanceTo(rig.Clock.Now + new VirtualTime(Math.Max(1, ran)));
        if (rig.Cpu.IsCheckstopped)
        {
            rig.Cpu.Reset();
        }

        return ran;
    }

    private static string Hash(CpuRig rig)
    {
        HashVisitor hash = new();
        rig.Cpu.Visit(hash);
        return hash.Result;
    }

    private static string Difference(CpuRig expected, CpuRig actual)
    {
        string[] theirs = Dump(expected);
        string[] ours = Dump(actual);
        return string.Join("; ", theirs.Zip(ours).Where(static pair => pair.First != pair.Second).Select(static pair => $"{pair.First} interpreted, {pair.Second} translated"));
    }

    private static string[] Dump(CpuRig rig)
    {
        using MemoryStream stream = new();
        using (JsonVisitor json = new(stream))
        {
            rig.Cpu.Visit(json);
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray()).Split('\n');
    }

    private static ulong Setting(string name, ulong otherwise) =>
        ulong.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out ulong value) ? value : otherwise;
}
