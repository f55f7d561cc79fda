using System.Globalization;
using System.Text;
using Firmament.Core.Memory;
using Firmament.PowerPC.Isa;
using Decoder = Firmament.PowerPC.Isa.Decoder;
using Firmament.PowerPC.Leaf.FloatingPoint;
using Firmament.PowerPC.Tests.Engine;

namespace Firmament.PowerPC.Tests.Differential;

/// <summary>
/// Random user-level code on this CPU and on QEMU's 7400 from the same states. FIRMAMENT_DIFFERENTIAL sets the number of sequences,
/// FIRMAMENT_DIFFERENTIAL_SEED where the noise starts.
/// </summary>
public sealed class DifferentialTests
{
    private const int Blocks = 64;

    [Theory]
    [InlineData(EngineMode.TailCalls)]
    [InlineData(EngineMode.Translated)]
    public async Task Random_code_leaves_the_state_that_qemu_leaves(EngineMode engine)
    {
        using QemuGuest? qemu = QemuGuest.TryStart(out string reason);
        Assert.SkipWhen(qemu == null, reason);
        long wanted = Setting("FIRMAMENT_DIFFERENTIAL", 20_000);
        Noise noise = new((ulong)Setting("FIRMAMENT_DIFFERENTIAL_SEED", 7450));
        SequenceGenerator generator = new(noise);
        using CpuRig rig = new("7400", engine);
        SortedDictionary<string, (int Count, string Example)> differences = [];
        byte[] input = new byte[Blocks * QemuGuest.InputBytes];
        byte[] theirs = new byte[Blocks * QemuGuest.OutputBytes];
        byte[] ours = new byte[Blocks * QemuGuest.OutputBytes];
        uint[] code = new uint[QemuGuest.Words];
        int[] lengths = new int[Blocks];
        long done = 0;
        while (done < wanted)
        {
            for (int block = 0; block < Blocks; block++)
            {
                int at = block * QemuGuest.InputBytes;
                lengths[block] = generator.Code(code);
                for (int n = 0; n < code.Length; n++)
                {
                    StateBlock.Word(input, at + (4 * n), code[n]);
                }

                for (int n = 0; n < QemuGuest.States; n++)
                {
                    generator.State(input.AsSpan(at + (4 * QemuGuest.Words) + (n * StateBlock.Size), StateBlock.Size));
                }
            }

            Task exchange = qemu!.ExchangeAsync(input, theirs);
            RunOurs(rig, input, ours, lengths);
            await exchange;
            for (int n = 0; n < Blocks * QemuGuest.States; n++)
            {
                int block = n / QemuGuest.States;
                ReadOnlySpan<byte> words = input.AsSpan(block * QemuGuest.InputBytes, 4 * QemuGuest.Words);
                ReadOnlySpan<byte> before = input.AsSpan((block * QemuGuest.InputBytes) + (4 * QemuGuest.Words) + (n % QemuGuest.States * StateBlock.Size), StateBlock.Size);
                Span<byte> us = ours.AsSpan(n * StateBlock.Size, StateBlock.Size);
                KnownDifferences.Settle(words, lengths[block], before, us, theirs.AsSpan(n * StateBlock.Size, StateBlock.Size));
                string? difference = Difference(before, us, theirs.AsSpan(n * StateBlock.Size, StateBlock.Size), out string kind);
                if (difference != null)
                {
                    (string names, string text) = Describe(words, lengths[block]);
                    string key = $"{names} [{kind}]";
                    differences.TryGetValue(key, out (int Count, string Example) known);
                    differences[key] = (known.Count + 1, known.Example ?? $"{text}: {difference}");
                }
            }

            done += Blocks * QemuGuest.States;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{done} sequences from {SequenceGenerator.RowCount} encodings");
        Assert.True(
            differences.Count == 0,
            $"{differences.Values.Sum(static d => d.Count)} of {done} sequences differ, in {differences.Count} ways:\n" +
            string.Join('\n', differences.OrderBy(static d => d.Key.Length).Take(60).Select(static d => $"{d.Value.Count,6} {d.Key}: {d.Value.Example}")));
    }

    private static void RunOurs(CpuRig rig, byte[] input, byte[] ours, int[] lengths)
    {
        for (int block = 0; block < Blocks; block++)
        {
            int at = block * QemuGuest.InputBytes;
            rig.Ram.TryWrite(new PhysicalAddress(CpuRig.CodeAt), input.AsSpan(at, 4 * QemuGuest.Words));
            for (int n = 0; n < QemuGuest.States; n++)
            {
                StateBlock.Apply(rig, input.AsSpan(at + (4 * QemuGuest.Words) + (n * StateBlock.Size), StateBlock.Size));
                rig.Cpu.Msr = 0x0200_6000; // VEC, PR, FP
                rig.Cpu.Pc = CpuRig.CodeAt;
                rig.RunStraight(lengths[block]);
                StateBlock.Capture(rig, ours.AsSpan(((block * QemuGuest.States) + n) * StateBlock.Size, StateBlock.Size), rig.Pc != CpuRig.CodeAt + (4 * lengths[block]));
            }
        }
    }

    private static (string Names, string Text) Describe(ReadOnlySpan<byte> words, int length)
    {
        Decoder decoder = new(CpuModel.Find("7400")!.Features);
        Disassembler disassembler = new(decoder);
        StringBuilder names = new();
        StringBuilder text = new();
        for (int n = 0; n < length; n++)
        {
            uint word = StateBlock.Word(words, 4 * n);
            names.Append(names.Length == 0 ? "" : "; ").Append(OpcodeTable.Row(decoder.Find(word)).Mnemonic);
            text.Append(text.Length == 0 ? "" : "; ").Append(disassembler.Print(word, CpuRig.CodeAt + (uint)(4 * n)));
        }

        return (names.ToString(), text.ToString());
    }

    private static string? Difference(ReadOnlySpan<byte> before, ReadOnlySpan<byte> ours, ReadOnlySpan<byte> theirs, out string kind)
    {
        kind = "status";
        uint status = StateBlock.Word(theirs, StateBlock.Status);
        if ((status != 0) != (StateBlock.Word(ours, StateBlock.Status) != 0))
        {
            return $"signal {status} there, {(status == 0 ? "an interrupt" : "none")} here";
        }

        StringBuilder text = new();
        if (status == 0)
        {
            for (int at = 0; at < StateBlock.Status; at += 4)
            {
                uint mask = Compared(at);
                uint us = StateBlock.Word(ours, at) & mask;
                uint them = StateBlock.Word(theirs, at) & mask;
                if (us != them)
                {
                    string name = Name(at);
                    kind = text.Length == 0 ? name.TrimEnd("0123456789.".ToCharArray()) : kind;
                    text.Append(CultureInfo.InvariantCulture, $"{name} {us:x8} here, {them:x8} there (was {StateBlock.Word(before, at):x8}); ");
                }
            }
        }

        return text.Length == 0 ? null : $"{text}fpscr was {StateBlock.Word(before, StateBlock.Fpscr):x8}, vscr {StateBlock.Word(before, StateBlock.Vscr + 12):x8}";
    }

    private static uint Compared(int at) => at switch
    {
        4 or 8 or 52 => 0, // r1, r2, r13 are the guest program's
        StateBlock.Xer => 0xe000_007f,
        StateBlock.Fpscr => ~Fpscr.FR,
        // QEMU keeps what mtvscr writes to bits that do not exist.
        StateBlock.Vscr + 12 => 0x0001_0001,
        StateBlock.Vscr or StateBlock.Vscr + 4 or StateBlock.Vscr + 8 => 0,
        _ => uint.MaxValue,
    };

    private static string Name(int at) => at switch
    {
        < StateBlock.Cr => $"r{at / 4}",
        StateBlock.Cr => "cr",
        StateBlock.Xer => "xer",
        StateBlock.Lr => "lr",
        StateBlock.Fpscr => "fpscr",
        < StateBlock.Vscr => $"f{(at - StateBlock.Fpr) / 8}.{(at / 4) & 1}",
        < StateBlock.Vr => "vscr",
        < StateBlock.Scratch => $"v{(at - StateBlock.Vr) / 16}.{(at / 4) & 3}",
        _ => $"memory{at - StateBlock.Scratch}",
    };

    private static long Setting(string name, long otherwise) =>
        long.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out long value) ? value : otherwise;
}
