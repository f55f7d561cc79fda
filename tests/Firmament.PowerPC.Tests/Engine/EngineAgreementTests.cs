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
    private const int CodeBytes = 0x4000;

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
        Noise noise = new(Setting("FIRMAMENT_AGREEMENT_SEED", 31) + msr);
        OpcodeRow[] rows = [.. OpcodeTable.Rows.Skip(1).Where(row => (row.Feature & ~CpuModel.Find(model)!.Features) == 0)];
        using CpuRig expected = Rig(model, EngineMode.TailCalls);
        using CpuRig actual = Rig(model, EngineMode.Translated);
        CpuRig[] rigs = [expected, actual];
        byte[] memory = new byte[expected.Ram.Size];
        byte[] translated = new byte[expected.Ram.Size];
        long programs = (long)Setting("FIRMAMENT_AGREEMENT", 60);
        for (long program = 0; program < programs; program++)
        {
            string text = Program(noise, rows, model, msr, rigs);
            for (int slice = 0; slice < 12; slice++)
            {
                long budget = 1 + noise.Below(slice % 3 == 0 ? 12 : 400);
                long ran = Run(expected, budget);
                long other = Run(actual, budget);
                Assert.True(ran == other, $"program {program}, slice {slice} of {budget}: {ran} ran interpreted, {other} translated: {Difference(expected, actual)}\n{text}");
                Assert.True(Hash(expected) == Hash(actual), $"program {program}, slice {slice} of {budget}: {Difference(expected, actual)}\n{text}");
            }

            expected.Ram.TryRead(new PhysicalAddress(0), memory);
            actual.Ram.TryRead(new PhysicalAddress(0), translated);
            int at = memory.AsSpan().CommonPrefixLength(translated);
            Assert.True(at == memory.Length, $"program {program}: memory differs at 0x{at:x}\n{text}");
        }
    }

    /// <summary>
    /// Random instructions with registers that mostly point into memory, cut into pieces by branches that lead to each other: loops, calls, and code
    /// that stores into itself.
    /// </summary>
    private static string Program(Noise noise, OpcodeRow[] rows, string model, ulong msr, CpuRig[] rigs)
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

        return $"pc {pc:x}: " + Text(model, msr, code, (int)(pc - CpuRig.CodeAt));
    }

    private static uint Word(Noise noise, OpcodeRow[] rows, int at)
    {
        switch (noise.Below(24))
        {
            case 0:
                // bc, within the code; in one of four cases with a decrement of CTR.
                int target = Math.Clamp(at + (4 * (noise.Below(60) - 40)), 0, CodeBytes - 4);
                int bo = noise.Below(4) == 0 ? 16 : noise.Below(2) == 0 ? 12 : 4;
                return 0x4000_0000 | (uint)bo << 21 | (uint)noise.Below(32) << 16 | ((uint)(target - at) & 0xfffc) | (uint)noise.Below(6) / 5;
            case 1:
                return 0x4800_0000 | ((uint)((noise.Below(CodeBytes) & ~3) - at) & 0x03ff_fffc) | (uint)noise.Below(2);
            case 2:
                return noise.Below(2) == 0 ? 0x4e80_0020 : 0x4e80_0421 | (uint)noise.Below(32) << 16;
            case 3:
                // D-form loads and stores of general registers.
                return (uint)(32 + noise.Below(14)) << 26 | (uint)noise.Next() & 0x03ff_00ff;
            case 4:
            case 5:
                // The same from one register, as from a stack pointer.
                return (uint)(32 + noise.Below(14)) << 26 | (uint)noise.Next() & 0x03e0_00ff | 1u << 16;
            default:
                OpcodeRow row = rows[noise.Below(rows.Length)];
                // Branches by the rows themselves would nearly all leave the code.
                return row.Value >> 26 is 16 or 17 or 18 ? 0x6000_0000 : row.Value | ((uint)noise.Next() & ~row.Mask);
        }
    }

    private static string Text(string model, ulong msr, byte[] code, int at)
    {
        Disassembler disassembler = new(new Decoder(CpuModel.Find(model)!.Features));
        bool reversed = (msr & 1) != 0;
        List<string> lines = [];
        for (int n = 0; n < 60 && at + (4 * n) < code.Length; n++)
        {
            ReadOnlySpan<byte> word = code.AsSpan(at + (4 * n));
            lines.Add(disassembler.Print(
                reversed ? BinaryPrimitives.ReadUInt32LittleEndian(word) : BinaryPrimitives.ReadUInt32BigEndian(word), CpuRig.CodeAt + (uint)(at + (4 * n))));
        }

        return string.Join("; ", lines);
    }

    private static CpuRig Rig(string model, EngineMode engine) => model[0] == '7' ? new CpuRig(model, engine) : Differential64Tests.Rig(model, engine);

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
        string[] theirs = expected.Cpu.StateText().Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        string[] ours = actual.Cpu.StateText().Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        List<string> words = [];
        for (int n = 0; n < theirs.Length; n++)
        {
            if (theirs[n] != ours[n])
            {
                words.Add($"{theirs[n - 1]} {theirs[n]} interpreted, {ours[n]} translated");
            }
        }

        return string.Join("; ", words);
    }

    private static ulong Setting(string name, ulong otherwise) =>
        ulong.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out ulong value) ? value : otherwise;
}
