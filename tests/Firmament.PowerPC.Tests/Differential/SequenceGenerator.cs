using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Leaf.FloatingPoint;
using Firmament.PowerPC.Tests.Engine;

namespace Firmament.PowerPC.Tests.Differential;

/// <summary>
/// Makes straight-line user-level code from the rows of power.isa, and states for it to run on. r3 points into the scratch memory and
/// r4 is an index; r1, r2, r13 and CTR belong to the guest program. Invalid forms are avoided: what they do is nobody's to say.
/// </summary>
internal sealed class SequenceGenerator(Noise noise)
{
    private const int Base = 3;
    private const int Index = 4;
    private static readonly int[] Targets = [0, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 16, 20, 28, 31];
    private static readonly int[] Sources = [0, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 16, 20, 28, 31];

    // Traps and what only a whole machine has; estimates, whose accuracy models differ in; reservations, which outlive a
    // block; streams, whose STRM field QEMU takes for reserved bits.
    private static readonly HashSet<string> Left =
    [
        "tw", "twi", "mfctr", "mtctr", "mfspr", "mtspr", "mftb", "mfvrsave", "dst", "dstst", "mtvrsave", "lwarx", "stwcx.", "eciwx", "ecowx", "fres", "fres.", "frsqrte", "frsqrte.", "vrefp", "vrsqrtefp", "vexptefp", "vlogefp",
    ];

    private static readonly OpcodeRow[] Rows =
        [.. OpcodeTable.Rows.Skip(1).Where(static row =>
            (row.Flags & (OpcodeFlags.Privileged | OpcodeFlags.EndsRun)) == 0 && (row.Feature & ~CpuModel.Find("7400")!.Features) == 0 && !Left.Contains(row.Mnemonic))];

    /// <summary>How many different encodings it draws from.</summary>
    public static int RowCount => Rows.Length;

    /// <summary>Fills <paramref name="code"/> with one to four instructions and nops; returns how many are real.</summary>
    public int Code(Span<uint> code)
    {
        code.Fill(0x6000_0000);
        int length = noise.Below(5) < 3 ? 1 : 2 + noise.Below(3);
        for (int n = 0; n < length; n++)
        {
            code[n] = Instruction(length);
        }

        return length;
    }

    public void State(Span<byte> block)
    {
        block.Clear();
        for (int n = 0; n < 32; n++)
        {
            StateBlock.Word(block, 4 * n, noise.Integer());
            StateBlock.Double(block, StateBlock.Fpr + (8 * n), noise.Double());
            for (int word = 0; word < 4; word++)
            {
                StateBlock.Word(block, StateBlock.Vr + (16 * n) + (4 * word), noise.Single());
            }
        }

        for (int at = 0; at < StateBlock.ScratchBytes; at += 8)
        {
            StateBlock.Double(block, StateBlock.Scratch + at, (at & 8) == 0 ? noise.Double() : ((ulong)noise.Single() << 32) | noise.Integer());
        }

        StateBlock.Word(block, 4 * Base, CpuRig.DataAt + 256);
        StateBlock.Word(block, 4 * Index, (uint)(4 * (noise.Below(16) - 8)));
        StateBlock.Word(block, StateBlock.Cr, (uint)noise.Next());
        StateBlock.Word(block, StateBlock.Xer, ((uint)noise.Next() & 0xe000_0000) | (uint)noise.Below(29));
        StateBlock.Word(block, StateBlock.Lr, noise.Integer());
        // Enables, NI and the reserved bit stay 0.
        StateBlock.Word(block, StateBlock.Fpscr, Fpscr.Summarize((uint)noise.Next() & (noise.Below(2) == 0 ? 0x1f_f703u | 0x9f80_0000 : 3)));
        StateBlock.Word(block, StateBlock.Vscr + 12, ((uint)noise.Next() & 1) | (noise.Below(4) == 0 ? 0x1_0000u : 0));
    }

    private uint Instruction(int length)
    {
        while (true)
        {
            OpcodeRow row = Rows[noise.Below(Rows.Length)];
            if (length > 1 && RunsAlone(row))
            {
                continue;
            }

            uint word = Operands(row);
            if (IsDefined(row.Mnemonic.TrimEnd('.'), word))
            {
                return word;
            }
        }
    }

    /// <summary>What QEMU is known to do differently, or what sets up later instructions beyond their limits: only judged by itself.</summary>
    private static bool RunsAlone(OpcodeRow row) =>
        row.Value >> 26 == 59 || (row.Value >> 26 == 63 && row.Mnemonic[^1] == '.') ||
        row.Mnemonic.TrimEnd('.') is "mtxer" or "mtvscr" or "mffs" or "mtfsb1" or "frsp" or "fctiw" or "fctiwz" or "fcmpo" or "fcmpu" or "fnmadd" or "fnmsub" or
            "divw" or "divwo" or "divwu" or "divwuo";

    private uint Operands(OpcodeRow row)
    {
        uint word = row.Value;
        if (row.Operands.Length == 0)
        {
            return word;
        }

        bool memory = row.Operands.Contains("d(", StringComparison.Ordinal) || (row.Operands.EndsWith("ra0,rb", StringComparison.Ordinal) && row.Value >> 26 == 31);
        bool update = row.Operands.EndsWith("d(ra)", StringComparison.Ordinal) || (row.Mnemonic[^1] == 'x' && row.Mnemonic[^2] == 'u');
        foreach (string operand in row.Operands.Split(','))
        {
            word |= operand switch
            {
                "rt" when row.Mnemonic is "lmw" => (uint)(14 + noise.Below(18)) << 21,
                "rt" when row.Mnemonic.StartsWith("lsw", StringComparison.Ordinal) => (uint)(14 + noise.Below(7)) << 21,
                "rs" when row.Mnemonic.StartsWith("stsw", StringComparison.Ordinal) => (uint)(14 + noise.Below(7)) << 21,
                "rs" when row.Mnemonic is "stmw" => (uint)(14 + noise.Below(18)) << 21,
                "rt" => (uint)Targets[noise.Below(Targets.Length)] << 21,
                "rs" => (uint)Sources[noise.Below(Sources.Length)] << 21,
                "ra" when update || memory => (uint)Base << 16,
                "ra" when row.Operands.StartsWith("ra,", StringComparison.Ordinal) => (uint)Targets[noise.Below(Targets.Length)] << 16,
                "ra" => (uint)Sources[noise.Below(Sources.Length)] << 16,
                "ra0" when memory || row.Mnemonic.EndsWith('i') && row.Mnemonic.Contains("sw", StringComparison.Ordinal) => (uint)Base << 16,
                "ra0" => (uint)Sources[noise.Below(Sources.Length)] << 16,
                "rb" when memory || update => (uint)Index << 11,
                "rb" => (uint)Sources[noise.Below(Sources.Length)] << 11,
                "d(ra0)" or "d(ra)" => ((uint)Base << 16) | (uint)(Displacement(row) & 0xffff),
                "si" or "ui" or "sis" or "uis" => noise.Integer() & 0xffff,
                "nb" => (uint)(1 + noise.Below(28)) << 11,
                "bf" => (uint)noise.Below(8) << 23,
                "bfa" => (uint)noise.Below(8) << 18,
                "u" => (uint)noise.Below(16) << 12,
                "flm" or "crm" => (uint)noise.Below(256) << (operand == "flm" ? 17 : 12),
                "shb" => (uint)noise.Below(16) << 6,
                "strm" => (uint)noise.Below(4) << 21,
                "me" => (uint)noise.Below(32) << 1,
                "frt" or "frs" or "vrt" or "vrs" or "bt" => (uint)noise.Below(32) << 21,
                "fra" or "vra" or "ba" or "uim5" or "sim5" => (uint)noise.Below(32) << 16,
                "frb" or "vrb" or "bb" or "sh" => (uint)noise.Below(32) << 11,
                "frc" or "vrc" or "mb" => (uint)noise.Below(32) << 6,
                _ => throw new InvalidOperationException($"the generator does not know operand {operand} of {row.Mnemonic}"),
            };
        }

        return word;
    }

    /// <summary>Floating point and multiples need word alignment, so everything keeps to it but single integer loads and stores without update.</summary>
    private int Displacement(OpcodeRow row) =>
        row.Mnemonic is "lbz" or "lhz" or "lha" or "lwz" or "stb" or "sth" or "stw" ? noise.Below(65) - 32 : 4 * (noise.Below(17) - 8);

    private static bool IsDefined(string mnemonic, uint word)
    {
        uint t = (word >> 21) & 31;
        uint a = (word >> 16) & 31;
        return mnemonic switch
        {
            // Nothing may enable an exception or set NI: the guest program would be killed, and results implementation-specific.
            "mtfsb1" => t is < 24 or > 29,
            "mtfsfi" => t >> 2 < 6,
            "mtfsf" => ((word >> 17) & 3) == 0,
            // FX and FR, which QEMU keeps in ways of its own.
            "mcrfs" => a >> 2 is not (0 or 3),
            "vspltb" => a < 16,
            "vsplth" => a < 8,
            "vspltw" => a < 4,
            _ => true,
        };
    }
}
