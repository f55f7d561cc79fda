namespace Firmament.PowerPC.Isa;

/// <summary>
/// Decodes instruction words for one CPU model. The primary opcode chooses a table; opcodes 4, 19, 31, 59, 60 and 63 have one indexed by
/// bits 21:31. A cell holds the rows that can match there, most specific line first, so a decode is one or two compares.
/// </summary>
public sealed class Decoder
{
    private readonly Opcode[]?[] _cells = new Opcode[]?[64 * 2048];

    /// <summary>Builds the tables for a CPU with these features.</summary>
    public Decoder(CpuFeatures features)
    {
        foreach (ref readonly OpcodeRow row in OpcodeTable.Rows.AsSpan(1))
        {
            if ((row.Feature & ~features) != 0)
            {
                continue;
            }

            uint primary = row.Value >> 26;
            uint lowMask = row.Mask & 0x7ff;
            uint lowValue = row.Value & 0x7ff;
            if (!HasExtended(primary))
            {
                Add((primary << 11), row.Opcode);
                continue;
            }

            for (uint low = 0; low < 2048; low++)
            {
                if ((low & lowMask) == lowValue)
                {
                    Add((primary << 11) | low, row.Opcode);
                }
            }
        }
    }

    /// <summary>The encoding of an instruction word, <see cref="Opcode.Illegal"/> when this CPU has none.</summary>
    public Opcode Find(uint word)
    {
        uint primary = word >> 26;
        Opcode[]? cell = _cells[HasExtended(primary) ? (primary << 11) | (word & 0x7ff) : primary << 11];
        if (cell != null)
        {
            foreach (Opcode opcode in cell)
            {
                ref readonly OpcodeRow row = ref OpcodeTable.Row(opcode);
                if ((word & row.Mask) == row.Value)
                {
                    return opcode;
                }
            }
        }

        return Opcode.Illegal;
    }

    /// <summary>Decodes a word's operands into <paramref name="insn"/>; the handler, run length and index are the engine's.</summary>
    public Opcode Decode(uint word, ref Insn insn)
    {
        Opcode opcode = Find(word);
        ref readonly OpcodeRow row = ref OpcodeTable.Row(opcode);
        insn.Word = word;
        insn.Opcode = opcode;
        insn.T = (byte)((word >> 21) & 31);
        insn.A = (byte)((word >> 16) & 31);
        insn.B = (byte)((word >> 11) & 31);
        insn.C = (byte)((word >> 6) & 31);
        if (insn.A == 0 && (row.Flags & OpcodeFlags.RaOrZero) != 0)
        {
            insn.A = State.CpuState.ZeroRegister;
        }

        if ((row.Flags & (OpcodeFlags.WideT | OpcodeFlags.WideA | OpcodeFlags.WideB | OpcodeFlags.WideC | OpcodeFlags.WideTQ)) != 0)
        {
            Widen(word, row.Flags, ref insn);
        }

        insn.Imm = row.Immediate switch
        {
            ImmediateKind.Signed16 => (short)word,
            ImmediateKind.Signed14 => (short)(word & 0xfffc),
            ImmediateKind.Signed12 => (short)(word & 0xfff0),
            ImmediateKind.Unsigned16 => (ushort)word,
            ImmediateKind.Shifted16 => (int)(word << 16),
            ImmediateKind.Branch24 => (int)((word & 0x03ff_fffc) << 6) >> 6,
            ImmediateKind.Branch14 => (short)(word & 0xfffc),
            ImmediateKind.Mask => (int)Mask32((int)(word >> 6) & 31, (int)(word >> 1) & 31),
            ImmediateKind.Spr => (int)(((word >> 16) & 31) | ((word >> 6) & 0x3e0)),
            ImmediateKind.CrMask => (int)(word >> 12) & 0xff,
            ImmediateKind.Level => (int)(word >> 5) & 0x7f,
            _ => 0,
        };
        if (row.Immediate == ImmediateKind.Branch14 || word >> 26 == 19)
        {
            insn.CrMask = (byte)(8 >> (insn.A & 3));
        }

        if (row.Immediate is ImmediateKind.Rotate64 or ImmediateKind.Shift64)
        {
            insn.B |= (byte)((word & 2) << 4);
        }

        if (row.Immediate is ImmediateKind.Rotate64 or ImmediateKind.RotateBy64)
        {
            insn.C |= (byte)(word & 0x20);
        }

        if (row.Immediate == ImmediateKind.Mask)
        {
            insn.CrMask = (byte)(((word >> 6) & 31) > ((word >> 1) & 31) ? 1 : 0);
        }

        if (row.Immediate == ImmediateKind.Branch14)
        {
            insn.B = (byte)(insn.A >> 2);
        }

        return opcode;
    }

    /// <summary>MASK(mb, me) over 32 bits: ones from bit mb to bit me, wrapping when mb &gt; me.</summary>
    internal static uint Mask32(int mb, int me)
    {
        uint fromMb = uint.MaxValue >> mb;
        uint toMe = uint.MaxValue << (31 - me);
        return mb <= me ? fromMb & toMe : fromMb | toMe;
    }

    /// <summary>VSX register numbers of 6 bits: the sixth stands in the word's last bits. Power ISA 2.07B Book I 1.6.</summary>
    private static void Widen(uint word, OpcodeFlags flags, ref Insn insn)
    {
        insn.T |= (flags & OpcodeFlags.WideT) != 0 ? (byte)((word & 1) << 5) : (byte)0;
        insn.T |= (flags & OpcodeFlags.WideTQ) != 0 ? (byte)((word & 8) << 2) : (byte)0;
        insn.A |= (flags & OpcodeFlags.WideA) != 0 ? (byte)((word & 4) << 3) : (byte)0;
        insn.B |= (flags & OpcodeFlags.WideB) != 0 ? (byte)((word & 2) << 4) : (byte)0;
        insn.C |= (flags & OpcodeFlags.WideC) != 0 ? (byte)((word & 8) << 2) : (byte)0;
    }

    private static bool HasExtended(uint primary) => primary is 4 or 19 or 31 or 59 or 60 or 63;

    private void Add(uint cell, Opcode opcode) => _cells[cell] = [.. _cells[cell] ?? [], opcode];
}
