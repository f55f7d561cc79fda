using System;
using System.Collections.Generic;
using System.Linq;

namespace Firmament.Generators;

/// <summary>One line of power.isa: an instruction's encoding, operands and flags.</summary>
internal sealed class IsaLine
{
    private IsaLine(string mnemonic, string identifier, string form, int primary, int extended, string[] operands, HashSet<string> flags, Dictionary<string, string> fields, string body, string? feature)
    {
        Mnemonic = mnemonic;
        Identifier = identifier;
        Form = form;
        Primary = primary;
        Extended = extended;
        Operands = operands;
        Flags = flags;
        Fields = fields;
        Body = body;
        Feature = feature;
    }

    public string Mnemonic { get; }

    public string Form { get; }

    public int Primary { get; }

    public int Extended { get; }

    public string[] Operands { get; }

    public HashSet<string> Flags { get; }

    /// <summary>Fields that must hold a given value.</summary>
    public Dictionary<string, string> Fields { get; }

    public string Body { get; }

    public string? Feature { get; }

    /// <summary>The mnemonic as a C# identifier, "andi." is Andi_; or what name= says.</summary>
    public string Identifier { get; }

    public bool IsLeaf => LeafOwner != null;

    /// <summary>The class whose leaf function runs this instruction, or null.</summary>
    public string? LeafOwner =>
        Flags.Contains("fp") ? "FloatingPointLeaves" : Flags.Contains("vec") ? "VectorLeaves" : Flags.Contains("vsx") ? "VsxLeaves" : Flags.Contains("dfp") ? "DecimalLeaves"
        : Flags.Contains("fx") ? "FixedPointLeaves" : null;

    /// <summary>The MSR bit that must be on, or null.</summary>
    public string? Facility =>
        Flags.Overlaps(FpFlags) ? "Fp" : Flags.Overlaps(VecFlags) ? "Vec" : Flags.Overlaps(VsxFlags) ? "Vsx" : null;

    /// <summary>The interrupt vector when <see cref="Facility"/> is off.</summary>
    public string FacilityVector => Facility switch { "Fp" => "FloatingPointUnavailable", "Vec" => "AltiVecUnavailable", _ => "VsxUnavailable" };

    private static readonly string[] FpFlags = { "fp", "fpx", "dfp" };
    private static readonly string[] VecFlags = { "vec", "vecx" };
    private static readonly string[] VsxFlags = { "vsx", "vsxx" };

    /// <summary>The record bit: 21 in the forms of vector compares, else 31.</summary>
    public int RecordBit => Form is "VC" or "XX3" ? 21 : 31;

    public static IsaLine? Parse(string text)
    {
        int comment = text.IndexOf('#');
        string[] words = (comment < 0 ? text : text.Substring(0, comment)).Split(new[] { ' ', '\t' }, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
        {
            return null;
        }

        string[] opcode = words[2].Split('/');
        HashSet<string> flags = new(words.Skip(4).Where(w => !w.Contains("=")));
        Dictionary<string, string> keyed = words.Skip(4).Where(w => w.Contains("=")).Select(w => w.Split('=')).ToDictionary(p => p[0], p => p[1]);
        keyed.TryGetValue("body", out string? body);
        keyed.TryGetValue("isa", out string? feature);
        feature ??= flags.Contains("vec") || flags.Contains("vecx") ? "AltiVec" : null;
        keyed.TryGetValue("name", out string? name);
        Dictionary<string, string> fields = keyed.Where(p => p.Key is not ("body" or "isa" or "name")).ToDictionary(p => p.Key, p => p.Value);
        return new IsaLine(
            words[0],
            name ?? Pascal(words[0]),
            words[1],
            int.Parse(opcode[0]),
            opcode.Length > 1 ? int.Parse(opcode[1]) : 0,
            words[3] == "-" ? Array.Empty<string>() : words[3].Split(','),
            flags,
            fields,
            body ?? Pascal(words[0]),
            feature);
    }

    /// <summary>The encodings of this line: one for each Rc and OE variant.</summary>
    public IEnumerable<Encoding> Encodings()
    {
        foreach (int oe in Flags.Contains("oe") ? new[] { 0, 1 } : new[] { 0 })
        {
            foreach (int rc in Flags.Contains("rc") ? new[] { 0, 1 } : new[] { 0 })
            {
                yield return new Encoding(this, oe == 1, rc == 1);
            }
        }
    }

    private static string Pascal(string mnemonic)
    {
        string name = mnemonic.Replace(".", "_");
        return char.ToUpperInvariant(name[0]) + name.Substring(1);
    }

    /// <summary>One concrete encoding: which bits are fixed, and to what.</summary>
    internal sealed class Encoding
    {
        public Encoding(IsaLine line, bool oe, bool rc)
        {
            Line = line;
            Oe = oe;
            Rc = rc;
            Set(0, 5, line.Primary);
            switch (line.Form)
            {
                case "X" or "XL" or "XFX": Set(21, 30, line.Extended); break;
                case "XO": Set(22, 30, line.Extended); break;
                case "A": Set(26, 30, line.Extended); break;
                case "VX": Set(21, 31, line.Extended); break;
                case "VA": Set(26, 31, line.Extended); break;
                case "VC": Set(22, 31, line.Extended); break;
                case "VXP": Set(21, 21, 1); Set(23, 31, line.Extended); break;
                case "XX1": Set(21, 30, line.Extended); break;
                case "XX2": Set(21, 29, line.Extended); break;
                case "XX2D": Set(21, 24, line.Extended >> 3); Set(26, 28, line.Extended); break;
                case "XX3": Set(line.Flags.Contains("rc") ? 22 : 21, 28, line.Extended); break;
                case "XX3S": Set(21, 21, 0); Set(24, 28, line.Extended); break;
                case "XX4": Set(26, 27, line.Extended); break;
                case "Z22": Set(22, 30, line.Extended); break;
                case "Z23": Set(23, 30, line.Extended); break;
                case "SC": Set(30, 30, 1); break;
                case "SCV": Set(30, 31, 1); break;
                case "MD": Set(27, 29, line.Extended); break;
                case "MDS": Set(27, 30, line.Extended); break;
                case "XS": Set(21, 29, line.Extended); break;
                case "DS": Set(30, 31, line.Extended); break;
                case "DQ": Set(29, 31, line.Extended); break;
                case "DX": Set(26, 30, line.Extended); break;
                case "D" or "B" or "I" or "M": break;
                default: throw new FormatException($"power.isa: form {line.Form} of {line.Mnemonic} is not known");
            }

            if (line.Flags.Contains("oe"))
            {
                Set(21, 21, oe ? 1 : 0);
            }

            if (line.Flags.Contains("rc"))
            {
                Set(line.RecordBit, line.RecordBit, rc ? 1 : 0);
            }

            foreach (KeyValuePair<string, string> field in line.Fields)
            {
                string[] valueAndMask = field.Value.Split('/');
                int value = int.Parse(valueAndMask[0]);
                switch (field.Key)
                {
                    case "aa": Set(30, 30, value); break;
                    case "lk" or "rc": Set(31, 31, value); break;
                    case "l": Set(10, 10, value); break;
                    case "one": Set(11, 11, value); break;
                    case "tq": Set(28, 28, value); break;
                    case "sub": Set(11, 15, value); break;
                    case "sub2": Set(11, 12, value); break;
                    case "spr": Set(11, 20, ((value & 31) << 5) | (value >> 5)); break;
                    case "bo": SetMasked(21, (uint)value, uint.Parse(valueAndMask[1])); break;
                    default: throw new FormatException($"power.isa: field {field.Key} of {line.Mnemonic} is not known");
                }
            }
        }

        public IsaLine Line { get; }

        public bool Oe { get; }

        public bool Rc { get; }

        public uint Mask { get; private set; }

        public uint Value { get; private set; }

        public string Name => Line.Identifier + (Oe ? "O" : "") + (Rc ? "_" : "");

        public string Mnemonic => Line.Mnemonic + (Oe ? "o" : "") + (Rc ? "." : "");

        private void SetMasked(int shift, uint value, uint mask)
        {
            Mask |= mask << shift;
            Value |= (value & mask) << shift;
        }

        private void Set(int first, int last, int value)
        {
            uint ones = (uint)((1L << (last - first + 1)) - 1);
            Mask |= ones << (31 - last);
            Value |= ((uint)value & ones) << (31 - last);
        }
    }
}
