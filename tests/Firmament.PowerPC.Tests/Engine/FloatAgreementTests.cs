using System.Buffers.Binary;
using System.Globalization;
using Firmament.Core.Memory;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Tests.Differential;
using Firmament.PowerPC.Tests.FloatingPoint;

namespace Firmament.PowerPC.Tests.Engine;

/// <summary>
/// Interpreter and translator in lock step on loops of scalar floating point: fresh operands from storage, in every mode of FPSCR.
/// FIRMAMENT_AGREEMENT sets the number of programs for each row, of 20 times 60 instructions each.
/// </summary>
public sealed unsafe class FloatAgreementTests
{
    private const int Body = 60;
    private const int Passes = 20;
    private const ulong HandlerAt = 0x700;
    private static readonly string[] Excluded = ["lxsi", "stxsi", "lxss", "lxsd", "stxs"];

    [Theory]
    [InlineData("7457", 0x0200_2000ul)]
    [InlineData("7457", 0x0200_2900ul)]
    [InlineData("power8", 0x8000_0000_0280_2000)]
    [InlineData("power9", 0x8000_0000_0280_2900)]
    public void Both_engines_agree_on_every_register_and_status_bit(string model, ulong msr)
    {
        Noise noise = new(77 + msr + (ulong)model.Length);
        OperandSource operands = new(5 + msr);
        OpcodeRow[] rows = [.. OpcodeTable.Rows.Skip(1).Where(row => (row.Feature & ~CpuModel.Find(model)!.Features) == 0 && IsFloat(row))];
        OpcodeRow[] common = [.. rows.Where(static row => row.Value >> 26 is 59 || (row.Value >> 26 is 63 or 60 && row.Mnemonic is not ("mffs" or "mtfsf")))];
        using CpuRig expected = model[0] == '7' ? new CpuRig(model) : Differential64Tests.Rig(model);
        using CpuRig actual = model[0] == '7' ? new CpuRig(model, EngineMode.Translated) : Differential64Tests.Rig(model, EngineMode.Translated);
        long programs = long.TryParse(Environment.GetEnvironmentVariable("FIRMAMENT_AGREEMENT"), CultureInfo.InvariantCulture, out long n) ? n : 60;
        for (long program = 0; program < programs; program++)
        {
            uint[] code = [.. Enumerable.Range(0, Body).Select(_ => Word(noise, rows, common)), 0x4200_0000 | (-4 * Body & 0xfffc)];
            ulong[] data = [.. Enumerable.Range(0, 4096).Select(_ => Operand(noise, operands))];
            uint fpscr = Status(noise);
            ulong pointer = CpuRig.DataAt + (ulong)noise.Below(64);
            Prepare(expected, code, data, fpscr, pointer, msr);
            Prepare(actual, code, data, fpscr, pointer, msr);
            for (int slice = 0; slice < 4; slice++)
            {
                long budget = 1 + noise.Below((Body + 1) * Passes / 2);
                Assert.Equal(expected.Cpu.Run(budget), actual.Cpu.Run(budget));
                Assert.True(
                    expected.Cpu.StateText() == actual.Cpu.StateText() && Vectors(expected).SequenceEqual(Vectors(actual)),
                    $"program {program}, slice {slice}: fpscr {fpscr:x8}, then {expected.Cpu.State->Fpscr:x8} and {actual.Cpu.State->Fpscr:x8}; {Difference(expected, actual)}\n{Text(model, code)}");
            }

            // Storage: what stfs and its like wrote.
            for (uint at = 0; at < 0x1000; at += 4)
            {
                Assert.Equal(expected.Read(CpuRig.DataAt + at), actual.Read(CpuRig.DataAt + at));
            }
        }
    }

    private static ReadOnlySpan<ulong> Vectors(CpuRig rig) => new(rig.Cpu.State->Vsr, 128);

    /// <summary>Scalar floating point, its loads and stores, and the moves to and from FPSCR.</summary>
    private static bool IsFloat(OpcodeRow row)
    {
        uint primary = row.Value >> 26;
        bool scalar = row.Mnemonic.StartsWith("xs", StringComparison.Ordinal) && !row.Mnemonic.Contains("qp", StringComparison.Ordinal);
        bool storage = row.Mnemonic.StartsWith("lf", StringComparison.Ordinal) || row.Mnemonic.StartsWith("stf", StringComparison.Ordinal);
        return (primary is 59 or 63 && row.Mnemonic[0] is 'f' or 'm') || (primary == 60 && scalar)
            || (storage && !Excluded.Any(prefix => row.Mnemonic.StartsWith(prefix, StringComparison.Ordinal)));
    }

    private static uint Word(Noise noise, OpcodeRow[] rows, OpcodeRow[] common)
    {
        uint random = (uint)noise.Next();
        switch (noise.Below(8))
        {
            case 0 or 1:
                // lfd or lfs of a fresh operand: d(r3), r3 points to data.
                return (noise.Below(3) == 0 ? 0xc003_0000 : 0xc803_0000) | (random & 0x03e0_7ff8);
            case 2:
                OpcodeRow any = rows[noise.Below(rows.Length)];
                uint word = any.Value | (random & ~any.Mask);
                // Storage through r3 and, indexed, r4.
                return any.Value >> 26 is >= 48 and < 56 ? (word & 0xffe0_0ff8) | 0x0003_0000 : any.Value >> 26 == 31 ? (word & 0xffe0_07ff) | 0x0003_2000 : word;
            default:
                OpcodeRow row = common[noise.Below(common.Length)];
                return row.Value | (random & ~row.Mask);
        }
    }

    /// <summary>Mostly values that meet in range, and often singles.</summary>
    private static ulong Operand(Noise noise, OperandSource operands)
    {
        switch (noise.Below(6))
        {
            case 0: return operands.Next();
            case 1: return noise.Double();
            case 2: return (ulong)BitConverter.DoubleToInt64Bits(noise.Below(2000) - 1000);
            case 3: return ((noise.Next() & 0x8000_0000_0000_0000) | ((ulong)(0x3f0 + noise.Below(0x20)) << 52) | (noise.Next() >> 12)) & ~0x1fff_fffful;
            case 4: return ((ulong)noise.Single() << 32) | noise.Single();
            default: return (noise.Next() & 0x8000_0000_0000_0000) | ((ulong)(0x3f0 + noise.Below(0x20)) << 52) | (noise.Next() >> 12);
        }
    }

    /// <summary>Half of them what the fast path hopes for; the others any rounding mode, enables and sticky bits.</summary>
    private static uint Status(Noise noise) => noise.Below(8) switch
    {
        0 => 0,
        1 => (uint)noise.Below(8),
        2 => (uint)noise.Below(256),
        3 => 0x8200_0000 | (uint)noise.Below(128) << 4,
        _ => 0x8200_0000,
    };

    private static void Prepare(CpuRig rig, uint[] code, ulong[] data, uint fpscr, ulong pointer, ulong msr)
    {
        byte[] bytes = new byte[data.Length * 8];
        for (int n = 0; n < data.Length; n++)
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(n * 8), data[n]);
        }

        rig.Ram.TryWrite(new PhysicalAddress(CpuRig.DataAt), bytes);
        for (int n = 0; n < code.Length; n++)
        {
            rig.Write(CpuRig.CodeAt + (uint)(4 * n), code[n]);
        }

        // A branch to itself behind the loop.
        rig.Write(CpuRig.CodeAt + (uint)(4 * code.Length), 0x4800_0000);
        // The program interrupt goes on behind the instruction: mfsrr0 r31; addi r31,r31,4; mtsrr0 r31; rfi or rfid.
        uint[] handler = [0x7ffa_02a6, 0x3bff_0004, 0x7ffa_03a6, rig.Cpu.Is64Bit ? 0x4c00_0024u : 0x4c00_0064u];
        for (int n = 0; n < handler.Length; n++)
        {
            rig.Write((uint)HandlerAt + (uint)(4 * n), handler[n]);
        }

        State.CpuState* s = rig.Cpu.State;
        data.AsSpan(0, 128).CopyTo(new Span<ulong>(s->Vsr, 128));
        for (int n = 0; n < 32; n++)
        {
            rig.Cpu.WriteGpr(n, 0);
        }

        rig.Cpu.WriteGpr(3, pointer & ~7ul);
        rig.Cpu.WriteGpr(4, pointer & 0x38);
        s->SetCr(0);
        s->Fpscr = Leaf.FloatingPoint.Fpscr.Summarize(fpscr);
        s->Ctr = Passes;
        rig.Cpu.Msr = msr;
        rig.Cpu.Pc = CpuRig.CodeAt;
    }

    private static string Difference(CpuRig expected, CpuRig actual)
    {
        int at = Vectors(expected).CommonPrefixLength(Vectors(actual));
        return at == 128 ? "" : $"vsr {at / 2} word {at % 2}: {Vectors(expected)[at]:x16} interpreted, {Vectors(actual)[at]:x16} translated";
    }

    private static string Text(string model, uint[] code)
    {
        Disassembler disassembler = new(new Decoder(CpuModel.Find(model)!.Features));
        return string.Join("; ", code.Select(word => disassembler.Print(word, 0)));
    }
}
