using System.Runtime.CompilerServices;
using Firmament.PowerPC.Exceptions;
using Firmament.PowerPC.Semantics;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Interpreter;

/// <summary>What only Book III-S CPUs do, and rarely; only slow evaluators run these.</summary>
internal unsafe partial struct Evaluator<TPath, TWord, TMode>
{
    [MethodImpl(Inline)]
    public readonly TWord CrFieldMask(int fieldMask)
    {
        uint mask = 0;
        for (int field = 0; field < 8; field++)
        {
            mask |= (fieldMask & (0x80 >> field)) != 0 ? 0xf000_0000u >> (4 * field) : 0;
        }

        return TWord.From(mask);
    }

    public bool Load128(TWord ea, out TWord high, out TWord low)
    {
        bool ok = StorageAccess<TMode>.LoadQuad(_s, _i, Effective(ea), out ulong first, out ulong second);
        (high, low) = (TWord.From(first), TWord.From(second));
        return ok || Stop();
    }

    public bool Store128(TWord ea, TWord high, TWord low) => StorageAccess<TMode>.StoreQuad(_s, _i, Effective(ea), high.Bits, low.Bits) || Stop();

    public bool LoadReserve128(TWord ea, out TWord high, out TWord low)
    {
        high = low = default;
        return (StorageAccess<TMode>.LoadReserve(_s, _i, Effective(ea), 16, out _) || Stop()) && Load128(ea, out high, out low);
    }

    public bool StoreConditional128(TWord ea, TWord high, TWord low)
    {
        (ulong first, ulong second) = TMode.LittleEndian ? (low.Bits, high.Bits) : (high.Bits, low.Bits);
        return StorageAccess<TMode>.StoreConditional(_s, _i, Effective(ea), 16, first, second) || Stop();
    }

    public bool RequireEvenPair(int register)
    {
        if ((register & 1) == 0)
        {
            return true;
        }

        Interrupts.Program(_s, _i, ProgramReason.Illegal);
        return Stop();
    }

    public void SystemCallVectored(int level) => Partition?.SystemCallVectored(_i, level);

    public void RefusePrivileged() => Interrupts.Program(_s, _i, ProgramReason.Privileged);

    public void RefuseFacility(int cause) => Partition?.FacilityUnavailable(_i, cause);

    public void BranchToTarget(int bo, int bi, bool link)
    {
        if (Partition is not { } partition || !partition.RequireFacility(_i, PartitionFamily.FacilityTar))
        {
            return;
        }

        TWord next = Relative(4);
        bool taken = BranchTaken(bo, bi).Bits != 0;
        if (link)
        {
            _s->Lr = next.Bits;
        }

        _s->Pc = taken ? Effective(TWord.From(_s->Spr[SprNumber.Tar])) & ~3ul : next.Bits;
        _s->Exit |= CpuState.ExitPcSet;
    }

    public void SegmentLookaside(SlbOperation operation, int register, TWord rb) => Partition?.SegmentLookaside(_i, operation, register, rb.Bits);

    public void InvalidateTranslation(TWord rb, TWord rs, int ric, bool isLocal) => Partition?.InvalidateTranslation(_i, rb.Bits, rs.Bits, ric, isLocal);

    public void Doorbell(TWord message, bool send) => Partition?.Doorbell(message.Bits, send);

    private readonly PartitionFamily? Partition => Cpu.From(_s).Family as PartitionFamily;
}
