using Firmament.PowerPC.Isa;

namespace Firmament.PowerPC.Translator;

/// <summary>How each encoding is translated; the generator fills it from power.isa.</summary>
internal static unsafe partial class EmitterTable
{
    private static readonly delegate*<ref DirectEmitter, Insn*, void>[] Emitters = new delegate*<ref DirectEmitter, Insn*, void>[OpcodeTable.Rows.Length];

    /// <summary>What becomes of an encoding.</summary>
    public enum Kind : byte
    {
        /// <summary>Its handler is called.</summary>
        Handler,

        /// <summary>Its handler is called, which touches no general register.</summary>
        LightLeaf,

        /// <summary>Its semantics are emitted.</summary>
        Semantics,
    }

    /// <summary>How an encoding is translated.</summary>
    /// <param name="opcode">The encoding.</param>
    /// <param name="emit">Emits its semantics, where that is how.</param>
    public static Kind Find(Opcode opcode, out delegate*<ref DirectEmitter, Insn*, void> emit)
    {
        emit = Overrides.Find(opcode);
        if (emit != null)
        {
            return Kind.Semantics;
        }

        Kind kind = Kinds[(int)opcode];
        if (kind == Kind.Semantics && Emitters[(int)opcode] == null)
        {
            FillGroup((int)opcode / OpcodeGroup, Emitters);
        }

        emit = Emitters[(int)opcode];
        return kind;
    }
}
