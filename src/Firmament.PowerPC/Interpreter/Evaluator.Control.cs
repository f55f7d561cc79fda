using System.Runtime.CompilerServices;
using Firmament.PowerPC.Exceptions;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Semantics;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Interpreter;

/// <summary>Branches and the calls into the CPU.</summary>
internal unsafe partial struct Evaluator<TPath>
{
    public readonly int StringCount => _s->XerCount;

    [MethodImpl(Inline)] public readonly Word32 Relative(int displacement) => new((uint)_s->PageEa + ((uint)_i->Index << 2) + (uint)displacement);

    /// <summary>BO = 0bABCDy: A ignore the condition, B its sense, C do not decrement CTR, D branch when CTR is 0. PEM table 4-20.</summary>
    [MethodImpl(Inline)]
    public readonly Word32 BranchTaken(int bo, int bi)
    {
        bool taken = true;
        if ((bo & 4) == 0)
        {
            uint ctr = (uint)_s->Ctr - 1;
            _s->Ctr = ctr;
            taken = (ctr == 0) == ((bo & 2) != 0);
        }

        if ((bo & 16) == 0)
        {
            taken &= ((CrField(bi >> 2) & (8 >> (bi & 3))) != 0) == ((bo & 8) != 0);
        }

        return new(taken ? 1u : 0u);
    }

    [MethodImpl(Inline)]
    public void BranchRelative(Word32 taken, int displacement)
    {
        if (taken.Value != 0)
        {
            uint index = (uint)(_i->Index + (displacement >> 2));
            if (index >= PageInsns)
            {
                Far(Relative(displacement).Value);
                return;
            }

            Next = _s->PageInsns + index;
        }

        Enter();
    }

    [MethodImpl(Inline)]
    public void BranchTo(Word32 taken, Word32 target)
    {
        if (taken.Value != 0)
        {
            uint address = target.Value & ~3u;
            if ((address & 0xffff_f000) != (uint)_s->PageEa)
            {
                Far(address);
                return;
            }

            Next = _s->PageInsns + ((address >> 2) & (PageInsns - 1));
        }

        Enter();
    }

    /// <summary>TO: less 16, greater 8, equal 4, unsigned less 2, unsigned greater 1. PEM 4.2.4.6.</summary>
    [MethodImpl(Inline)]
    public void TrapIf(int to, Word32 a, Word32 b)
    {
        int outcome = (int)a.Value < (int)b.Value ? 16 : (int)a.Value > (int)b.Value ? 8 : 4;
        outcome |= a.Value < b.Value ? 2 : a.Value > b.Value ? 1 : 0;
        if ((to & outcome) == 0)
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

    public void SystemCall(int level) => Cpu.From(_s).SystemCall(_i, level);

    public void ReturnFromInterrupt() => Cpu.From(_s).ReturnFromInterrupt();

    public void InstructionSynchronize() => _s->Exit |= CpuState.ExitResynchronize;

    public void MoveToMsr(Word32 value) => Cpu.From(_s).WriteMsr(value.Value);

    public void ReadSpr(int spr, int rt)
    {
        if (Cpu.From(_s).Sprs.TryRead(_i, spr, out uint value))
        {
            this[rt] = new(value);
        }
        else
        {
            Stop();
        }
    }

    public void WriteSpr(int spr, Word32 value)
    {
        if (!Cpu.From(_s).Sprs.TryWrite(_i, spr, value.Value))
        {
            Stop();
        }
    }

    /// <summary>mftb has its own numbering; on a 74xx only 268 and 269 exist and others are an illegal form.</summary>
    public void ReadTimeBase(int tbr, int rt)
    {
        if (tbr is not (SprNumber.TblRead or SprNumber.TbuRead))
        {
            Interrupts.Program(_s, _i, ProgramReason.Illegal);
            Stop();
            return;
        }

        ulong timeBase = Cpu.From(_s).TimeBase.Read();
        this[rt] = new((uint)(tbr == SprNumber.TblRead ? timeBase : timeBase >> 32));
    }

    public void ReadSegment(int rt, Word32 index) => this[rt] = new(_s->Sr[index.Value >> 28]);

    public readonly void WriteSegment(Word32 index, Word32 value) => Cpu.From(_s).Mmu.WriteSegment((int)(index.Value >> 28), value.Value);

    public readonly void InvalidateTlbEntry(Word32 ea) => Cpu.From(_s).Mmu.InvalidatePage(ea.Value);

    public readonly void InvalidateTlb() => Cpu.From(_s).Mmu.Flush();

    public readonly void LoadTlb(Word32 ea, bool instruction) => Cpu.From(_s).Mmu.LoadTlb(ea.Value, instruction);

    private const uint PageInsns = 1024;

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
    private void Far(uint address)
    {
        _s->Pc = address;
        Next = _s->FarInsn;
    }
}
