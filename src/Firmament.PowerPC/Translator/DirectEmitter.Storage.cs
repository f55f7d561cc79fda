using Firmament.PowerPC.Semantics;
using Firmament.PowerPC.State;
using Firmament.PowerPC.Translator.X64;

namespace Firmament.PowerPC.Translator;

/// <summary>Storage accesses: a TLB hit is emitted inline, anything else goes to the instruction's handler.</summary>
internal readonly unsafe partial struct DirectEmitter
{
    private MemoryOperand Storage => _e.Storage;

    public bool Load8(Operand ea, out Operand value) => Load(ea, 1, out value);

    public bool Load16(Operand ea, out Operand value) => Load(ea, 2, out value);

    public bool Load32(Operand ea, out Operand value) => Load(ea, 4, out value);

    public bool Load64(Operand ea, out Operand value) => Load(ea, 8, out value);

    public bool Store8(Operand ea, Operand value) => Store(ea, 1, value);

    public bool Store16(Operand ea, Operand value) => Store(ea, 2, value);

    public bool Store32(Operand ea, Operand value) => Store(ea, 4, value);

    public bool Store64(Operand ea, Operand value) => Store(ea, 8, value);

    public bool LoadReserve(Operand ea, int size, out Operand value)
    {
        Address(ea);
        _e.LookUp(size, write: false, aligned: true);
        A.Load(HostRegister.Rdx, _e.TlbPhysical, true);
        _e.LoadAddend();
        Granule();
        A.Store(StateOffset.ReservationAddress, HostRegister.Rdx, true);
        A.StoreImmediate8(StateOffset.ReservationValid, 1);
        _e.Release(HostRegister.Rdx);
        value = new Operand(new OperandNode(OperandKind.Storage, (ulong)size));
        return true;
    }

    public bool StoreConditional(Operand ea, int size, Operand value)
    {
        Address(ea);
        _e.LookUp(size, write: true, aligned: true);
        A.Load(HostRegister.Rdx, _e.TlbPhysical, true);
        _e.LoadAddend();
        Granule();
        CodeLabel failed = A.NewLabel();
        CodeLabel done = A.NewLabel();
        A.Alu(AluOperation.Compare, HostRegister.Rdx, StateOffset.ReservationAddress, true);
        A.Jump(Condition.NotEqual, failed);
        A.Test8(StateOffset.ReservationValid, 1);
        A.Jump(Condition.Equal, failed);
        _e.EvaluateInto(value.Node, HostRegister.Rdx);
        StoreFrom(HostRegister.Rdx, size);
        A.MoveImmediate(HostRegister.Rdx, 2);
        A.Jump(done);
        A.Place(failed);
        A.MoveImmediate(HostRegister.Rdx, 0);
        A.Place(done);
        A.StoreImmediate8(StateOffset.ReservationValid, 0);
        A.Alu8(AluOperation.Or, HostRegister.Rdx, StateOffset.XerSo);
        A.Store8(StateOffset.CrField(0), HostRegister.Rdx);
        return true;
    }

    /// <summary>The host's conversion makes every NaN quiet: they are left to the handler.</summary>
    public bool LoadFprSingle(int frt, Operand ea)
    {
        if (!HostProcessor.HasFusedMultiplyAdd)
        {
            return RefuseStorage();
        }

        FprAddress(ea);
        _e.LookUp(4, write: false);
        _e.LoadAddend();
        _e.Release(HostRegister.Rdx);
        _e.EvaluateInto(new OperandNode(OperandKind.Storage, 4), HostRegister.Rdx);
        A.MoveBits(XmmRegister.Xmm0, HostRegister.Rdx, false);
        A.SingleToDouble(XmmRegister.Xmm0, XmmRegister.Xmm0);
        A.CompareDouble(XmmRegister.Xmm0, XmmRegister.Xmm0);
        A.Jump(Condition.Parity, _e.SlowExit());
        A.StoreDouble(Fpr(frt), XmmRegister.Xmm0);
        return true;
    }

    public bool LoadFprDouble(int frt, Operand ea)
    {
        FprAddress(ea);
        _e.LookUp(8, write: false);
        _e.LoadAddend();
        _e.Release(HostRegister.Rdx);
        _e.EvaluateInto(new OperandNode(OperandKind.Storage, 8), HostRegister.Rdx);
        A.Store(Fpr(frt), HostRegister.Rdx, true);
        return true;
    }

    /// <summary>A value that is no single is cut off by the handler; the host would round it.</summary>
    public bool StoreFprSingle(int frs, Operand ea)
    {
        if (!HostProcessor.HasFusedMultiplyAdd)
        {
            return RefuseStorage();
        }

        A.LoadDouble(XmmRegister.Xmm0, Fpr(frs));
        A.DoubleToSingle(XmmRegister.Xmm1, XmmRegister.Xmm0);
        A.SingleToDouble(XmmRegister.Xmm2, XmmRegister.Xmm1);
        A.CompareDouble(XmmRegister.Xmm2, XmmRegister.Xmm0);
        A.Jump(Condition.NotEqual, _e.SlowExit());
        A.Jump(Condition.Parity, _e.SlowExit());
        FprAddress(ea);
        _e.LookUp(4, write: true);
        _e.LoadAddend();
        A.MoveBits(HostRegister.Rdx, XmmRegister.Xmm1, false);
        StoreFrom(HostRegister.Rdx, 4);
        return true;
    }

    public bool StoreFprDouble(int frs, Operand ea) => StoreFpr(frs, ea, 8);

    public bool StoreFprWord(int frs, Operand ea) => StoreFpr(frs, ea, 4);

    public bool Probe(Operand ea)
    {
        Address(ea);
        _e.LookUp(1, write: false);
        return true;
    }

    public bool RequireAligned(Operand ea, int size) => RefuseStorage();

    public bool RequireEvenPair(int register) => RefuseStorage();

    public bool RequireAlignedMultiple(Operand ea) => RefuseStorage();

    public bool RequireBigEndianString(Operand ea) => RefuseStorage();

    public bool Load128(Operand ea, out Operand high, out Operand low)
    {
        high = low = Operand.From(0);
        return RefuseStorage();
    }

    public bool Store128(Operand ea, Operand high, Operand low) => RefuseStorage();

    public bool LoadReserve128(Operand ea, out Operand high, out Operand low) => Load128(ea, out high, out low);

    public bool StoreConditional128(Operand ea, Operand high, Operand low) => RefuseStorage();

    public bool InvalidateDataBlock(Operand ea) => RefuseStorage();

    public bool ExternalControlIn(int rt, Operand ea) => RefuseStorage();

    public bool ExternalControlOut(Operand ea, Operand value) => RefuseStorage();

    private static MemoryOperand Fpr(int n) => StateOffset.Vsr(n, 1);

    /// <summary>Evaluates an effective address into rax, where it stays until the end of the instruction; takes rcx and rdx for the look-up.</summary>
    private void Address(Operand ea)
    {
        _e.Take(HostRegister.Rax);
        _e.Materialize(ea.Node, HostRegister.Rax);
        _e.Take(HostRegister.Rcx);
        _e.Take(HostRegister.Rdx);
        _e.StorageAtAddress();
    }

    /// <summary>Floating-point accesses must be word-aligned on a 74xx (MPC7450 RM 4.6.6).</summary>
    private void FprAddress(Operand ea)
    {
        Address(ea);
        if (!Wide)
        {
            A.Test(HostRegister.Rax, 3, false);
            A.Jump(Condition.NotEqual, _e.SlowExit());
        }
    }

    private bool Load(Operand ea, int size, out Operand value)
    {
        _e.Access(ea.Node, size, write: false);
        value = new Operand(new OperandNode(OperandKind.Storage, (ulong)size));
        return true;
    }

    private bool Store(Operand ea, int size, Operand value)
    {
        _e.Access(ea.Node, size, write: true);
        OperandKind reversal = size switch { 2 => OperandKind.ByteReverse16, 4 => OperandKind.ByteReverse32, _ => OperandKind.ByteReverse64 };
        bool reversed = !_e.LittleEndian;
        OperandNode node = value.Node;
        if (size > 1 && node.Kind == reversal)
        {
            (node, reversed) = (node.A!, !reversed);
        }

        StoreFrom(_e.InRegister(node), size, reversed);
        return true;
    }

    private bool StoreFpr(int frs, Operand ea, int size)
    {
        FprAddress(ea);
        _e.LookUp(size, write: true);
        _e.LoadAddend();
        A.Load(HostRegister.Rdx, Fpr(frs), true);
        StoreFrom(HostRegister.Rdx, size);
        return true;
    }

    private void StoreFrom(HostRegister value, int size) => StoreFrom(value, size, !_e.LittleEndian);

    private void StoreFrom(HostRegister value, int size, bool reversed)
    {
        switch (size)
        {
            case 1:
                A.Store8(Storage, value);
                break;
            case 2 when reversed:
                A.StoreReversed16(Storage, value);
                break;
            case 2:
                A.Store16(Storage, value);
                break;
            default:
                if (reversed)
                {
                    A.StoreReversed(Storage, value, size == 8);
                }
                else
                {
                    A.Store(Storage, value, size == 8);
                }

                break;
        }
    }

    /// <summary>rdx: a physical page becomes the granule of the address in rax: 32 bytes on a 74xx, 128 on POWER.</summary>
    private void Granule()
    {
        // The page's low bits are 0, and so are those of the page's effective address once masked.
        A.Push(HostRegister.Rax);
        A.Alu(AluOperation.And, HostRegister.Rax, Wide ? 0xf80 : 0xfe0, false);
        A.Alu(AluOperation.Or, HostRegister.Rdx, HostRegister.Rax, true);
        A.Pop(HostRegister.Rax);
    }
}
