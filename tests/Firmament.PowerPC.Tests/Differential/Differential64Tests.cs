using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Firmament.Core.Memory;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Leaf.FloatingPoint;
using Firmament.PowerPC.Tests.Engine;
using Decoder = Firmament.PowerPC.Isa.Decoder;

namespace Firmament.PowerPC.Tests.Differential;

/// <summary>
/// Random problem-state code on this library's POWER8 and POWER9 and on QEMU's, in both byte orders, from the same states.
/// FIRMAMENT_DIFFERENTIAL sets the number of sequences for each CPU and byte order, FIRMAMENT_DIFFERENTIAL_SEED where the noise starts,
/// FIRMAMENT_DIFFERENTIAL_ONLY a regular expression that mnemonics must match.
/// </summary>
public sealed class Differential64Tests
{
    private const int Blocks = 32;
    private const uint TreeAt = 0x8_0000;
    private const ulong LittleEndianBit = 1;

    // SF, VEC, VSX, PR, FP, FE0, FE1.
    private const ulong ProblemState = 0x8000_0000_0280_6900;
    private static readonly uint[] Vectors = [0x300, 0x380, 0x400, 0x480, 0x600, 0x700, 0x800, 0xc00, 0xf20, 0xf40, 0xf60];

    [Theory]
    [InlineData("power9", false, EngineMode.TailCalls)]
    [InlineData("power9", false, EngineMode.Translated)]
    [InlineData("power9", true, EngineMode.TailCalls)]
    [InlineData("power9", true, EngineMode.Translated)]
    [InlineData("power8", false, EngineMode.TailCalls)]
    [InlineData("power8", false, EngineMode.Translated)]
    [InlineData("power8", true, EngineMode.TailCalls)]
    [InlineData("power8", true, EngineMode.Translated)]
    public async Task Random_64_bit_code_leaves_the_state_that_qemu_leaves(string model, bool littleEndian, EngineMode engine)
    {
        using QemuGuest64? qemu = QemuGuest64.TryStart(model, littleEndian, out string reason);
        Assert.SkipWhen(qemu == null, reason);
        long wanted = Setting("FIRMAMENT_DIFFERENTIAL", 6_000);
        Noise noise = new((ulong)Setting("FIRMAMENT_DIFFERENTIAL_SEED", 970) * 4 + (model == "power9" ? 2ul : 0) + (littleEndian ? 1ul : 0));
        CpuFeatures features = CpuModel.Find(model)!.Features;
        SequenceGenerator64 generator = new(noise, features, littleEndian, Environment.GetEnvironmentVariable("FIRMAMENT_DIFFERENTIAL_ONLY"));
        StateBlock64 layout = new(littleEndian);
        KnownDifferences64 known = new(layout);
        Decoder decoder = new(features);
        using CpuRig rig = Rig(model, engine);
        SortedDictionary<string, (int Count, string Example)> differences = [];
        byte[] input = new byte[Blocks * QemuGuest64.InputBytes];
        byte[] theirs = new byte[Blocks * QemuGuest64.OutputBytes];
        byte[] ours = new byte[Blocks * QemuGuest64.OutputBytes];
        uint[] code = new uint[QemuGuest64.Words];
        int[] lengths = new int[Blocks];
        long done = 0;
        while (done < wanted)
        {
            for (int block = 0; block < Blocks; block++)
            {
                int at = block * QemuGuest64.InputBytes;
                lengths[block] = generator.Code(code);
                for (int n = 0; n < code.Length; n++)
                {
                    layout.Word(input.AsSpan(at), 4 * n, code[n]);
                }

                for (int n = 0; n < QemuGuest64.States; n++)
                {
                    generator.State(layout, input.AsSpan(at + (4 * QemuGuest64.Words) + (n * StateBlock64.Size), StateBlock64.Size));
                }
            }

            Task exchange = qemu!.ExchangeAsync(input, theirs);
            RunOurs(rig, layout, littleEndian, input, ours);
            await exchange;
            for (int n = 0; n < Blocks * QemuGuest64.States; n++)
            {
                int at = n / QemuGuest64.States * QemuGuest64.InputBytes;
                int length = lengths[n / QemuGuest64.States];
                ReadOnlySpan<byte> words = input.AsSpan(at, 4 * QemuGuest64.Words);
                ReadOnlySpan<byte> before = input.AsSpan(at + (4 * QemuGuest64.Words) + (n % QemuGuest64.States * StateBlock64.Size), StateBlock64.Size);
                Span<byte> us = ours.AsSpan(n * StateBlock64.Size, StateBlock64.Size);
                Span<byte> them = theirs.AsSpan(n * StateBlock64.Size, StateBlock64.Size);
                known.Settle(OpcodeTable.Row(decoder.Find(layout.Word(words, 0))), layout.Word(words, 0), length, before, us, them);
                string? difference = Difference(layout, before, us, them, out string kind);
                if (difference != null)
                {
                    (string names, string text) = Describe(features, layout, words, length);
                    string key = $"{names} [{kind}]";
                    differences.TryGetValue(key, out (int Count, string Example) seen);
                    differences[key] = (seen.Count + 1, seen.Example ?? $"{text}: {difference}{Operands(layout, words, length, before)}");
                }
            }

            done += Blocks * QemuGuest64.States;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{done} sequences from {generator.RowCount} encodings");
        Assert.True(
            differences.Count == 0,
            $"{differences.Values.Sum(static d => d.Count)} of {done} sequences differ, in {differences.Count} ways:\n" +
            string.Join('\n', differences.OrderBy(static d => d.Key.Count(static c => c == ';')).ThenBy(static d => d.Key).Take(400).Select(static d => $"{d.Value.Count,6} {d.Key}: {d.Value.Example}")));
    }

    /// <summary>A CPU whose process 0 has all memory at its real address, and whose interrupts end in a loop at their vector.</summary>
    internal static CpuRig Rig(string model, EngineMode engine = EngineMode.TailCalls)
    {
        CpuRig rig = new(model, engine);
        rig.Cpu.Translation.ResetToRadix();
        Assert.Equal(0, rig.Cpu.Translation.RegisterProcessTable(0x1d, TreeAt + 0x2_0000, 0, 0));
        void Write(ulong at, ulong value) => Assert.True(rig.Ram.TryWriteUInt64(new PhysicalAddress(at), value));
        Write(TreeAt + 0x2_0000, 0x4000_0000_0000_00a0 | TreeAt | 13);
        Write(TreeAt, 0x8000_0000_0000_0000 | (TreeAt + 0x1_0000) | 9);
        Write(TreeAt + 0x1_0000, 0xc000_0000_0000_0187);
        foreach (uint vector in Vectors)
        {
            rig.Write(vector, 0x4800_0000);
        }

        // DSCR, TAR and event-based branches are there.
        SetFscr(rig);
        return rig;
    }

    private static unsafe void SetFscr(CpuRig rig) => rig.Cpu.State->Spr[153] = 0x184;

    private static void RunOurs(CpuRig rig, StateBlock64 layout, bool littleEndian, byte[] input, byte[] ours)
    {
        byte[] end = new byte[4];
        layout.Word(end, 0, 0x4800_0000);
        rig.Ram.TryWrite(new PhysicalAddress(CpuRig.CodeAt + (4 * QemuGuest64.Words)), end);
        for (int block = 0; block < Blocks; block++)
        {
            int at = block * QemuGuest64.InputBytes;
            rig.Ram.TryWrite(new PhysicalAddress(CpuRig.CodeAt), input.AsSpan(at, 4 * QemuGuest64.Words));
            for (int n = 0; n < QemuGuest64.States; n++)
            {
                layout.Apply(rig, input.AsSpan(at + (4 * QemuGuest64.Words) + (n * StateBlock64.Size), StateBlock64.Size));
                rig.Cpu.Msr = ProblemState | (littleEndian ? LittleEndianBit : 0);
                rig.Cpu.Pc = CpuRig.CodeAt;
                rig.Run(QemuGuest64.Words);
                uint status = rig.Pc == CpuRig.CodeAt + (4 * QemuGuest64.Words) ? 0 : Signal(rig);
                layout.Capture(rig, ours.AsSpan(((block * QemuGuest64.States) + n) * StateBlock64.Size, StateBlock64.Size), status);
            }
        }
    }

    /// <summary>What Linux makes of the interrupt.</summary>
    private static uint Signal(CpuRig rig) => rig.Pc switch
    {
        0x300 or 0x380 => 11,
        0x600 => 7,
        0x700 => (rig.Spr(27) & 0x2_0000) != 0 ? 5u : (rig.Spr(27) & 0x10_0000) != 0 ? 8u : 4,
        0xf60 => 4,
        _ => rig.Pc,
    };

    private static (string Names, string Text) Describe(CpuFeatures features, StateBlock64 layout, ReadOnlySpan<byte> words, int length)
    {
        Decoder decoder = new(features);
        Disassembler disassembler = new(decoder);
        StringBuilder names = new();
        StringBuilder text = new();
        for (int n = 0; n < length; n++)
        {
            uint word = layout.Word(words, 4 * n);
            names.Append(names.Length == 0 ? "" : "; ").Append(OpcodeTable.Row(decoder.Find(word)).Mnemonic);
            text.Append(text.Length == 0 ? "" : "; ").Append(disassembler.Print(word, CpuRig.CodeAt + (uint)(4 * n)));
            if (length == 1)
            {
                text.Append(CultureInfo.InvariantCulture, $" ({word:x8})");
            }
        }

        return (names.ToString(), text.ToString());
    }

    /// <summary>The registers a single instruction may read, by field.</summary>
    private static string Operands(StateBlock64 layout, ReadOnlySpan<byte> words, int length, ReadOnlySpan<byte> before)
    {
        if (length > 1)
        {
            return "";
        }

        uint word = layout.Word(words, 0);
        StringBuilder text = new();
        foreach ((string name, int shift, int wide) in new[] { ("T", 21, 0), ("A", 16, 2), ("B", 11, 1), ("C", 6, 3) })
        {
            int n = (int)(word >> shift) & 31;
            int vsr = word >> 26 == 60 ? n + (int)(((word >> wide) & 1) << 5) : word >> 26 == 4 ? n + 32 : n;
            text.Append(CultureInfo.InvariantCulture, $"\n          {name}: r{n} {layout[before, 8 * n]:x16} vs{vsr} {layout[before, StateBlock64.Vsr + (16 * vsr)]:x16}_{layout[before, StateBlock64.Vsr + (16 * vsr) + 8]:x16}");
            if (word >> 26 == 63)
            {
                vsr += 32;
                text.Append(CultureInfo.InvariantCulture, $" vs{vsr} {layout[before, StateBlock64.Vsr + (16 * vsr)]:x16}_{layout[before, StateBlock64.Vsr + (16 * vsr) + 8]:x16}");
            }
        }

        return text.ToString();
    }

    private static string? Difference(StateBlock64 layout, ReadOnlySpan<byte> before, ReadOnlySpan<byte> ours, ReadOnlySpan<byte> theirs, out string kind)
    {
        kind = "status";
        ulong status = layout[theirs, StateBlock64.Status];
        if (status != layout[ours, StateBlock64.Status])
        {
            return $"signal {status} there, {layout[ours, StateBlock64.Status]} here";
        }

        StringBuilder text = new();
        for (int at = 0; status == 0 && at < StateBlock64.Status; at += 8)
        {
            ulong mask = Compared(at);
            ulong us = layout[ours, at] & mask;
            ulong them = layout[theirs, at] & mask;
            if (us != them)
            {
                string name = StateBlock64.Name(at);
                kind = text.Length == 0 ? name.TrimEnd("0123456789.".ToCharArray()) : kind;
                text.Append(CultureInfo.InvariantCulture, $"{name} {us:x16} here, {them:x16} there (was {layout[before, at]:x16}); ");
            }
        }

        return text.Length == 0 ? null : $"{text}fpscr was {layout[before, StateBlock64.Fpscr]:x16}, vscr {layout[before, StateBlock64.Vscr]:x8}, cr {layout[before, StateBlock64.Cr]:x8}, xer {layout[before, StateBlock64.Xer]:x8}";
    }

    private static ulong Compared(int at) => at switch
    {
        8 => 0,
        StateBlock64.Xer => 0xe00c_007f,
        StateBlock64.Fpscr => 0x7_ffff_ffff & ~(ulong)Fpscr.FR,
        // QEMU keeps what mtvscr writes to bits that do not exist.
        StateBlock64.Vscr => 0x0001_0001,
        > StateBlock64.Vscr and < StateBlock64.Vsr => 0,
        _ => ulong.MaxValue,
    };

    private static long Setting(string name, long otherwise) =>
        long.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out long value) ? value : otherwise;
}
