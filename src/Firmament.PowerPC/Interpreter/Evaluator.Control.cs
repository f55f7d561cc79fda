using System.Runtime.CompilerServices;
using Firmament.PowerPC.Exceptions;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Semantics;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Interpreter;

/// <summary>Branches and the calls into the CPU.</summary>
internal unsafe partial struct Evaluator<TPath, TWord, TMode>
{
    private const uint PageInsns = 1024;

    public readonly int StringCount => _s->XerCount;

    [MethodImpl(Inline)]
    public readonly TWord Relative(int displacement)
    {
        ulong address = _s->PageEa + ((ulong)_i->Index << 2) + (ulong)displacement;
        return TWord.From(TMode.Sf ? address : (uint)address);
    }

    /// <summary>
    /// BO = 0bABCDy: A ignore the condition, B its sense, C do not decrement CTR, D branch when CTR is 0. PEM table 4-20. SF says how much
    /// of CTR is tested; all of it is decremented.
    /// </summary>
    [MethodImpl(Inline)]
    public readonly TWord BranchTaken(int bo, int bi)
    {
        bool taken = true;
        if ((bo & 4) == 0)
        {
            ulong ctr = TMode.Is64 ? _s->Ctr - 1 : (uint)_s->Ctr - 1u;
            _s->Ctr = ctr;
            taken = ((TMode.Sf ? ctr : (uint)ctr) == 0) == ((bo & 2) != 0);
        }

        if ((bo & 16) == 0)
        {
            taken &= ((CrField(bi >> 2) & (8 >> (bi & 3))) != 0) == ((bo & 8) != 0);
        }

        return TWord.From(taken ? 1u : 0u);
    }

    [MethodImpl(Inline)]
    public void BranchRelative(TWord taken, int displacement)
    {
        if (taken.Bits != 0)
        {
            uint index = (uint)(_i->Index + (displacement >> 2));
            if (index >= PageInsns)
            {
                Far(Relative(displacement).Bits);
                return;
            }

            Next = _s->PageInsns + index;
        }

        Enter();
    }

    [MethodImpl(Inline)]
    public void BranchTo(TWord taken, TWord target)
    {
        if (taken.Bits != 0)
        {
            ulong address = Effective(target) & ~3ul;
            if ((address & ~0xffful) != _s->PageEa)
            {
                Far(address);
                return;
            }

            Next = _s->PageInsns + (((uint)address >> 2) & (PageInsns - 1));
        }

        Enter();
    }

    /// <summary>TO: less 16, greater 8, equal 4, unsigned less 2, unsigned greater 1. PEM 4.2.4.6.</summary>
    [MethodImpl(Inline)]
    public void TrapIf(int to, TWord a, TWord b)
    {
        uint x = (uint)a.Bits;
        uint y = (uint)b.Bits;
        int outcome = (int)x < (int)y ? 16 : (int)x > (int)y ? 8 : 4;
        outcome |= x < y ? 2 : x > y ? 1 : 0;
        Trap(to & outcome);
    }

    [MethodImpl(Inline)]
    public void TrapIf64(int to, TWord a, TWord b)
    {
        int outcome = (long)a.Bits < (long)b.Bits ? 16 : (long)a.Bits > (long)b.Bits ? 8 : 4;
        outcome |= a.Bits < b.Bits ? 2 : a.Bits > b.Bits ? 1 : 0;
        Trap(to & outcome);
    }

    public void SystemCall(int level) => Cpu.From(_s).SystemCall(_i, level);

    public void ReturnFromInterrupt(ReturnKind kind) => Cpu.From(_s).ReturnFromInterrupt(_i, kind);

    public void InstructionSynchronize() => _s->Exit |= CpuState.ExitResynchronize;

    public void MoveToMsr(TWord value, ulong mask) => Cpu.From(_s).MoveToMsr(_i, value.Bits, mask);

    public void ReadSpr(int spr, int rt)
    {
        if (Cpu.From(_s).Sprs.TryRead(_i, spr, out ulong value))
        {
            this[rt] = TWord.From(value);
        }
        else
        {
            Stop();
        }
    }

    public void WriteSpr(int spr, TWord value)
    {
        if (!Cpu.From(_s).Sprs.TryWrite(_i, spr, value.Bits))
        {
            Stop();
        }
    }

    /// <summary>mftb has its own numbering; only 268 and 269 exist, and others are an illegal form.</summary>
    public void ReadTimeBase(int tbr, int rt)
    {
        if (tbr is not (SprNumber.TblRead or SprNumber.TbuRead))
        {
            Interrupts.Program(_s, _i, ProgramReason.Illegal);
            Stop();
            return;
        }

        ulong timeBase = Cpu.From(_s).TimeBase.Read();
        this[rt] = TWord.From(tbr == SprNumber.TbuRead ? timeBase >> 32 : TMode.Is64 ? timeBase : (uint)timeBase);
    }

    public void ReadSegment(int rt, TWord index) => this[rt] = TWord.From(_s->Sr[(int)((uint)index.Bits >> 28)]);

    public readonly void WriteSegment(TWord index, TWord value) => Cpu.From(_s).Mmu.WriteSegment((int)((uint)index.Bits >> 28), (uint)value.Bits);

    public readonly void InvalidateTlbEntry(TWord ea) => Cpu.From(_s).Mmu.InvalidatePage(ea.Bits);

    public readonly void InvalidateTlb() => Cpu.From(_s).Mmu.Flush();

    public readonly void LoadTlb(TWord ea, bool instruction) => Cpu.From(_s).Mmu.LoadTlb((uint)ea.Bits, instruction);

    /// <summary>An address as MSR[SF] lets it count.</summary>
    [MethodImpl(Inline)] private static ulong Effective(TWord address) => TMode.Sf ? address.Bits : (uint)address.Bits;

    [MethodImpl(Inline)]
    private void Trap(int selected)
    {
        if (selected == 0)
        {
            return;
        }

        if (TPath.IsFast)
        {
            Miss();
            return;
        }

        Interrupts.Program(_s, _i, ProgramReason.Trap);
        Stop();
    }

    /// <summary>Charges the run that starts at <see cref="Next"/>, or stops before it when the budget does not cover it.</summary>
    [MethodImpl(Inline)]
    private void Enter()
    {
        long left = _s->Remaining - Next->RunLength;
        if (left < 0)
        {
            _s->Pc = _s->PageEa + ((ulong)Next->Index << 2);
            Next = _s->StopInsn;
            return;
        }

        _s->Remaining = left;
    }

    [MethodImpl(Inline)]
    private void Far(ulong address)
    {
        _s->Pc = address;
        Next = _s->FarInsn;
    }
}
