using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Translator.X64;

namespace Firmament.PowerPC.Translator;

/// <summary>One vector instruction being emitted: its operands, and short ways to the assembler.</summary>
/// <param name="emission">The translation.</param>
/// <param name="insn">The instruction.</param>
/// <param name="bank">Number of the VSR that its register 0 is: 32 for the vector facility, 0 for VSX.</param>
/// <param name="operation">The host operation, where instructions of one shape differ in it.</param>
internal readonly unsafe struct VectorEmission(Emission emission, Insn* insn, int bank, PackedOperation operation)
{
    private readonly Insn* _insn = insn;

    /// <summary>The translation.</summary>
    public Emission Target { get; } = emission;

    /// <summary>The assembler.</summary>
    public X64Assembler A => Target.A;

    /// <summary>The instruction.</summary>
    public ref readonly Insn Insn => ref *_insn;

    /// <summary>The host operation.</summary>
    public PackedOperation Operation { get; } = operation;

    /// <summary>VRT, XT.</summary>
    public MemoryOperand Result => Register(_insn->T);

    /// <summary>VRA, XA.</summary>
    public MemoryOperand First => Register(_insn->A);

    /// <summary>VRB, XB.</summary>
    public MemoryOperand Second => Register(_insn->B);

    /// <summary>VRC, XC.</summary>
    public MemoryOperand Third => Register(_insn->C);

    /// <summary>The second operand from a byte of the host's order on.</summary>
    public MemoryOperand SecondFrom(int offset) => Second with { Displacement = Second.Displacement + offset };

    /// <summary>Loads a register.</summary>
    public void Load(XmmRegister to, MemoryOperand from) => A.LoadVector(to, from);

    /// <summary>Loads a constant.</summary>
    public void Load(XmmRegister to, VectorConstant constant) => A.LoadVectorAt(to, Target.ConstantAt(constant));

    /// <summary>An operation with a constant.</summary>
    public void Apply(PackedOperation operation, XmmRegister to, XmmRegister first, VectorConstant constant) =>
        A.PackedAt(operation, to, first, Target.ConstantAt(constant));

    /// <summary>An operation with a register of the guest.</summary>
    public void Apply(PackedOperation operation, XmmRegister to, XmmRegister first, MemoryOperand second) => A.Packed(operation, to, first, second);

    /// <summary>An operation.</summary>
    public void Apply(PackedOperation operation, XmmRegister to, XmmRegister first, XmmRegister second) => A.Packed(operation, to, first, second);

    /// <summary>A shift of elements.</summary>
    public void Shift(PackedShift shift, XmmRegister to, XmmRegister from, int count) => A.Packed(shift, to, from, count);

    /// <summary>All bits zero.</summary>
    public void Zero(XmmRegister to) => A.Packed(PackedOperation.Pxor, to, to, to);

    /// <summary>All bits inverted; changes <paramref name="scratch"/>.</summary>
    public void Invert(XmmRegister register, XmmRegister scratch)
    {
        A.Packed(PackedOperation.Pcmpeqd, scratch, scratch, scratch);
        A.Packed(PackedOperation.Pxor, register, register, scratch);
    }

    /// <summary>Sets the result.</summary>
    public void Store(XmmRegister from) => A.StoreVector(Result, from);

    private MemoryOperand Register(int number) => StateOffset.Vsr(bank + number, 0);
}
