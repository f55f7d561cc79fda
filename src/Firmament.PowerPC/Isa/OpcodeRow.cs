namespace Firmament.PowerPC.Isa;

/// <summary>One encoding: the word matches when (word &amp; Mask) == Value.</summary>
internal readonly record struct OpcodeRow(
    Opcode Opcode, string Mnemonic, uint Mask, uint Value, ImmediateKind Immediate, OpcodeFlags Flags, CpuFeatures Feature, string Operands);
