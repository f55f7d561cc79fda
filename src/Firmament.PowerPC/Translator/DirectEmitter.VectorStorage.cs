using Firmament.PowerPC.Semantics;
using Firmament.PowerPC.State;
using Firmament.PowerPC.Translator.X64;

namespace Firmament.PowerPC.Translator;

/// <summary>
/// Vector and vector-scalar loads and stores, and block clearing. A register's bytes lie as those of a little-endian number, so a big-endian
/// quadword is turned around whole. Sources: AltiVec PEM 6.2, Power ISA 3.0B Book I 6.7 and 7.6.
/// </summary>
internal readonly unsafe partial struct DirectEmitter
{
    // Shuffles of words by immediate, the lowest first.
    private const int SwapHalves = 0x4e;
    private const int ReverseWords = 0x1b;

    /// <summary>The translation this emits into.</summary>
    public Emission Target => _e;

    public bool ZeroBlock(Operand ea)
    {
        if (!HostProcessor.HasVectors)
        {
            return RefuseStorage();
        }

        int block = Wide ? 128 : 32;
        AlignedAddress(ea, block);
        _e.LookUp(1, write: true);
        _e.LoadAddend();
        // Writing xmm0 clears ymm0.
        A.Packed(PackedOperation.Pxor, XmmRegister.Xmm0, XmmRegister.Xmm0, XmmRegister.Xmm0);
        for (int at = 0; at < block; at += 32)
        {
            A.StoreWideVector(Storage with { Displacement = at }, XmmRegister.Xmm0);
        }

        return true;
    }

    public bool LoadVr(int vrt, Operand ea, int size)
    {
        if (!HostProcessor.HasVectors)
        {
            return RefuseStorage();
        }

        AlignedAddress(ea, size);
        _e.LookUp(1, write: false);
        _e.LoadAddend();
        if (size == 16)
        {
            A.LoadVector(XmmRegister.Xmm0, Storage);
            ReverseUnlessLittle();
            A.StoreVector(StateOffset.Vsr(32 + vrt, 0), XmmRegister.Xmm0);
            return true;
        }

        LoadScalar(size);
        ElementOffset(HostRegister.Rax, size);
        MemoryOperand element = StateOffset.Vsr(32 + vrt, 0) with { Index = HostRegister.Rax };
        switch (size)
        {
            case 1: A.Store8(element, HostRegister.Rdx); break;
            case 2: A.Store16(element, HostRegister.Rdx); break;
            default: A.Store(element, HostRegister.Rdx, false); break;
        }

        return true;
    }

    public bool StoreVr(int vrs, Operand ea, int size)
    {
        if (!HostProcessor.HasVectors)
        {
            return RefuseStorage();
        }

        AlignedAddress(ea, size);
        _e.LookUp(1, write: true);
        _e.LoadAddend();
        if (size == 16)
        {
            A.LoadVector(XmmRegister.Xmm0, StateOffset.Vsr(32 + vrs, 0));
            ReverseUnlessLittle();
            A.StoreVector(Storage, XmmRegister.Xmm0);
            return true;
        }

        A.Move(HostRegister.Rdx, HostRegister.Rax, false);
        ElementOffset(HostRegister.Rdx, size);
        MemoryOperand element = StateOffset.Vsr(32 + vrs, 0) with { Index = HostRegister.Rdx };
        switch (size)
        {
            case 1: A.LoadZero8(HostRegister.Rdx, element); break;
            case 2: A.LoadZero16(HostRegister.Rdx, element); break;
            default: A.Load(HostRegister.Rdx, element, false); break;
        }

        StoreFrom(HostRegister.Rdx, size);
        return true;
    }

    /// <summary>lvsl: 15 - n + sh in host byte n; lvsr: 31 - n - sh.</summary>
    public void SetVrShiftControl(int vrt, Operand ea, bool right)
    {
        Refuse(!HostProcessor.HasVectors);
        _e.EvaluateInto(ea.Node, _e.Take(HostRegister.Rax));
        A.Alu(AluOperation.And, HostRegister.Rax, 15, false);
        A.MoveToVector(XmmRegister.Xmm0, HostRegister.Rax, false);
        A.Packed(PackedOperation.Pbroadcastb, XmmRegister.Xmm0, XmmRegister.Xmm0);
        if (right)
        {
            A.LoadVectorAt(XmmRegister.Xmm1, _e.ConstantAt(VectorConstant.DescendingFrom31));
            A.Packed(PackedOperation.Psubb, XmmRegister.Xmm0, XmmRegister.Xmm1, XmmRegister.Xmm0);
        }
        else
        {
            A.PackedAt(PackedOperation.Paddb, XmmRegister.Xmm0, XmmRegister.Xmm0, _e.ConstantAt(VectorConstant.ReverseBytes));
        }

        A.StoreVector(StateOffset.Vsr(32 + vrt, 0), XmmRegister.Xmm0);
    }

    public bool LoadVsr(int xt, Operand ea, VsrLoad shape)
    {
        if (!HostProcessor.HasVectors || shape == VsrLoad.Single)
        {
            return RefuseStorage();
        }

        int size = SizeOf(shape);
        Address(ea);
        _e.LookUp(size, write: false);
        _e.LoadAddend();
        switch (shape)
        {
            case VsrLoad.DoublewordSplat:
                A.Packed(PackedOperation.Pbroadcastq, XmmRegister.Xmm0, Storage);
                ShuffleUnlessLittle(VectorConstant.SwapDoublewords);
                break;
            case VsrLoad.WordSplat:
                A.Packed(PackedOperation.Pbroadcastd, XmmRegister.Xmm0, Storage);
                ShuffleUnlessLittle(VectorConstant.SwapWords);
                break;
            case VsrLoad.Doubleword when !_e.LittleEndian:
                A.LoadLow(XmmRegister.Xmm0, Storage);
                Shuffle(VectorConstant.ReverseBytes);
                break;
            case VsrLoad.Doubleword:
                A.LoadLow(XmmRegister.Xmm0, Storage);
                A.Packed(PackedShift.Pslldq, XmmRegister.Xmm0, XmmRegister.Xmm0, 8);
                break;
            case VsrLoad.WordAlgebraic or VsrLoad.Word or VsrLoad.Halfword or VsrLoad.Byte:
                LoadScalar(size);
                if (shape == VsrLoad.WordAlgebraic)
                {
                    A.SignExtend32(HostRegister.Rdx, HostRegister.Rdx);
                }

                A.MoveToVector(XmmRegister.Xmm0, HostRegister.Rdx, true);
                A.Packed(PackedShift.Pslldq, XmmRegister.Xmm0, XmmRegister.Xmm0, 8);
                break;
            default:
                A.LoadVector(XmmRegister.Xmm0, Storage);
                Arrange(shape);
                break;
        }

        A.StoreVector(StateOffset.Vsr(xt, 0), XmmRegister.Xmm0);
        return true;
    }

    public bool StoreVsr(int xs, Operand ea, VsrLoad shape)
    {
        if (!HostProcessor.HasVectors || shape == VsrLoad.Single)
        {
            return RefuseStorage();
        }

        int size = SizeOf(shape);
        Address(ea);
        _e.LookUp(size, write: true);
        _e.LoadAddend();
        if (size < 16)
        {
            A.Load(HostRegister.Rdx, StateOffset.Vsr(xs, 1), true);
            StoreFrom(HostRegister.Rdx, size);
            return true;
        }

        A.LoadVector(XmmRegister.Xmm0, StateOffset.Vsr(xs, 0));
        Arrange(shape);
        A.StoreVector(Storage, XmmRegister.Xmm0);
        return true;
    }

    public bool LoadVsrLength(int xt, Operand ea, Operand length, bool leftJustified) => RefuseStorage();

    public bool StoreVsrLength(int xs, Operand ea, Operand length, bool leftJustified) => RefuseStorage();

    public Operand VsrDoubleword(int vsr, int index) => State(StateOffset.Vsr(vsr, 1 - index));

    public void SetVsrDoubleword(int vsr, int index, Operand value) => SetState(StateOffset.Vsr(vsr, 1 - index), value);

    private static int SizeOf(VsrLoad shape) => shape switch
    {
        VsrLoad.DoublewordSplat or VsrLoad.Doubleword => 8,
        VsrLoad.WordSplat or VsrLoad.WordAlgebraic or VsrLoad.Word => 4,
        VsrLoad.Halfword => 2,
        VsrLoad.Byte => 1,
        _ => 16,
    };

    /// <summary>
    /// Between the order of sixteen bytes in storage and in a register. Elements always stand in big-endian element order: in little-endian mode
    /// it is the elements that are turned around, not the bytes in them.
    /// </summary>
    private void Arrange(VsrLoad shape)
    {
        if (!_e.LittleEndian || shape == VsrLoad.SixteenBytes)
        {
            Shuffle(VectorConstant.ReverseBytes);
        }
        else if (shape == VsrLoad.EightHalfwords)
        {
            Shuffle(VectorConstant.ReverseHalfwords);
        }
        else if (shape != VsrLoad.Quadword)
        {
            int order = shape == VsrLoad.FourWords ? ReverseWords : SwapHalves;
            A.PackedImmediate(PackedOperation.Pshufd, XmmRegister.Xmm0, XmmRegister.Xmm0, XmmRegister.Xmm0, order);
        }
    }

    private void ReverseUnlessLittle() => ShuffleUnlessLittle(VectorConstant.ReverseBytes);

    private void ShuffleUnlessLittle(VectorConstant control)
    {
        if (!_e.LittleEndian)
        {
            Shuffle(control);
        }
    }

    private void Shuffle(VectorConstant control) =>
        A.PackedAt(PackedOperation.Pshufb, XmmRegister.Xmm0, XmmRegister.Xmm0, _e.ConstantAt(control));

    /// <summary>As <see cref="Address"/>, rounded down to a multiple of a power of 2.</summary>
    private void AlignedAddress(Operand ea, int size)
    {
        Address(ea);
        if (size > 1)
        {
            A.Alu(AluOperation.And, HostRegister.Rax, -size, Wide);
        }
    }

    /// <summary>Loads 1, 2, 4 or 8 bytes into rdx, zero-extended.</summary>
    private void LoadScalar(int size) => _e.EvaluateInto(new OperandNode(OperandKind.Storage, (ulong)size), HostRegister.Rdx);

    /// <summary>An aligned address becomes the offset of its element in a register; a big-endian element of size bytes ends at its lowest host byte.</summary>
    private void ElementOffset(HostRegister address, int size)
    {
        A.Alu(AluOperation.And, address, 15, false);
        if (!_e.LittleEndian)
        {
            A.Alu(AluOperation.Xor, address, 16 - size, false);
        }
    }
}
