using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Tests.Vector;

/// <summary>One row of the tests' dispatcher: an encoding and the leaf that runs it.</summary>
internal sealed unsafe class VectorLeaf(
    string name, VectorForm form, uint extendedOpcode, delegate*<CpuState*, Insn*, void> leaf)
{
    public string Name => name;

    public VectorForm Form => form;

    public bool Matches(uint word) => word >> 26 == 4 && (word & (uint)form) == extendedOpcode;

    /// <summary>The word with these operand fields; <paramref name="c"/> is VRC, or for VC form the record bit.</summary>
    public uint Encode(int t, int a, int b, int c)
    {
        uint middle = form switch
        {
            VectorForm.VA => (uint)c << 6,
            VectorForm.VC => (uint)(c & 1) << 10,
            _ => 0,
        };
        return (4u << 26) | ((uint)t << 21) | ((uint)a << 16) | ((uint)b << 11) | middle | extendedOpcode;
    }

    /// <summary>Decodes the operand fields as the engine does, and runs the leaf.</summary>
    public void Run(CpuState* state, uint word)
    {
        Insn insn = default;
        insn.Word = word;
        insn.T = (byte)((word >> 21) & 31);
        insn.A = (byte)((word >> 16) & 31);
        insn.B = (byte)((word >> 11) & 31);
        insn.C = (byte)((word >> 6) & 31);
        leaf(state, &insn);
    }
}
