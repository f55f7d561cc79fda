using System.Globalization;

namespace Firmament.PowerPC.Isa;

/// <summary>Prints instruction words from the same lines of power.isa that decode them.</summary>
/// <param name="decoder">The CPU's decoder.</param>
public sealed class Disassembler(Decoder decoder)
{
    /// <summary>One instruction as text, for example "lwz r3,16(r1)"; ".long 0x…" when the CPU has no such instruction.</summary>
    /// <param name="word">The instruction word.</param>
    /// <param name="address">Its effective address, for branch targets.</param>
    public string Print(uint word, uint address)
    {
        Insn insn = default;
        Opcode opcode = decoder.Decode(word, ref insn);
        if (opcode == Opcode.Illegal)
        {
            return $".long 0x{word:x8}";
        }

        ref readonly OpcodeRow row = ref OpcodeTable.Row(opcode);
        if (row.Operands.Length == 0)
        {
            return row.Mnemonic;
        }

        return row.Mnemonic + " " + string.Join(",", row.Operands.Split(',').Select(operand => Operand(operand, word, address)));
    }

    private static string Operand(string operand, uint word, uint address)
    {
        uint t = (word >> 21) & 31;
        uint a = (word >> 16) & 31;
        uint b = (word >> 11) & 31;
        uint c = (word >> 6) & 31;
        return operand switch
        {
            "rt" or "rs" => $"r{t}",
            "frt" or "frs" => $"f{t}",
            "vrt" or "vrs" => $"v{t}",
            "bo" or "to" or "bt" => Number(t),
            "ra" => $"r{a}",
            "ra0" => a == 0 ? "0" : $"r{a}",
            "fra" => $"f{a}",
            "vra" => $"v{a}",
            "bi" or "ba" or "uim5" => Number(a),
            "sim5" => ((int)(a << 27) >> 27).ToString(CultureInfo.InvariantCulture),
            "rb" => $"r{b}",
            "frb" => $"f{b}",
            "vrb" => $"v{b}",
            "bb" or "sh" => Number(b),
            "nb" => Number(b == 0 ? 32 : b),
            "xt" or "xs" => $"vs{t | ((word & 1) << 5)}",
            "xtq" or "xsq" => $"vs{t | ((word & 8) << 2)}",
            "ds(ra0)" or "ds(ra)" => $"{(short)(word & 0xfffc)}({(a == 0 && operand == "ds(ra0)" ? "0" : $"r{a}")})",
            "dq(ra0)" or "dq(ra)" => $"{(short)(word & 0xfff0)}({(a == 0 && operand == "dq(ra0)" ? "0" : $"r{a}")})",
            "shd" => Number(b | ((word & 2) << 4)),
            "mbd" => Number(c | (word & 0x20)),
            "bc" => Number(c),
            "rc" => $"r{c}",
            "cy" => Number((word >> 9) & 3),
            "dx" => ((short)((word & 0xffc0) | ((word >> 15) & 0x3e) | (word & 1))).ToString(CultureInfo.InvariantCulture),
            "ldarn" => Number(a & 3),
            "l1" => Number(a & 1),
            "lcmp" => Number(t & 1),
            "ric" => Number((word >> 18) & 3),
            "prs" => Number((word >> 17) & 1),
            "ih" => Number(t & 7),
            "xa" => $"vs{a | ((word & 4) << 3)}",
            "xb" => $"vs{b | ((word & 2) << 4)}",
            "xc" => $"vs{c | ((word & 8) << 2)}",
            "te" => ((int)(a << 27) >> 27).ToString(CultureInfo.InvariantCulture),
            "dm" or "shw" => Number((word >> 8) & 3),
            "uim4" => Number(a & 15),
            "uim3" => Number(a & 7),
            "uim2" => Number(a & 3),
            "imm8" => Number((word >> 11) & 0xff),
            "dcmx" => Number((word >> 16) & 0x7f),
            "dcmxs" => Number(a | ((word & 4) << 3) | (word & 0x40)),
            "dcm" or "dgm" or "sh6" => Number((word >> 10) & 63),
            "sp" => Number(a >> 3),
            "s1" => Number(a >> 4),
            "r" or "w" => Number(a & 1),
            "rmc" => Number((word >> 9) & 3),
            "ps" => Number((word >> 9) & 1),
            "st" => Number(b >> 4),
            "six" => Number(b & 15),
            "l6" => Number(t >> 4),
            "drm" => Number(b & 7),
            "rm" => Number(b & 3),
            "frc" => $"f{c}",
            "vrc" => $"v{c}",
            "mb" => Number(c),
            "me" => Number((word >> 1) & 31),
            "si" or "sis" => ((short)word).ToString(CultureInfo.InvariantCulture),
            "ui" or "uis" => Number((ushort)word),
            "d(ra0)" => $"{(short)word}({(a == 0 ? "0" : $"r{a}")})",
            "d(ra)" => $"{(short)word}(r{a})",
            "bf" => $"cr{t >> 2}",
            "bfa" => $"cr{a >> 2}",
            "crm" => $"0x{(word >> 12) & 0xff:x}",
            "flm" => $"0x{(word >> 17) & 0xff:x}",
            "u" => Number((word >> 12) & 15),
            "shb" => Number((word >> 6) & 15),
            "strm" => Number(t & 3),
            "sr" => Number(a & 15),
            "lev" => Number((word >> 5) & 0x7f),
            "spr" or "tbr" => Number(a | (b << 5)),
            "li" => Hex((uint)((int)((word & 0x03ff_fffc) << 6) >> 6) + address),
            "ali" => Hex((uint)((int)((word & 0x03ff_fffc) << 6) >> 6)),
            "bd" => Hex((uint)(short)(word & 0xfffc) + address),
            "abd" => Hex((uint)(short)(word & 0xfffc)),
            _ => "?",
        };
    }

    private static string Number(uint value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Hex(uint value) => $"0x{value:x}";
}
