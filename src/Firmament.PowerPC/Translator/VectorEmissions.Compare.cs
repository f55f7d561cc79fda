using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Translator.X64;

namespace Firmament.PowerPC.Translator;

// Compares of elements: ones where the relation holds, else zeros. Power ISA 2.07B Book I 6.9.2, 3.0B 6.9.3.
internal static unsafe partial class VectorEmissions
{
    /// <summary>The record bit of VC-form instructions (bit 21).</summary>
    private const uint VectorRc = 0x400;

    private static void AddCompares()
    {
        Compare(Opcode.Vcmpequb, Opcode.Vcmpequb_, &Relation, PackedOperation.Pcmpeqb);
        Compare(Opcode.Vcmpequh, Opcode.Vcmpequh_, &Relation, PackedOperation.Pcmpeqw);
        Compare(Opcode.Vcmpequw, Opcode.Vcmpequw_, &Relation, PackedOperation.Pcmpeqd);
        Compare(Opcode.Vcmpequd, Opcode.Vcmpequd_, &Relation, PackedOperation.Pcmpeqq);
        Compare(Opcode.Vcmpgtsb, Opcode.Vcmpgtsb_, &Relation, PackedOperation.Pcmpgtb);
        Compare(Opcode.Vcmpgtsh, Opcode.Vcmpgtsh_, &Relation, PackedOperation.Pcmpgtw);
        Compare(Opcode.Vcmpgtsw, Opcode.Vcmpgtsw_, &Relation, PackedOperation.Pcmpgtd);
        Compare(Opcode.Vcmpgtsd, Opcode.Vcmpgtsd_, &Relation, PackedOperation.Pcmpgtq);
        Compare(Opcode.Vcmpgtub, Opcode.Vcmpgtub_, &UnsignedGreater, PackedOperation.Pcmpeqb);
        Compare(Opcode.Vcmpgtuh, Opcode.Vcmpgtuh_, &UnsignedGreater, PackedOperation.Pcmpeqw);
        Compare(Opcode.Vcmpgtuw, Opcode.Vcmpgtuw_, &UnsignedGreater, PackedOperation.Pcmpeqd);
        Compare(Opcode.Vcmpgtud, Opcode.Vcmpgtud_, &UnsignedGreaterDoublewords);
        Compare(Opcode.Vcmpneb, Opcode.Vcmpneb_, &NotEqual, PackedOperation.Pcmpeqb);
        Compare(Opcode.Vcmpneh, Opcode.Vcmpneh_, &NotEqual, PackedOperation.Pcmpeqw);
        Compare(Opcode.Vcmpnew, Opcode.Vcmpnew_, &NotEqual, PackedOperation.Pcmpeqd);
        Compare(Opcode.Vcmpnezb, Opcode.Vcmpnezb_, &NotEqualOrZero, PackedOperation.Pcmpeqb);
        Compare(Opcode.Vcmpnezh, Opcode.Vcmpnezh_, &NotEqualOrZero, PackedOperation.Pcmpeqw);
        Compare(Opcode.Vcmpnezw, Opcode.Vcmpnezw_, &NotEqualOrZero, PackedOperation.Pcmpeqd);
        Vector(Opcode.Vmaxsd, &GreatestDoublewords);
        Vector(Opcode.Vminsd, &LeastDoublewords);
        Vector(Opcode.Vmaxud, &GreatestUnsignedDoublewords);
        Vector(Opcode.Vminud, &LeastUnsignedDoublewords);
    }

    private static void Compare(Opcode plain, Opcode record, delegate*<VectorEmission, void> emit, PackedOperation operation = PackedOperation.None)
    {
        Vector(plain, emit, operation);
        Vector(record, emit, operation);
    }

    private static void Relation(VectorEmission v)
    {
        v.Load(X0, v.First);
        v.Apply(v.Operation, X0, X0, v.Second);
        StoreTruth(v);
    }

    /// <summary>a exceeds b unless it is the minimum of both.</summary>
    private static void UnsignedGreater(VectorEmission v)
    {
        PackedOperation minimum = v.Operation switch
        {
            PackedOperation.Pcmpeqb => PackedOperation.Pminub,
            PackedOperation.Pcmpeqw => PackedOperation.Pminuw,
            _ => PackedOperation.Pminud,
        };
        v.Load(X0, v.First);
        v.Apply(minimum, X1, X0, v.Second);
        v.Apply(v.Operation, X0, X0, X1);
        v.Invert(X0, X1);
        StoreTruth(v);
    }

    private static void UnsignedGreaterDoublewords(VectorEmission v)
    {
        v.Load(X2, VectorConstant.DoublewordsSign);
        v.Apply(PackedOperation.Pxor, X0, X2, v.First);
        v.Apply(PackedOperation.Pxor, X1, X2, v.Second);
        v.Apply(PackedOperation.Pcmpgtq, X0, X0, X1);
        StoreTruth(v);
    }

    private static void NotEqual(VectorEmission v)
    {
        v.Load(X0, v.First);
        v.Apply(v.Operation, X0, X0, v.Second);
        v.Invert(X0, X1);
        StoreTruth(v);
    }

    /// <summary>Not equal, or either is zero: not (equal and the first not zero).</summary>
    private static void NotEqualOrZero(VectorEmission v)
    {
        v.Load(X0, v.First);
        v.Zero(X1);
        v.Apply(v.Operation, X1, X1, X0);
        v.Apply(v.Operation, X0, X0, v.Second);
        v.Apply(PackedOperation.Pandn, X0, X1, X0);
        v.Invert(X0, X1);
        StoreTruth(v);
    }

    /// <summary>Stores xmm0 and, with the record bit, sets CR6: 0b1000 when every element is true, 0b0010 when none is.</summary>
    private static void StoreTruth(VectorEmission v)
    {
        v.Store(X0);
        if ((v.Insn.Word & VectorRc) == 0)
        {
            return;
        }

        // rax = the mask of 16 bits; bit 16 of rax + 1 is 1 when all are set, the sign of rax - 1 when none is.
        X64Assembler a = v.A;
        a.MoveMask(HostRegister.Rax, X0);
        a.LoadAddress(HostRegister.Rcx, new MemoryOperand(HostRegister.Rax, 1), false);
        a.Shift(ShiftOperation.Right, HostRegister.Rcx, 16, false);
        a.Alu(AluOperation.Subtract, HostRegister.Rax, 1, false);
        a.Shift(ShiftOperation.Right, HostRegister.Rax, 31, false);
        a.Alu(AluOperation.Add, HostRegister.Rax, HostRegister.Rax, false);
        a.LoadAddress(HostRegister.Rax, new MemoryOperand(HostRegister.Rax, HostRegister.Rcx, 0, 3), false);
        a.Store8(StateOffset.CrField(6), HostRegister.Rax);
    }

    private static void GreatestDoublewords(VectorEmission v) => ChooseGreater(v, X0, X1, isSigned: true);

    private static void LeastDoublewords(VectorEmission v) => ChooseGreater(v, X1, X0, isSigned: true);

    private static void GreatestUnsignedDoublewords(VectorEmission v) => ChooseGreater(v, X0, X1, isSigned: false);

    private static void LeastUnsignedDoublewords(VectorEmission v) => ChooseGreater(v, X1, X0, isSigned: false);

    /// <summary>Doublewords of one register where a exceeds b, of the other elsewhere. With inverted signs unsigned numbers compare as signed ones.</summary>
    private static void ChooseGreater(VectorEmission v, XmmRegister where, XmmRegister otherwise, bool isSigned)
    {
        v.Load(X0, v.First);
        v.Load(X1, v.Second);
        if (isSigned)
        {
            v.Apply(PackedOperation.Pcmpgtq, X2, X0, X1);
        }
        else
        {
            v.Apply(PackedOperation.Pxor, X2, X0, VectorConstant.DoublewordsSign);
            v.Apply(PackedOperation.Pxor, X3, X1, VectorConstant.DoublewordsSign);
            v.Apply(PackedOperation.Pcmpgtq, X2, X2, X3);
        }

        v.Apply(PackedOperation.Pand, X3, X2, where);
        v.Apply(PackedOperation.Pandn, X2, X2, otherwise);
        v.Apply(PackedOperation.Por, X0, X2, X3);
        v.Store(X0);
    }
}
