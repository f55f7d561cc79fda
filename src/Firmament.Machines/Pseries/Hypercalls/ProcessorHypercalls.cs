using Firmament.Core.Hypercalls;
using Firmament.Firmware.Hypercalls;
using Firmament.PowerPC;

namespace Firmament.Machines.Pseries.Hypercalls;

/// <summary>
/// Hypercalls about virtual processors: giving up the host (LoPAPR 1.1 14.11.3), system reset, the characteristics that mitigations are
/// chosen from, the home node, random numbers.
/// </summary>
internal sealed class ProcessorHypercalls
{
    private const ulong ExternalInterrupts = 0x8000;
    private const ulong AllProcessors = ulong.MaxValue;
    private const ulong AllOtherProcessors = ulong.MaxValue - 1;
    private const int Sprg0 = 272;
    private const int HomeNodeWords = 12;

    // H_GET_CPU_CHARACTERISTICS, LoPAPR's errata and Linux asm/hvcall.h: bits of the two results.
    private const ulong BranchesSerialised = 1UL << (63 - 1);
    private const ulong HintsHonoured = 1UL << (63 - 5);
    private const ulong FavourSecurity = 1UL << 63;
    private const ulong NoFlushOnEntry = 1UL << (63 - 7);
    private const ulong NoFlushOnUserAccess = 1UL << (63 - 8);
    private const ulong NoStoreBarrier = 1UL << (63 - 9);

    private readonly PartitionProcessors _processors;
    private readonly VirtualProcessorAreas _areas;
    private readonly Func<int, IReadOnlyList<uint>> _associativity;
    private readonly Func<ulong>? _random;

    /// <summary>Makes the calls.</summary>
    /// <param name="processors">The CPUs.</param>
    /// <param name="areas">Their dispatch counts.</param>
    /// <param name="associativity">The associativity domains of a CPU, without their number: at most 12.</param>
    /// <param name="random">64 random bits; null on a machine without a source of them, where H_RANDOM does not exist.</param>
    public ProcessorHypercalls(
        PartitionProcessors processors, VirtualProcessorAreas areas, Func<int, IReadOnlyList<uint>> associativity, Func<ulong>? random)
    {
        _processors = processors;
        _areas = areas;
        _associativity = associativity;
        _random = random;
    }

    /// <summary>Adds the rows.</summary>
    public void AddTo(HypercallTable table)
    {
        table.Add(0x24, "H_SET_SPRG0", 1, 0, SetSprg0);
        table.Add(0xe0, "H_CEDE", 0, 0, Cede);
        table.Add(0xe4, "H_CONFER", 2, 0, Confer);
        table.Add(0xe8, "H_PROD", 1, 0, Prod);
        table.Add(0x1c8, "H_GET_CPU_CHARACTERISTICS", 0, 2, GetCharacteristics);
        table.Add(0x298, "H_JOIN", 0, 0, Join);
        table.Add(0x2ec, "H_HOME_NODE_ASSOCIATIVITY", 2, 6, GetHomeNode);
        table.Add(0x380, "H_SIGNAL_SYS_RESET", 1, 0, SignalSystemReset);
        if (_random is { } random)
        {
            table.Add(0x300, "H_RANDOM", 0, 1, call =>
            {
                call.Return(0, random());
                return PaprStatus.Success;
            });
        }
    }

    private long SetSprg0(HypercallCall call)
    {
        _processors.Caller(call.Processor).WriteSpr(Sprg0, call[0]);
        return PaprStatus.Success;
    }

    /// <summary>Waits for an interrupt or a prod. The caller's r3 is written before it waits: the call is done.</summary>
    private long Cede(HypercallCall call)
    {
        _processors.Caller(call.Processor).Cede();
        return PaprStatus.Success;
    }

    /// <summary>
    /// Gives the host to one CPU, or to any. With a dispatch count that is no longer the CPU's, or even, that CPU has run since or
    /// runs, so there is nothing to give.
    /// </summary>
    private long Confer(HypercallCall call)
    {
        (ulong number, uint count) = (call[0], (uint)call[1]);
        IPartitionProcessor caller = _processors.Caller(call.Processor);
        if (number == AllProcessors)
        {
            _processors.Conferred?.Invoke(caller, null);
            return PaprStatus.Success;
        }

        if (_processors.Find(number) is not { } target)
        {
            return PaprStatus.Parameter;
        }

        if (target != caller && ((count & 1) == 0 || !_areas.TryGetDispatchCount(target.Index, out uint now) || now != count))
        {
            return PaprStatus.Success;
        }

        _processors.Conferred?.Invoke(caller, target == caller ? null : target);
        return PaprStatus.Success;
    }

    private long Prod(HypercallCall call)
    {
        if (_processors.Find(call[0]) is not { } target)
        {
            return PaprStatus.Parameter;
        }

        _processors.Wake(target);
        return PaprStatus.Success;
    }

    private long Join(HypercallCall call)
    {
        IPartitionProcessor caller = _processors.Caller(call.Processor);
        if ((caller.Msr & ExternalInterrupts) != 0)
        {
            return PaprStatus.BadMode;
        }

        if (_processors.AllOthersStopped(caller))
        {
            return PaprStatus.Continue;
        }

        _processors.Join(caller);
        return PaprStatus.Success;
    }

    /// <summary>These CPUs execute one instruction after the other and speculate on nothing: no mitigation is needed, and that is said.</summary>
    private static long GetCharacteristics(HypercallCall call)
    {
        call.Return(0, BranchesSerialised | HintsHonoured);
        call.Return(1, FavourSecurity | NoFlushOnEntry | NoFlushOnUserAccess | NoStoreBarrier);
        return PaprStatus.Success;
    }

    /// <summary>Flags 1: the number is a CPU's. The answer is 12 words, two a register; words after the last domain are −1.</summary>
    private long GetHomeNode(HypercallCall call)
    {
        if (call[0] != 1)
        {
            return PaprStatus.Function;
        }

        if (_processors.Find(call[1]) is not { } target)
        {
            return PaprStatus.Parameter2;
        }

        IReadOnlyList<uint> domains = _associativity(target.Index);
        for (int i = 0; i < HomeNodeWords; i += 2)
        {
            call.Return(i / 2, ((ulong)Word(domains, i) << 32) | Word(domains, i + 1));
        }

        return PaprStatus.Success;

        static uint Word(IReadOnlyList<uint> domains, int index) => index < domains.Count ? domains[index] : uint.MaxValue;
    }

    private long SignalSystemReset(HypercallCall call)
    {
        ulong number = call[0];
        if (number is not (AllProcessors or AllOtherProcessors))
        {
            if (_processors.Find(number) is not { } target)
            {
                return PaprStatus.Parameter;
            }

            _processors.SystemReset(target);
            return PaprStatus.Success;
        }

        foreach (IPartitionProcessor processor in _processors.All)
        {
            if (number == AllProcessors || processor.Index != call.Processor.Index)
            {
                _processors.SystemReset(processor);
            }
        }

        return PaprStatus.Success;
    }
}
