using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;
using Firmament.PowerPC.Translator.X64;

namespace Firmament.PowerPC.Translator;

/// <summary>
/// Vector instructions on integers and bits, emitted by hand: what Leaf/Vector and Leaf/Vsx compute, in host vector instructions. An instruction
/// has a shape, the function that emits it, and the host operation in which those of one shape differ.
/// </summary>
/// <remarks>
/// Registers are held with their bytes reversed (see <see cref="CpuState.Vsr"/>), so host operations on elements are what they should be, and "high"
/// in the manual is the host's upper half. Measured on a Zen 5: a call of the handler takes 10 to 20 ns, most of these 1 ns.
/// Not here: quadword and decimal arithmetic, sums across, some bit counts, vrlwmi and its like, inserts; their handlers are called.
/// </remarks>
internal static unsafe partial class VectorEmissions
{
    private const XmmRegister X0 = XmmRegister.Xmm0;
    private const XmmRegister X1 = XmmRegister.Xmm1;
    private const XmmRegister X2 = XmmRegister.Xmm2;
    private const XmmRegister X3 = XmmRegister.Xmm3;
    private const XmmRegister X4 = XmmRegister.Xmm4;
    private const XmmRegister X5 = XmmRegister.Xmm5;

    private const int VectorBank = 32;

    private static readonly Shape[] Shapes = new Shape[OpcodeTable.Rows.Length];

    /// <summary>Adds these emissions to a table by opcode, as far as this host has the instructions.</summary>
    public static void AddTo(delegate*<ref DirectEmitter, Insn*, void>[] table)
    {
        if (!HostProcessor.HasVectors)
        {
            return;
        }

        AddLogical();
        AddArithmetic();
        AddSaturating();
        AddCompares();
        AddShifts();
        AddPermutes();
        AddPacks();
        AddBits();
        AddCryptography();
        AddMoves();
        AddElements();
        for (int opcode = 0; opcode < Shapes.Length; opcode++)
        {
            if (Shapes[opcode].Emit != null)
            {
                table[opcode] = &Emit;
            }
        }
    }

    private static void Emit(ref DirectEmitter e, Insn* p)
    {
        Shape shape = Shapes[(int)p->Opcode];
        e.RequireFacility(shape.Facility);
        shape.Emit(new VectorEmission(e.Target, p, shape.Bank, shape.Operation));
    }

    /// <summary>An instruction of the vector facility.</summary>
    private static void Vector(Opcode opcode, delegate*<VectorEmission, void> emit, PackedOperation operation = PackedOperation.None) =>
        Shapes[(int)opcode] = new Shape(emit, operation, VectorBank, MsrBits.Vec);

    /// <summary>An instruction of VSX.</summary>
    private static void VectorScalar(Opcode opcode, delegate*<VectorEmission, void> emit, PackedOperation operation = PackedOperation.None) =>
        Shapes[(int)opcode] = new Shape(emit, operation, 0, MsrBits.Vsx);

    /// <summary>VRT = VRA op VRB.</summary>
    private static void Binary(VectorEmission v)
    {
        v.Load(X0, v.First);
        v.Apply(v.Operation, X0, X0, v.Second);
        v.Store(X0);
    }

    /// <summary>VRT = VRB op VRA.</summary>
    private static void Swapped(VectorEmission v)
    {
        v.Load(X0, v.Second);
        v.Apply(v.Operation, X0, X0, v.First);
        v.Store(X0);
    }

    private readonly struct Shape(delegate*<VectorEmission, void> emit, PackedOperation operation, byte bank, ulong facility)
    {
        public readonly delegate*<VectorEmission, void> Emit = emit;
        public readonly PackedOperation Operation = operation;
        public readonly byte Bank = bank;
        public readonly ulong Facility = facility;
    }
}
