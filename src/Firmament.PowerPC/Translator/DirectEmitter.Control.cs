using Firmament.PowerPC.Semantics;
using Firmament.PowerPC.State;
using Firmament.PowerPC.Translator.X64;

namespace Firmament.PowerPC.Translator;

/// <summary>Branches and traps; the rare operations are refused.</summary>
internal readonly unsafe partial struct DirectEmitter
{
    /// <summary>BO = 0bABCDy as for <see cref="Interpreter.Evaluator{TPath, TWord, TMode}.BranchTaken"/>.</summary>
    public Operand BranchTaken(int bo, int bi)
    {
        if ((bo & 4) != 0)
        {
            return (bo & 16) != 0 ? Operand.From(1) : Sense(CrBit(bi), (bo & 8) != 0);
        }

        if ((bo & 16) != 0)
        {
            A.Alu(AluOperation.Subtract, PinnedRegisters.Ctr, 1, Wide);
            return new Operand(new OperandNode(OperandKind.Flags, (ulong)((bo & 2) != 0 ? Condition.Equal : Condition.NotEqual)));
        }

        HostRegister both = _e.Temporary();
        HostRegister condition = _e.Temporary();
        A.Alu(AluOperation.Subtract, PinnedRegisters.Ctr, 1, Wide);
        A.Set((bo & 2) != 0 ? Condition.Equal : Condition.NotEqual, both);
        A.Test8(StateOffset.CrField(bi >> 2), (byte)(8 >> (bi & 3)));
        A.Set((bo & 8) != 0 ? Condition.NotEqual : Condition.Equal, condition);
        A.Alu(AluOperation.And, both, condition, false);
        A.Test(both, 1, false);
        return new Operand(new OperandNode(OperandKind.Flags, (ulong)Condition.NotEqual));
    }

    public void BranchRelative(Operand taken, int displacement)
    {
        int index = _e.Insn->Index + (displacement >> 2);
        bool inPage = index is >= 0 and < Interpreter.PageCache.PageInsns;
        if (taken.Node.IsConstant)
        {
            if (inPage)
            {
                _e.GoTo(index);
            }
            else
            {
                _e.GoToPage((_e.Insn->Index * 4) + displacement);
            }

            return;
        }

        Condition condition = TestTaken(taken.Node);
        if (inPage)
        {
            _e.GoTo(condition, index);
            Continue();
            return;
        }

        CodeLabel stay = A.NewLabel();
        A.Jump(condition ^ (Condition)1, stay);
        _e.GoToPage((_e.Insn->Index * 4) + displacement);
        A.Place(stay);
        Continue();
    }

    public void BranchTo(Operand taken, Operand target)
    {
        if (taken.Node.IsConstant)
        {
            GoToTarget(target);
            return;
        }

        CodeLabel stay = A.NewLabel();
        A.Jump(TestTaken(taken.Node) ^ (Condition)1, stay);
        GoToTarget(target);
        A.Place(stay);
        Continue();
    }

    public void TrapIf(int to, Operand a, Operand b) => Trap(to, a, b, wide: false);

    public void TrapIf64(int to, Operand a, Operand b) => Trap(to, a, b, wide: true);

    public void SystemCall(int level) => Refuse();

    public void ReturnFromInterrupt(ReturnKind kind) => Refuse();

    /// <summary>Stores into decoded code have had their effect already, and interrupts are looked at where they can come to wait.</summary>
    public void InstructionSynchronize() => Continue();

    /// <summary>
    /// Emitted where only EE and RI change, as around critical sections. Enabling interrupts while one waits, and all other changes, are the
    /// handler's.
    /// </summary>
    public void MoveToMsr(Operand value, ulong mask)
    {
        const int Light = (int)(MsrBits.Ee | MsrBits.Ri);
        HostRegister change = _e.Copy(value.Node);
        A.Alu(AluOperation.Xor, change, StateOffset.Msr, Wide);
        // A 74xx has no L operand: it writes all bits.
        if (Wide && (mask & ~(ulong)Light) == 0)
        {
            A.Alu(AluOperation.And, change, (int)mask, Wide);
        }
        else
        {
            Refuse(Wide && mask < uint.MaxValue);
            A.Test(change, ~Light, Wide);
            A.Jump(Condition.NotEqual, _e.SlowExit());
        }

        CodeLabel apply = A.NewLabel();
        A.Test(change, (int)MsrBits.Ee, false);
        A.Jump(Condition.Equal, apply);
        A.Test8(StateOffset.InterruptWaits, 1);
        A.Jump(Condition.NotEqual, _e.SlowExit());
        A.Place(apply);
        A.Alu(AluOperation.Xor, StateOffset.Msr, change, true);
        Continue();
    }

    public void ReadSpr(int spr, int rt)
    {
        if (spr is SprNumber.TblRead or SprNumber.TbuRead)
        {
            ReadTimeBase(spr, rt);
        }
        else
        {
            Refuse();
        }
    }

    public void WriteSpr(int spr, Operand value) => Refuse();

    /// <summary>
    /// The clock is the budget: the time at which it would be used up, less what is left, less what the run was charged beyond this instruction.
    /// </summary>
    public void ReadTimeBase(int tbr, int rt)
    {
        const int NanosecondsPerSecond = 1_000_000_000;
        Refuse(tbr is not (SprNumber.TblRead or SprNumber.TbuRead));
        HostRegister low = _e.Take(HostRegister.Rax);
        _e.Take(HostRegister.Rdx);
        HostRegister divisor = _e.Take(HostRegister.Rcx);
        A.Load(low, StateOffset.TimeAtZero, true);
        A.Alu(AluOperation.Subtract, low, PinnedRegisters.Remaining, true);
        A.Alu(AluOperation.Subtract, low, _e.Insn->RunLength, true);
        A.Load(divisor, StateOffset.TimeShift, true);
        A.ShiftBy(ShiftOperation.Right, low, low, divisor, true);
        A.MultiplyWide(StateOffset.TimeBaseFrequency, signed: false, true);
        A.MoveImmediate(divisor, NanosecondsPerSecond);
        A.Divide(divisor, signed: false, true);
        A.Alu(AluOperation.Add, low, StateOffset.TimeBaseOffset, true);
        if (tbr == SprNumber.TbuRead)
        {
            A.Shift(ShiftOperation.Right, low, 32, true);
        }
        else if (!Wide)
        {
            A.Move(low, low, false);
        }

        _e.Release(divisor);
        _e.Release(HostRegister.Rdx);
        this[rt] = Emission.Host(low);
    }

    public void ReadSegment(int rt, Operand index) => Refuse();

    public void WriteSegment(Operand index, Operand value) => Refuse();

    public void InvalidateTlbEntry(Operand ea) => Refuse();

    public void InvalidateTlb() => Refuse();

    public void LoadTlb(Operand ea, bool instruction) => Refuse();

    public void SystemCallVectored(int level) => Refuse();

    public void RefusePrivileged() => Refuse();

    public void RefuseFacility(int cause) => Refuse();

    public void BranchToTarget(int bo, int bi, bool link) => Refuse();

    public void SegmentLookaside(SlbOperation operation, int register, Operand rb) => Refuse();

    public void InvalidateTranslation(Operand rb, Operand rs, int ric, bool isLocal) => Refuse();

    public void Doorbell(Operand message, bool send) => Refuse();

    private static Operand Sense(Operand flag, bool sense) => sense ? flag : flag ^ Operand.From(1);

    /// <summary>The branch is not taken: the next run begins behind it.</summary>
    private void Continue()
    {
        int next = _e.Insn->Index + 1;
        if (next < Interpreter.PageCache.PageInsns)
        {
            _e.GoTo(next);
        }
        else
        {
            _e.GoToPage(next * 4);
        }
    }

    private void GoToTarget(Operand target)
    {
        _e.EvaluateInto(target.Node, HostRegister.Rax);
        _e.GoToAddress();
    }

    /// <summary>The host condition under which a branch is taken.</summary>
    private Condition TestTaken(OperandNode taken)
    {
        if (taken.Kind == OperandKind.Flags)
        {
            return (Condition)taken.Value;
        }

        bool inverted = taken.Kind == OperandKind.Xor;
        OperandNode flag = inverted ? taken.A! : taken;
        Refuse(flag.Kind != OperandKind.CrFlag);
        (int field, int mask) = ((int)flag.Value >> 4, (int)flag.Value & 15);
        Condition condition;
        if (field == _e.ComparedField && mask != 1 && (A.FlagsVersion == _e.ComparedVersion || CompareAgain()))
        {
            condition = mask switch
            {
                8 => _e.ComparedSigned ? Condition.Less : Condition.Below,
                4 => _e.ComparedSigned ? Condition.Greater : Condition.Above,
                _ => Condition.Equal,
            };
        }
        else
        {
            A.Test8(StateOffset.CrField(field), (byte)mask);
            condition = Condition.NotEqual;
        }

        return inverted ? condition ^ (Condition)1 : condition;
    }

    private bool CompareAgain()
    {
        if (_e.Compared is not { } comparison || !comparison.HoldsAt(_e.Insn))
        {
            return false;
        }

        comparison.Emit(A);
        return true;
    }

    /// <summary>TO: less 16, greater 8, equal 4, unsigned less 2, unsigned greater 1.</summary>
    private void Trap(int to, Operand a, Operand b, bool wide)
    {
        Refuse(to == 31);
        HostRegister left = _e.InRegister(a.Node);
        Apply(AluOperation.Compare, left, b, wide);
        foreach ((int bit, Condition condition) in (ReadOnlySpan<(int, Condition)>)
            [(16, Condition.Less), (8, Condition.Greater), (4, Condition.Equal), (2, Condition.Below), (1, Condition.Above)])
        {
            if ((to & bit) != 0)
            {
                A.Jump(condition, _e.SlowExit());
            }
        }
    }
}
