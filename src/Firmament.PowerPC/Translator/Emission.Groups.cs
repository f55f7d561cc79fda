using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Translator.X64;

namespace Firmament.PowerPC.Translator;

/// <summary>Storage accesses that share a look-up.</summary>
internal sealed unsafe partial class Emission
{
    private const int Slots = 8;
    private const int MostAhead = 40;
    private const int PageBytes = 4096;

    private readonly List<AccessGroup> _groups = [];
    private readonly List<(AccessGroup Group, int Displacement, int Size, CodeLabel Entry, CodeLabel Return, CodeLabel Slow, bool First)> _alone = [];
    private int _nextSlot;

    /// <summary>Where the storage of the instruction at work is.</summary>
    public MemoryOperand Storage { get; private set; }

    /// <summary>The storage is at the address in rax plus what <see cref="LoadAddend"/> puts into rcx.</summary>
    public void StorageAtAddress() => Storage = new MemoryOperand(HostRegister.Rcx, HostRegister.Rax, 0);

    /// <summary>
    /// Emits what finds the host address of an access, which <see cref="Storage"/> then names: in rcx and, unless the access is of a group, rax, which
    /// holds the effective address.
    /// </summary>
    public void Access(OperandNode ea, int size, bool write)
    {
        Take(HostRegister.Rax);
        Take(HostRegister.Rcx);
        Take(HostRegister.Rdx);
        // Update forms need the address itself.
        if (AccessShape.Of(Insn).Size != 0 && TryBase(ea, out int gpr, out int displacement))
        {
            foreach (AccessGroup group in _groups)
            {
                if (group.Covers(gpr, write, displacement, size))
                {
                    UseGroup(group, displacement, size);
                    return;
                }
            }

            if (TryGroup(gpr, write, displacement, size, out AccessGroup made))
            {
                BeginGroup(made, displacement, size);
                return;
            }
        }

        Materialize(ea, HostRegister.Rax);
        LookUp(size, write);
        LoadAddend();
        StorageAtAddress();
        Release(HostRegister.Rdx);
    }

    /// <summary>A general register is about to change: what was looked up from it no longer holds.</summary>
    public void ForgetGroups(int gpr) => _groups.RemoveAll(group => group.Base == gpr);

    /// <summary>Code comes here from elsewhere, or something may have changed translations.</summary>
    private void ForgetGroups() => _groups.Clear();

    private static bool TryBase(OperandNode ea, out int gpr, out int displacement)
    {
        OperandNode register = ea.Kind == OperandKind.Add && ea.B!.IsConstant ? ea.A! : ea;
        gpr = (int)register.Value;
        displacement = ReferenceEquals(register, ea) ? 0 : (int)ea.B!.Value;
        return register.Kind == OperandKind.Gpr;
    }

    /// <summary>Looks ahead for other accesses from the same register.</summary>
    private bool TryGroup(int gpr, bool write, int displacement, int size, out AccessGroup group)
    {
        (int first, int end) = (displacement, displacement + size);
        bool found = false;
        bool changed = AccessShape.MayChange(Insn, gpr);
        for (int ahead = 1; ahead <= MostAhead && ahead < Insn->RunLength && !changed; ahead++)
        {
            Insn* next = Insn + ahead;
            AccessShape shape = AccessShape.Of(next);
            if (_region.TryFind(next->Index, out _) || EmitterTable.Find(next->Opcode, out _) == EmitterTable.Kind.Handler)
            {
                break;
            }

            if (shape.Size != 0 && shape.Write == write && next->Ra == gpr)
            {
                (int low, int high) = (Math.Min(first, next->Imm), Math.Max(end, next->Imm + shape.Size));
                if (high - low <= PageBytes / 4)
                {
                    (first, end, found) = (low, high, true);
                }
            }

            changed = AccessShape.MayChange(next, gpr);
        }

        group = new AccessGroup(gpr, write, first, end, _nextSlot);
        return found;
    }

    private void BeginGroup(AccessGroup group, int displacement, int size)
    {
        _groups.RemoveAll(other => other.Slot == group.Slot);
        _groups.Add(group);
        _nextSlot = (_nextSlot + 1) % Slots;
        EvaluateInto(Address(group.Base, group.First), HostRegister.Rax);
        CodeLabel apart = A.NewLabel();
        CodeLabel found = A.NewLabel();
        LookUp(group.End - group.First, group.Write, apart);
        LoadAddend();
        A.Alu(AluOperation.Add, HostRegister.Rcx, HostRegister.Rax, true);
        A.Store(StateOffset.LookedUp(group.Slot), HostRegister.Rcx, true);
        A.Place(found);
        _alone.Add((group, displacement, size, apart, found, SlowExit(), true));
        Finish(group, displacement);
    }

    private void UseGroup(AccessGroup group, int displacement, int size)
    {
        CodeLabel apart = A.NewLabel();
        CodeLabel found = A.NewLabel();
        A.Load(HostRegister.Rcx, StateOffset.LookedUp(group.Slot), true);
        A.Test(HostRegister.Rcx, HostRegister.Rcx, true);
        A.Jump(Condition.Equal, apart);
        A.Place(found);
        _alone.Add((group, displacement, size, apart, found, SlowExit(), false));
        Finish(group, displacement);
    }

    private void Finish(AccessGroup group, int displacement)
    {
        Storage = new MemoryOperand(HostRegister.Rcx, displacement - group.First);
        Release(HostRegister.Rdx);
        Release(HostRegister.Rax);
    }

    /// <summary>Out of line: the accesses of groups that lie in more than one page.</summary>
    private void WriteAlone()
    {
        foreach ((AccessGroup group, int displacement, int size, CodeLabel entry, CodeLabel back, CodeLabel slow, bool first) in _alone)
        {
            A.Place(entry);
            if (first)
            {
                A.StoreImmediate(StateOffset.LookedUp(group.Slot), 0, true);
            }

            EvaluateInto(Address(group.Base, displacement), HostRegister.Rax);
            LookUp(size, group.Write, slow);
            LoadAddend();
            A.LoadAddress(HostRegister.Rcx, new MemoryOperand(HostRegister.Rcx, HostRegister.Rax, group.First - displacement), true);
            A.Jump(back);
        }

        _alone.Clear();
    }

    private OperandNode Address(int gpr, int displacement) =>
        new(OperandKind.Add, 0, new OperandNode(OperandKind.Gpr, (ulong)gpr), new OperandNode(OperandKind.Constant, Wide ? (ulong)displacement : (uint)displacement));
}
