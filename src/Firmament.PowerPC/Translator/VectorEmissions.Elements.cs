using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;
using Firmament.PowerPC.Translator.X64;

namespace Firmament.PowerPC.Translator;

// Elements to and from general registers, and from place to place. Power ISA 3.0B Book I 6.8.7, 7.6.1. An element that would reach past byte 15
// is undefined: the handler wraps it around.
internal static unsafe partial class VectorEmissions
{
    private static void AddElements()
    {
        Vector(Opcode.Vclzlsbb, &CountLeadingBytes);
        Vector(Opcode.Vctzlsbb, &CountTrailingBytes);
        Vector(Opcode.Vextublx, &ByteFromLeft);
        Vector(Opcode.Vextuhlx, &HalfwordFromLeft);
        Vector(Opcode.Vextuwlx, &WordFromLeft);
        Vector(Opcode.Vextubrx, &ByteFromRight);
        Vector(Opcode.Vextuhrx, &HalfwordFromRight);
        Vector(Opcode.Vextuwrx, &WordFromRight);
        Vector(Opcode.Vextractub, &ExtractByte);
        Vector(Opcode.Vextractuh, &ExtractHalfword);
        Vector(Opcode.Vextractuw, &ExtractWord);
        Vector(Opcode.Vextractd, &ExtractDoubleword);
        Vector(Opcode.Vinsertb, &InsertByte);
        Vector(Opcode.Vinserth, &InsertHalfword);
        Vector(Opcode.Vinsertw, &InsertWord);
        Vector(Opcode.Vinsertd, &InsertDoubleword);
        VectorScalar(Opcode.Xxextractuw, &ExtractWord);
        VectorScalar(Opcode.Xxinsertw, &InsertWord);
        Move(Opcode.Mtvsrd, Opcode.MtvsrdHigh, MsrBits.Fp, &MoveDoubleword);
        Move(Opcode.Mtvsrwz, Opcode.MtvsrwzHigh, MsrBits.Fp, &MoveWord);
        Move(Opcode.Mtvsrwa, Opcode.MtvsrwaHigh, MsrBits.Fp, &MoveSignedWord);
        Move(Opcode.Mtvsrdd, Opcode.MtvsrddHigh, MsrBits.Vsx, &MoveTwoDoublewords);
        Move(Opcode.Mtvsrws, Opcode.MtvsrwsHigh, MsrBits.Vsx, &MoveSplatWord);
    }

    /// <summary>A move to VSR 0 to 31 needs a facility of its own, one to 32 to 63 the vector facility.</summary>
    private static void Move(Opcode low, Opcode high, ulong facility, delegate*<VectorEmission, void> emit)
    {
        Shapes[(int)low] = new Shape(emit, PackedOperation.None, 0, facility);
        Shapes[(int)high] = new Shape(emit, PackedOperation.None, 0, MsrBits.Vec);
    }

    /// <summary>Byte element 0 is the highest of the host's mask of 16.</summary>
    private static void CountLeadingBytes(VectorEmission v)
    {
        LowBits(v);
        v.A.LeadingZeros(HostRegister.Rax, HostRegister.Rax, false);
        v.A.Alu(AluOperation.Subtract, HostRegister.Rax, 16, false);
        SetGpr(v);
    }

    private static void CountTrailingBytes(VectorEmission v)
    {
        LowBits(v);
        v.A.Alu(AluOperation.Or, HostRegister.Rax, 1 << 16, false);
        v.A.TrailingZeros(HostRegister.Rax, HostRegister.Rax, false);
        SetGpr(v);
    }

    /// <summary>The low bits of the second operand's bytes, in rax.</summary>
    private static void LowBits(VectorEmission v)
    {
        v.Load(X0, v.Second);
        v.Shift(PackedShift.Psllw, X0, X0, 7);
        v.A.MoveMask(v.Target.Take(HostRegister.Rax), X0);
    }

    private static void ByteFromLeft(VectorEmission v) => ElementByIndex(v, 1, fromLeft: true);

    private static void HalfwordFromLeft(VectorEmission v) => ElementByIndex(v, 2, fromLeft: true);

    private static void WordFromLeft(VectorEmission v) => ElementByIndex(v, 4, fromLeft: true);

    private static void ByteFromRight(VectorEmission v) => ElementByIndex(v, 1, fromLeft: false);

    private static void HalfwordFromRight(VectorEmission v) => ElementByIndex(v, 2, fromLeft: false);

    private static void WordFromRight(VectorEmission v) => ElementByIndex(v, 4, fromLeft: false);

    private static void ElementByIndex(VectorEmission v, int size, bool fromLeft)
    {
        HostRegister index = v.Target.Take(HostRegister.Rax);
        v.Target.EvaluateInto(Emission.Gpr(v.Insn.A).Node, index);
        v.A.Alu(AluOperation.And, index, 15, false);
        if (size > 1)
        {
            v.A.Alu(AluOperation.Compare, index, 16 - size, false);
            v.A.Jump(Condition.Above, v.Target.SlowExit());
        }

        MemoryOperand element = v.Second with { Index = index };
        if (fromLeft)
        {
            v.A.Negate(index, true);
            element = v.SecondFrom(16 - size) with { Index = index };
        }

        LoadElement(v, index, element, size);
        SetGpr(v);
    }

    private static void SetGpr(VectorEmission v) => v.Target.SetGpr(v.Insn.T, Emission.Host(HostRegister.Rax).Node);

    private static void ExtractByte(VectorEmission v) => Extract(v, 1);

    private static void ExtractHalfword(VectorEmission v) => Extract(v, 2);

    private static void ExtractWord(VectorEmission v) => Extract(v, 4);

    private static void ExtractDoubleword(VectorEmission v) => Extract(v, 8);

    /// <summary>The element at byte UIM becomes doubleword 0, zero-extended.</summary>
    private static void Extract(VectorEmission v, int size)
    {
        if (!TryPlace(v, size, out int offset))
        {
            return;
        }

        LoadElement(v, HostRegister.Rax, v.SecondFrom(offset), size);
        v.A.MoveToVector(X0, HostRegister.Rax, true);
        StoreHigh(v);
    }

    private static void InsertByte(VectorEmission v) => Insert(v, 1);

    private static void InsertHalfword(VectorEmission v) => Insert(v, 2);

    private static void InsertWord(VectorEmission v) => Insert(v, 4);

    private static void InsertDoubleword(VectorEmission v) => Insert(v, 8);

    /// <summary>The lowest bytes of the second operand's doubleword 0 go to byte UIM of the result.</summary>
    private static void Insert(VectorEmission v, int size)
    {
        if (!TryPlace(v, size, out int offset))
        {
            return;
        }

        LoadElement(v, HostRegister.Rax, v.SecondFrom(8), size);
        MemoryOperand place = v.Result with { Displacement = v.Result.Displacement + offset };
        switch (size)
        {
            case 1: v.A.Store8(place, HostRegister.Rax); break;
            case 2: v.A.Store16(place, HostRegister.Rax); break;
            default: v.A.Store(place, HostRegister.Rax, size == 8); break;
        }
    }

    /// <summary>The offset of the element at byte UIM in the host's order.</summary>
    private static bool TryPlace(VectorEmission v, int size, out int offset)
    {
        offset = 16 - size - (v.Insn.A & 15);
        v.Target.Unsupported |= offset < 0;
        return offset >= 0;
    }

    private static void LoadElement(VectorEmission v, HostRegister to, MemoryOperand from, int size)
    {
        switch (size)
        {
            case 1: v.A.LoadZero8(to, from); break;
            case 2: v.A.LoadZero16(to, from); break;
            default: v.A.Load(to, from, size == 8); break;
        }
    }

    private static void MoveDoubleword(VectorEmission v)
    {
        v.A.MoveToVector(X0, Source(v), true);
        StoreHigh(v);
    }

    private static void MoveWord(VectorEmission v)
    {
        v.A.MoveToVector(X0, Source(v), false);
        StoreHigh(v);
    }

    private static void MoveSignedWord(VectorEmission v)
    {
        v.A.SignExtend32(HostRegister.Rax, Source(v));
        v.A.MoveToVector(X0, HostRegister.Rax, true);
        StoreHigh(v);
    }

    /// <summary>One store: two of a half each would not be forwarded to a load of the whole.</summary>
    private static void MoveTwoDoublewords(VectorEmission v)
    {
        v.A.MoveToVector(X1, Source(v), true);
        v.A.MoveToVector(X0, v.Target.InRegister(Emission.Gpr(v.Insn.B).Node), true);
        v.Apply(PackedOperation.Punpcklqdq, X0, X0, X1);
        v.Store(X0);
    }

    private static void MoveSplatWord(VectorEmission v)
    {
        v.A.MoveToVector(X0, Source(v), false);
        v.A.Packed(PackedOperation.Pbroadcastd, X0, X0);
        v.Store(X0);
    }

    /// <summary>RA in a register.</summary>
    private static HostRegister Source(VectorEmission v) => v.Target.InRegister(Emission.Gpr(v.Insn.A).Node);

    /// <summary>Stores the lower half of xmm0 as doubleword 0, and zero as doubleword 1.</summary>
    private static void StoreHigh(VectorEmission v)
    {
        v.Shift(PackedShift.Pslldq, X0, X0, 8);
        v.Store(X0);
    }
}
