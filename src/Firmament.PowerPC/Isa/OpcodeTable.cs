namespace Firmament.PowerPC.Isa;

/// <summary>Finds an instruction word's encoding. The rows come from power.isa; where two match, the earlier line wins.</summary>
internal static partial class OpcodeTable
{
    /// <summary>The row of an opcode.</summary>
    public static ref readonly OpcodeRow Row(Opcode opcode) => ref Rows[(int)opcode];
}
