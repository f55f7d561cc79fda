using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Leaf.FloatingPoint;
using Firmament.PowerPC.Tests.Engine;

namespace Firmament.PowerPC.Tests.Differential;

/// <summary>
/// Makes problem-state code for 64-bit CPUs from the rows of power.isa, and states for it to run on. r3 points into the scratch memory and
/// r4 is an index; r1 belongs to the guest program. Invalid forms are avoided: what they do is nobody's to say. Whatever touches the
/// FPSCR runs alone, for its sticky bits would carry one instruction's known difference to the next.
/// </summary>
internal sealed class SequenceGenerator64
{
    private const int Base = 3;
    private const int Index = 4;

    // What only a whole machine has, or has its own test: time, system calls, random numbers, waiting, transactions; the estimates, whose
    // accuracy models differ in; branches to registers, whose values are data here; streams, which are no instructions any more.
    private static readonly HashSet<string> Left =
    [
        "mftb", "icbt", "sc", "scv", "darn", "wait", "cpabort", "hrfid", "stop", "doze", "nap", "sleep", "rvwinkle", "msgsnd", "msgclr", "msgsync",
        "tbegin.", "tend.", "tcheck", "tsr.", "tabortwc.", "tabortdc.", "tabortwci.", "tabortdci.", "tabort.", "dst", "dstst", "dss",
        "fre", "fres", "frsqrte", "frsqrtes", "vrefp", "vrsqrtefp", "vexptefp", "vlogefp", "xsredp", "xsresp", "xvredp", "xvresp",
        "xsrsqrtedp", "xsrsqrtesp", "xvrsqrtedp", "xvrsqrtesp", "b", "bl", "ba", "bla", "bca", "bcla", "blr", "bclr", "bclrl", "bcctr", "bcctrl", "bctar", "bctarl",
    ];

    private readonly Noise _noise;
    private readonly OpcodeRow[] _rows;
    private readonly OpcodeRow[] _shared;
    private readonly OpcodeRow[] _conditional;
    private OpcodeRow _first;
    private bool _aligned;

    public SequenceGenerator64(Noise noise, CpuFeatures features, bool littleEndian, string? only = null)
    {
        _noise = noise;
        _rows = [.. OpcodeTable.Rows.Skip(1).Where(row => (row.Flags & OpcodeFlags.Privileged) == 0 && (row.Feature & ~features) == 0 && !Left.Contains(row.Mnemonic.TrimEnd('.')) && !Left.Contains(row.Mnemonic))];
        if (littleEndian)
        {
            // Alignment interrupts by the architecture (3.3.5, 3.3.6); QEMU's user mode gives up on them.
            _rows = [.. _rows.Where(static row => row.Mnemonic is not ("lmw" or "stmw" or "lswi" or "lswx" or "stswi" or "stswx"))];
        }

        if (only != null)
        {
            _rows = [.. _rows.Where(row => System.Text.RegularExpressions.Regex.IsMatch(row.Mnemonic, only))];
        }

        _shared = [.. _rows.Where(static row => !RunsAlone(row))];
        
        // Without lqarx: QEMU 7.2's stqcx. never succeeds.
        _conditional = [.. _rows.Where(static row => row.Mnemonic.EndsWith("arx", StringComparison.Ordinal) && row.Mnemonic != "lqarx")];
    }

    /// <summary>How many different encodings it draws from.</summary>
    public int RowCount => _rows.Length;

    /// <summary>Fills <paramref name="code"/> with one to six instructions and nops; returns how many are real.</summary>
    public int Code(Span<uint> code)
    {
        code.Fill(0x6000_0000);
        _aligned = _noise.Below(2) == 0;
        if (_shared.Length > 0 && _noise.Below(4) == 0)
        {
            return Several(code);
        }

        _first = _rows[_noise.Below(_rows.Length)];
        _aligned |= NeedsAlignment(_first);
        code[0] = Instruction(_first);
        return 1;
    }

    public void State(StateBlock64 layout, Span<byte> block)
    {
        block.Clear();
        Flavour flavour = FlavourOf(_first);
        for (int n = 0; n < 32; n++)
        {
            layout.Write(block, 8 * n, Integer64());
        }

        for (int n = 0; n < 64; n++)
        {
            (ulong high, ulong low) = Vector(flavour);
            layout.Write(block, StateBlock64.Vsr + (16 * n), high);
            layout.Write(block, StateBlock64.Vsr + (16 * n) + 8, low);
        }

        for (int at = 0; at < StateBlock64.ScratchBytes; at += 16)
        {
            (ulong high, ulong low) = Vector(_noise.Below(2) == 0 ? Flavour.Mixed : flavour);
            layout.Write(block, StateBlock64.Scratch + at, high);
            layout.Write(block, StateBlock64.Scratch + at + 8, low);
        }

        layout.Write(block, 8, 0);
        layout.Write(block, 8 * Base, CpuRig.DataAt + 256 + (_aligned ? 0 : (ulong)_noise.Below(16)));
        layout.Write(block, 8 * Index, (ulong)(long)(_aligned ? 16 * (_noise.Below(4) - 2) : _noise.Below(64) - 32));
        layout.Write(block, StateBlock64.Cr, (uint)_noise.Next());
        layout.Write(block, StateBlock64.Xer, ((uint)_noise.Next() & 0xe00c_0000) | (uint)_noise.Below(29));
        layout.Write(block, StateBlock64.Lr, Integer64());
        layout.Write(block, StateBlock64.Ctr, _noise.Below(2) == 0 ? (ulong)_noise.Below(3) : Integer64());
        // Enables, NI and the reserved bit stay 0.
        uint fpscr = Fpscr.Summarize((uint)_noise.Next() & (_noise.Below(2) == 0 ? 0x1f_f703u | 0x9f80_0000 : 3));
        layout.Write(block, StateBlock64.Fpscr, fpscr | ((_noise.Next() & 7) << 32));
        layout.Write(block, StateBlock64.Vscr, ((uint)_noise.Next() & 1) | (_noise.Below(4) == 0 ? 0x1_0000u : 0));
    }

    private enum Flavour
    {
        Mixed,
        Decimal,
        Quad,
        Packed,
    }

    /// <summary>Rows whose effect on the FPSCR or FPRs differs in known ways: judged by themselves.</summary>
    private static bool RunsAlone(OpcodeRow row) =>
        row.Value >> 26 is 59 or 63 || (row.Value >> 26 == 60 && !row.Mnemonic.StartsWith("xx", StringComparison.Ordinal)) ||
        row.Mnemonic is "mtvscr" or "vrldmi" or "td" or "tdi" or "tw" or "twi" or "lmw" or "lswi" or "lswx" or "stmw" or "stswi" or "stswx" || NeedsAlignment(row) || row.Mnemonic.TrimEnd('.', 'o').StartsWith("div", StringComparison.Ordinal)
        || row.Mnemonic.StartsWith("mod", StringComparison.Ordinal) || row.Mnemonic.StartsWith("bcd", StringComparison.Ordinal)
        || row.Mnemonic is "stfs" or "stfsx" or "stfsu" or "stfsux" || KnownDifferences64.IsHalfTarget(row) || row.Mnemonic.StartsWith("vextu", StringComparison.Ordinal);

    private static bool NeedsAlignment(OpcodeRow row) =>
        row.Mnemonic.EndsWith("arx", StringComparison.Ordinal) || row.Mnemonic.EndsWith("cx.", StringComparison.Ordinal) || row.Mnemonic is "lq" or "stq" or "lfdp" or "lfdpx" or "stfdp" or "stfdpx";

    private static Flavour FlavourOf(OpcodeRow row) =>
        row.Mnemonic == null ? Flavour.Mixed
        : row.Mnemonic.StartsWith("bcd", StringComparison.Ordinal) ? Flavour.Packed
        : row.Mnemonic.StartsWith("denbcd", StringComparison.Ordinal) ? Flavour.Packed
        : row.Mnemonic[0] == 'd' && row.Value >> 26 is 59 or 63 ? Flavour.Decimal
        : row.Value >> 26 == 63 && row.Mnemonic[0] == 'x' ? Flavour.Quad
        : Flavour.Mixed;

    private int Several(Span<uint> code)
    {
        _first = default;
        int length = 2 + _noise.Below(5);
        if (_conditional.Length > 0 && _noise.Below(6) == 0)
        {
            // A reservation, something between, and a conditional store of the same size to the same place.
            _aligned = true;
            OpcodeRow load = _conditional[_noise.Below(_conditional.Length)];
            string store = load.Mnemonic.Replace("arx", "cx.", StringComparison.Ordinal).Replace("l", "st", StringComparison.Ordinal);
            code[0] = Instruction(load);
            code[1] = 0x7c00_0278 | (5u << 21) | (6u << 16) | (7u << 11);
            code[2] = (Instruction(_rows.Single(row => row.Mnemonic == store)) & ~0x001f_f800u) | (code[0] & 0x001f_f800);
            return 3;
        }

        for (int n = 0; n < length; n++)
        {
            code[n] = Instruction(_shared[_noise.Below(_shared.Length)]);
        }

        return length;
    }

    private uint Instruction(OpcodeRow row)
    {
        while (true)
        {
            uint word = Operands(row);
            if (IsDefined(row, word))
            {
                return word;
            }
        }
    }

    private uint Any(int at, int width) => (uint)_noise.Below(1 << width) << at;

    private uint Register(int at, bool target)
    {
        while (true)
        {
            int register = _noise.Below(32);
            if (register != 1 && (!target || register is not (Base or Index)))
            {
                return (uint)register << at;
            }
        }
    }

    private uint Operands(OpcodeRow row)
    {
        string name = row.Mnemonic;
        uint word = row.Value;
        if (row.Operands.Length == 0)
        {
            return word;
        }

        bool indexed = row.Value >> 26 == 31 && (row.Operands.EndsWith("ra0,rb", StringComparison.Ordinal) || row.Operands == "ra0,rb") && name is not ("mtvsrdd" or "isel" or "lvsl" or "lvsr");
        bool update = row.Operands.EndsWith("(ra)", StringComparison.Ordinal) || (row.Value >> 26 == 31 && name.EndsWith("ux", StringComparison.Ordinal));
        bool memory = indexed || update || row.Operands.Contains("(ra", StringComparison.Ordinal) || name is "lswi" or "stswi";
        bool pair = (row.Value >> 26 == 63 && name[0] == 'd') || name is "lfdp" or "lfdpx" or "stfdp" or "stfdpx";
        uint even = pair ? ~((1u << 21) | (1u << 16) | (1u << 11)) : uint.MaxValue;
        bool quad = name is "lq" or "stq" or "lqarx" or "stqcx.";
        foreach (string operand in row.Operands.Split(','))
        {
            uint bits = operand switch
            {
                "rt" or "rs" when quad => (uint)(6 + (2 * _noise.Below(13))) << 21,
                "rt" or "rs" when name is "lmw" or "stmw" => (uint)(14 + _noise.Below(18)) << 21,
                "rt" or "rs" when name.StartsWith("lsw", StringComparison.Ordinal) || name.StartsWith("stsw", StringComparison.Ordinal) => (uint)(5 + _noise.Below(20)) << 21,
                "rt" => Register(21, true),
                "rs" => Register(21, false),
                "ra" or "ra0" when memory => (uint)Base << 16,
                "ra" when row.Operands.StartsWith("ra,", StringComparison.Ordinal) => Register(16, true),
                "ra" or "ra0" => Register(16, false),
                "rb" when memory => (uint)Index << 11,
                "rb" => Register(11, false),
                "rc" => Register(6, false),
                "d(ra0)" or "d(ra)" => ((uint)Base << 16) | (uint)((_aligned ? 4 * (_noise.Below(17) - 8) : _noise.Below(65) - 32) & 0xffff),
                "ds(ra0)" or "ds(ra)" => ((uint)Base << 16) | (uint)((_aligned ? 16 * (_noise.Below(5) - 2) : 4 * (_noise.Below(17) - 8)) & 0xfffc),
                "dq(ra0)" or "dq(ra)" => ((uint)Base << 16) | (uint)((16 * (_noise.Below(5) - 2)) & 0xfff0),
                "si" or "ui" or "sis" or "uis" => _noise.Integer() & 0xffff,
                "nb" => (uint)(1 + _noise.Below(28)) << 11,
                "bf" => Any(23, 3),
                "bfa" => Any(18, 3),
                "u" => Any(12, 4),
                "flm" => Any(17, 8),
                "crm" => (row.Mask & 0x0010_0000) != 0 && (row.Value & 0x0010_0000) != 0 ? 1u << (12 + _noise.Below(8)) : Any(12, 8),
                "shb" => Any(6, 4),
                "me" => Any(1, 5),
                "frt" or "frs" or "vrt" or "vrs" or "bt" or "to" or "bo" => Any(21, 5),
                "fra" or "vra" or "ba" or "uim5" or "sim5" or "bi" or "te" => Any(16, 5),
                "frb" or "vrb" or "bb" or "sh" => Any(11, 5),
                "frc" or "vrc" or "mb" or "bc" => Any(6, 5),
                "xt" or "xs" => Any(21, 5) | Any(0, 1),
                "xtq" or "xsq" => Any(21, 5) | Any(3, 1),
                "xa" => Any(16, 5) | Any(2, 1),
                "xb" => Any(11, 5) | Any(1, 1),
                "xc" => Any(6, 5) | Any(3, 1),
                "shd" => Any(11, 5) | Any(1, 1),
                "mbd" => Any(6, 5) | Any(5, 1),
                // CY 1 to 3 are reserved.
                "cy" => 0,
                "dx" => Any(16, 5) | Any(6, 10) | Any(0, 1),
                "lcmp" => Any(21, 1),
                "dm" or "shw" => Any(8, 2),
                "uim4" => Any(16, 4),
                "uim3" => Any(16, 3),
                "uim2" => Any(16, 2),
                "imm8" => Any(11, 8),
                "dcmx" => Any(16, 7),
                "dcmxs" => Any(16, 5) | Any(2, 1) | Any(6, 1),
                "dcm" or "dgm" or "sh6" => Any(10, 6),
                "uim6" => Any(16, 6),
                "sp" => Any(19, 2),
                "s1" => Any(20, 1),
                "r" => Any(16, 1),
                "rmc" => Any(9, 2),
                "ps" => Any(9, 1),
                "st" => Any(15, 1),
                "w" => Any(16, 1),
                "six" => Any(11, 4),
                "l6" => 0,
                "drm" => Any(11, 3),
                "rm" => Any(11, 2),
                "spr" => Spr(),
                "bd" => (uint)(4 * (1 + _noise.Below(3))),
                _ => throw new InvalidOperationException($"the generator does not know operand {operand} of {name}"),
            };
            word |= bits & ~row.Mask & (operand is "frt" or "frs" or "fra" or "frb" or "frc" ? even : uint.MaxValue);
        }

        return word;
    }

    /// <summary>XER, LR, CTR, VRSAVE, TAR.</summary>
    private uint Spr()
    {
        uint spr = _noise.Below(5) switch { 0 => 1u, 1 => 8, 2 => 9, 3 => 256, _ => 815 };
        return ((spr & 31) << 16) | ((spr >> 5) << 11);
    }

    private static bool IsDefined(OpcodeRow row, uint word)
    {
        string mnemonic = row.Mnemonic.TrimEnd('.');
        uint t = (word >> 21) & 31;
        uint a = (word >> 16) & 31;
        return mnemonic switch
        {
            // Nothing may enable an exception or set NI: QEMU's user mode ends the program, and non-IEEE results are the implementation's.
            "mtfsb1" => t is < 24 or > 29,
            "mtfsfi" => (word & 0x0001_0000) != 0 || t >> 2 < 6,
            "mtfsf" => (word & 0x0001_0000) != 0 ? ((word >> 17) & 0xff) == 1 : ((word >> 17) & 3) == 0,
            // FX and FR, which QEMU keeps in ways of its own.
            "mcrfs" => a >> 2 is not (0 or 3),
            "vspltb" => a < 16,
            "vsplth" => a < 8,
            "vspltw" => a < 4,
            "vextractub" or "vinsertb" => a < 16,
            "vextractuh" or "vinserth" => a <= 14,
            "vextractuw" or "vinsertw" or "xxextractuw" or "xxinsertw" => a <= 12,
            "vextractd" or "vinsertd" => a <= 8,
            // The count is XER's; RA and RB must not be in the range written.
            "lswx" or "lswi" => true,
            // A BO with a reserved z bit.
            "bc" or "bcl" => t is 0 or 2 or 4 or 6 or 7 or 8 or 10 or 12 or 14 or 15 or 16 or 18 or 20 or 24 or 25 or 26 or 27,
            "mtspr" => ((word >> 16) & 31) != 1 || true,
            _ => true,
        };
    }

    private ulong Integer64() => _noise.Below(5) switch
    {
        0 => (ulong)(int)_noise.Integer(),
        1 => _noise.Integer(),
        2 => ((ulong)_noise.Integer() << 32) | _noise.Integer(),
        3 => 1UL << _noise.Below(64),
        _ => (_noise.Below(3) == 0 ? ulong.MaxValue : _noise.Next()) >> _noise.Below(64),
    } ^ (_noise.Below(8) == 0 ? ulong.MaxValue : 0);

    private (ulong High, ulong Low) Vector(Flavour flavour) => flavour switch
    {
        Flavour.Decimal => Decimal(),
        Flavour.Quad => _noise.Below(4) == 0 ? Mixed() : Quad(),
        Flavour.Packed => _noise.Below(6) == 0 ? Mixed() : Packed(),
        _ => Mixed(),
    };

    private (ulong High, ulong Low) Mixed() => _noise.Below(6) switch
    {
        0 or 1 => (_noise.Double(), _noise.Double()),
        2 or 3 => (((ulong)_noise.Single() << 32) | _noise.Single(), ((ulong)_noise.Single() << 32) | _noise.Single()),
        4 => (Integer64(), Integer64()),
        _ => (_noise.Next(), _noise.Next()),
    };

    /// <summary>The same value serves as a 64-bit operand, as half of a pair, and as an integer.</summary>
    private (ulong High, ulong Low) Decimal()
    {
        ulong value = _noise.Below(8) switch
        {
            0 => _noise.Next(),
            1 => Integer64(),
            2 => (_noise.Next() & 0x8200_0000_0000_0000) | 0x7800_0000_0000_0000 | (uint)_noise.Below(1024),
            3 => (_noise.Next() & 0x8000_0000_0000_0000) | ((ulong)(uint)_noise.Below(3) << 61) | ((ulong)(uint)_noise.Below(4) << 50),
            _ => (_noise.Next() & 0x8000_0000_0000_0000) | ((ulong)(uint)(8 | _noise.Below(8)) << 58) | ((ulong)(uint)((398 + _noise.Below(24) - 12) & 0xff) << 50) |
                (_noise.Next() >> (14 + _noise.Below(50))),
        };
        return (value, Integer64());
    }

    private (ulong High, ulong Low) Quad()
    {
        ulong sign = _noise.Next() & 0x8000_0000_0000_0000;
        ulong low = _noise.Below(3) == 0 ? 0 : _noise.Next();
        ulong fraction = _noise.Below(3) == 0 ? 0 : _noise.Next() >> 16;
        ulong exponent = _noise.Below(8) switch
        {
            0 => 0,
            1 => 0x7fff,
            2 => (ulong)_noise.Below(0x8000),
            3 => 0x3fff,
            4 => (ulong)(0x3fff + _noise.Below(130)),
            5 => (ulong)(_noise.Below(2) == 0 ? 1 + _noise.Below(120) : 0x7ffe - _noise.Below(3)),
            6 => (ulong)(0x3c01 - 60 + _noise.Below(100)),
            _ => (ulong)(0x3fff - 8 + _noise.Below(16)),
        };
        return (sign | (exponent << 48) | fraction, low);
    }

    private (ulong High, ulong Low) Packed()
    {
        UInt128 value = 0;
        int digits = _noise.Below(32);
        for (int n = 0; n < digits; n++)
        {
            value = (value << 4) | (uint)(_noise.Below(4) == 0 ? 9 : _noise.Below(10));
        }

        if (_noise.Below(4) == 0)
        {
            // Zoned or national: a digit in each byte or halfword.
            ulong zoned = 0x3030_3030_3030_3030 | (_noise.Next() & 0x0707_0707_0707_0707);
            return _noise.Below(2) == 0 ? (zoned, (zoned & ~0xf0ul) | ((ulong)_noise.Below(16) << 4)) : (zoned & 0x000f_000f_000f_000f | 0x0030_0030_0030_0030, 0x0030_0030_0030_002bul + (2 * (uint)_noise.Below(2)));
        }

        value = (value << 4) | (uint)(_noise.Below(5) == 0 ? _noise.Below(16) : 10 + _noise.Below(6));
        return ((ulong)(value >> 64), (ulong)value);
    }
}
