using System.Runtime.InteropServices;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Isa;

/// <summary>
/// One decoded instruction. All PowerPC forms keep their register operands in the same four 5-bit positions, so the decoder
/// fills four bytes by position and one immediate by form; semantics read them by their ISA names. VSX register numbers are whole
/// here: 0 to 63.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct Insn
{
    /// <summary>The interpreter's function for this instruction; it returns the next instruction to run, or null.</summary>
    public delegate*<CpuState*, Insn*, Insn*> Handler;

    /// <summary>The instruction word.</summary>
    public uint Word;

    /// <summary>The form's immediate, sign-extended or prepared (branch displacement, rotate mask, CR mask, SPR number).</summary>
    public int Imm;

    /// <summary>Bits 6:10: RT, RS, FRT, VRT, BO, TO, BF·4…</summary>
    public byte T;

    /// <summary>Bits 11:15: RA, FRA, VRA, BI. Where the form reads (RA|0) and RA is 0: <see cref="CpuState.ZeroRegister"/>.</summary>
    public byte A;

    /// <summary>Bits 16:20: RB, FRB, VRB, SH.</summary>
    public byte B;

    /// <summary>Bits 21:25: RC, FRC, VRC, MB.</summary>
    public byte C;

    /// <summary>Instructions from this one to the end of its straight-line run, itself included; 0 = not decoded yet.</summary>
    public ushort RunLength;

    /// <summary>Index of the instruction in its page, 0 to 1023.</summary>
    public ushort Index;

    /// <summary>The encoding, for the slow path.</summary>
    public Opcode Opcode;

    /// <summary>Of a conditional branch: the CR bit BI as a mask within its field, whose number is in <see cref="B"/>.
    /// Of a rotate with mask: 1 when the mask wraps.</summary>
    public byte CrMask;

    /// <summary>The engine's: how often a run was entered here (low 7 bits), and whether a branch is known to lead here (bit 7).</summary>
    public byte Heat;

    /// <summary>The engine's: where the translated code of a run that starts here is; 0 = there is none.</summary>
    public uint Native;

    /// <summary>RT.</summary>
    public readonly int Rt => T;
    /// <summary>RS.</summary>
    public readonly int Rs => T;
    /// <summary>RA, or <see cref="CpuState.ZeroRegister"/>.</summary>
    public readonly int Ra => A;
    /// <summary>RB.</summary>
    public readonly int Rb => B;
    /// <summary>FRT.</summary>
    public readonly int Frt => T;
    /// <summary>FRS.</summary>
    public readonly int Frs => T;
    /// <summary>VRT.</summary>
    public readonly int Vrt => T;
    /// <summary>VRS.</summary>
    public readonly int Vrs => T;
    /// <summary>BO.</summary>
    public readonly int Bo => T;
    /// <summary>BI.</summary>
    public readonly int Bi => A;
    /// <summary>TO.</summary>
    public readonly int To => T;
    /// <summary>SH.</summary>
    public readonly int Sh => B;

    /// <summary>Target CR field.</summary>
    public readonly int Bf => T >> 2;

    /// <summary>Source CR field.</summary>
    public readonly int Bfa => A >> 2;

    /// <summary>True when the record bit (31) is set. For leaf functions; generated handlers know it at compile time.</summary>
    public readonly bool Rc => (Word & 1) != 0;
}
