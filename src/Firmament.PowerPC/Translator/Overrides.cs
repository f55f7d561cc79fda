using Firmament.PowerPC.Isa;

namespace Firmament.PowerPC.Translator;

/// <summary>Encodings with an emission made by hand, which goes before what the generator knows of them. One line for each family.</summary>
internal static unsafe class Overrides
{
    private static readonly delegate*<ref DirectEmitter, Insn*, void>[] Table = Fill();

    /// <summary>The emission of an encoding; null = it has none of its own.</summary>
    public static delegate*<ref DirectEmitter, Insn*, void> Find(Opcode opcode) => Table[(int)opcode];

    private static delegate*<ref DirectEmitter, Insn*, void>[] Fill()
    {
        delegate*<ref DirectEmitter, Insn*, void>[] table = new delegate*<ref DirectEmitter, Insn*, void>[OpcodeTable.Rows.Length];
        FixedPointEmissions.AddTo(table);
        MultipleEmissions.AddTo(table);
        VectorEmissions.AddTo(table);
        return table;
    }
}
