using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Translator.X64;

namespace Firmament.PowerPC.Translator;

/// <summary>
/// A comparison of registers that a branch further on can have done again, when what lies between has spent the flags: that is one fused instruction of the
/// host, where testing the stored field waits for the store.
/// </summary>
/// <param name="Index">Of the instruction in its page.</param>
/// <param name="Left">The general register on the left.</param>
/// <param name="Right">The one on the right; -1 = <paramref name="Value"/>.</param>
/// <param name="Value">The number on the right.</param>
/// <param name="Wide">Of 64 bits.</param>
internal readonly unsafe record struct Comparison(int Index, int Left, int Right, int Value, bool Wide)
{
    private static readonly HashSet<string> Harmless =
    [
        "addi", "addis", "addic", "add", "subf", "subfic", "neg", "mullw", "mulli", "or", "and", "xor", "nor", "andc", "orc", "ori", "oris", "xori", "xoris",
        "rlwinm", "rlwimi", "rlwnm", "slw", "srw", "sraw", "srawi", "extsb", "extsh", "extsw", "cntlzw", "rldicl", "rldicr", "rldic", "rldimi", "sld", "srd",
        "lbz", "lhz", "lha", "lwz", "lwa", "ld", "lbzx", "lhzx", "lhax", "lwzx", "ldx", "stb", "sth", "stw", "std", "stbx", "sthx", "stwx", "stdx",
    ];

    private static readonly bool[] KeepsConditions = Array.ConvertAll(OpcodeTable.Rows, static row => Harmless.Contains(row.Mnemonic));

    /// <summary>A comparison of two operands before they are evaluated; null where it cannot be done again.</summary>
    public static Comparison? Of(Insn* insn, OperandNode left, OperandNode right, bool wide) => (left.Kind, right.Kind) switch
    {
        (OperandKind.Gpr, OperandKind.Constant) when !wide || (long)right.Value == (int)right.Value =>
            new(insn->Index, (int)left.Value, -1, (int)right.Value, wide),
        (OperandKind.Gpr, OperandKind.Gpr) when PinnedRegisters.TryGet((int)left.Value, out _) || PinnedRegisters.TryGet((int)right.Value, out _) =>
            new(insn->Index, (int)left.Value, (int)right.Value, 0, wide),
        _ => null,
    };

    /// <summary>True when nothing before <paramref name="branch"/> can have changed the field or what was compared.</summary>
    public bool HoldsAt(Insn* branch)
    {
        for (Insn* insn = branch - (branch->Index - Index) + 1; insn < branch; insn++)
        {
            if (!KeepsConditions[(int)insn->Opcode] || AccessShape.MayChange(insn, Left) || AccessShape.MayChange(insn, Right))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Compares.</summary>
    public void Emit(X64Assembler a)
    {
        bool pinned = PinnedRegisters.TryGet(Left, out HostRegister left);
        if (Right < 0 && pinned)
        {
            a.Alu(AluOperation.Compare, left, Value, Wide);
        }
        else if (Right < 0)
        {
            a.Alu(AluOperation.Compare, StateOffset.Gpr(Left), Value, Wide);
        }
        else if (!PinnedRegisters.TryGet(Right, out HostRegister right))
        {
            a.Alu(AluOperation.Compare, left, StateOffset.Gpr(Right), Wide);
        }
        else if (pinned)
        {
            a.Alu(AluOperation.Compare, left, right, Wide);
        }
        else
        {
            a.Alu(AluOperation.Compare, StateOffset.Gpr(Left), right, Wide);
        }
    }
}
