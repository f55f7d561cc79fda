using Firmament.PowerPC.Isa;

namespace Firmament.PowerPC.Translator;

/// <summary>A storage access at a displacement from a register, without update: what access groups are made of.</summary>
/// <param name="Size">Bytes; 0 for any other instruction.</param>
/// <param name="Write">A store.</param>
internal readonly unsafe record struct AccessShape(int Size, bool Write)
{
    private const byte TargetT = 1;
    private const byte TargetA = 2;
    private static readonly AccessShape[] Shapes = Table();
    private static readonly byte[] Targets = TargetTable();

    /// <summary>The shape of an instruction. lmw and stmw are one access of all their words.</summary>
    public static AccessShape Of(Insn* insn) => insn->Opcode switch
    {
        Opcode.Lmw => new AccessShape(MultipleBytes(insn), false),
        Opcode.Stmw => new AccessShape(MultipleBytes(insn), true),
        Opcode opcode => Shapes[(int)opcode],
    };

    /// <summary>True unless it is certain that an instruction leaves a general register as it is.</summary>
    public static bool MayChange(Insn* insn, int gpr)
    {
        if (insn->Opcode == Opcode.Lmw)
        {
            return gpr >= insn->T;
        }

        byte targets = Targets[(int)insn->Opcode];
        return ((targets & TargetT) != 0 && insn->T == gpr) || ((targets & TargetA) != 0 && insn->A == gpr);
    }

    private static int MultipleBytes(Insn* insn) => 4 * (32 - insn->T);

    /// <summary>RT is the target of all but stores, which have "rs" there. RA without a zero may be: of logical instructions and update forms.</summary>
    private static byte[] TargetTable()
    {
        byte[] targets = new byte[OpcodeTable.Rows.Length];
        foreach (ref readonly OpcodeRow row in OpcodeTable.Rows.AsSpan())
        {
            foreach (string operand in row.Operands.Split(','))
            {
                targets[(int)row.Opcode] |= operand switch { "rt" => TargetT, "ra" or "d(ra)" or "ds(ra)" or "dq(ra)" => TargetA, _ => 0 };
            }
        }

        return targets;
    }

    private static AccessShape[] Table()
    {
        AccessShape[] shapes = new AccessShape[OpcodeTable.Rows.Length];
        foreach ((Opcode opcode, int size, bool write) in ((Opcode, int, bool)[])
            [
                (Opcode.Lbz, 1, false), (Opcode.Lhz, 2, false), (Opcode.Lha, 2, false), (Opcode.Lwz, 4, false), (Opcode.Lwa, 4, false), (Opcode.Ld, 8, false),
                (Opcode.Stb, 1, true), (Opcode.Sth, 2, true), (Opcode.Stw, 4, true), (Opcode.Std, 8, true),
            ])
        {
            shapes[(int)opcode] = new AccessShape(size, write);
        }

        return shapes;
    }
}
