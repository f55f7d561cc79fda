using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Translator.X64;

namespace Firmament.PowerPC.Translator;

// Bitwise operations and selects. Power ISA 2.07B Book I 6.9.3, 6.8.5, 7.6.1.
internal static unsafe partial class VectorEmissions
{
    private static void AddLogical()
    {
        Vector(Opcode.Vand, &Binary, PackedOperation.Pand);
        Vector(Opcode.Vandc, &Swapped, PackedOperation.Pandn);
        Vector(Opcode.Vor, &Or, PackedOperation.Por);
        Vector(Opcode.Vxor, &ExclusiveOr, PackedOperation.Pxor);
        Vector(Opcode.Vnor, &Complemented, PackedOperation.Por);
        Vector(Opcode.Vnand, &Complemented, PackedOperation.Pand);
        Vector(Opcode.Veqv, &Complemented, PackedOperation.Pxor);
        Vector(Opcode.Vorc, &OrComplement);
        Vector(Opcode.Vsel, &Select);
        VectorScalar(Opcode.Xxland, &Binary, PackedOperation.Pand);
        VectorScalar(Opcode.Xxlandc, &Swapped, PackedOperation.Pandn);
        VectorScalar(Opcode.Xxlor, &Or, PackedOperation.Por);
        VectorScalar(Opcode.Xxlxor, &ExclusiveOr, PackedOperation.Pxor);
        VectorScalar(Opcode.Xxlnor, &Complemented, PackedOperation.Por);
        VectorScalar(Opcode.Xxlnand, &Complemented, PackedOperation.Pand);
        VectorScalar(Opcode.Xxleqv, &Complemented, PackedOperation.Pxor);
        VectorScalar(Opcode.Xxlorc, &OrComplement);
        VectorScalar(Opcode.Xxsel, &Select);
    }

    /// <summary>Or; of a register with itself, a move.</summary>
    private static void Or(VectorEmission v)
    {
        v.Load(X0, v.First);
        if (v.Insn.A != v.Insn.B)
        {
            v.Apply(PackedOperation.Por, X0, X0, v.Second);
        }

        v.Store(X0);
    }

    /// <summary>Exclusive or; of a register with itself, zero.</summary>
    private static void ExclusiveOr(VectorEmission v)
    {
        if (v.Insn.A == v.Insn.B)
        {
            v.Zero(X0);
            v.Store(X0);
            return;
        }

        Binary(v);
    }

    private static void Complemented(VectorEmission v)
    {
        v.Load(X0, v.First);
        v.Apply(v.Operation, X0, X0, v.Second);
        v.Invert(X0, X1);
        v.Store(X0);
    }

    private static void OrComplement(VectorEmission v)
    {
        if (v.Insn.A == v.Insn.B)
        {
            v.Apply(PackedOperation.Pcmpeqd, X0, X0, X0);
            v.Store(X0);
            return;
        }

        v.Load(X0, v.Second);
        v.Invert(X0, X1);
        v.Apply(PackedOperation.Por, X0, X0, v.First);
        v.Store(X0);
    }

    /// <summary>Bits of the second where the third has ones, else of the first.</summary>
    private static void Select(VectorEmission v)
    {
        v.Load(X0, v.Third);
        v.Apply(PackedOperation.Pand, X1, X0, v.Second);
        v.Apply(PackedOperation.Pandn, X0, X0, v.First);
        v.Apply(PackedOperation.Por, X0, X0, X1);
        v.Store(X0);
    }
}
