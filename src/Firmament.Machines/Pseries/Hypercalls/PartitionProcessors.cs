using Firmament.Core.State;
using Firmament.PowerPC;

namespace Firmament.Machines.Pseries.Hypercalls;

/// <summary>
/// The CPUs of the partition with what their hypervisor knows beyond a CPU's own state: which have joined (H_JOIN), where nothing but a
/// prod or a system reset wakes them. Hypercalls and RTAS share it.
/// </summary>
internal sealed class PartitionProcessors : IStateful
{
    private readonly bool[] _joined;

    /// <summary>Takes the CPUs, by index.</summary>
    public PartitionProcessors(IReadOnlyList<IPartitionProcessor> all)
    {
        All = all;
        _joined = new bool[all.Count];
    }

    /// <summary>The CPUs; the index is the number the guest knows them by.</summary>
    public IReadOnlyList<IPartitionProcessor> All { get; }

    /// <summary>Called when a CPU gives up the rest of its slice, with the CPU it gives it to, or null for any.</summary>
    public Action<IPartitionProcessor, IPartitionProcessor?>? Conferred { get; set; }

    /// <summary>The CPU of this number, or null.</summary>
    public IPartitionProcessor? Find(ulong number) => number < (ulong)All.Count ? All[(int)number] : null;

    /// <summary>The CPU that made a call.</summary>
    public IPartitionProcessor Caller(IProcessor processor) => All[processor.Index];

    /// <summary>True while the CPU waits in H_JOIN.</summary>
    public bool HasJoined(IPartitionProcessor processor) => _joined[processor.Index] && processor.IsStopped;

    /// <summary>True while the CPU waits for start-cpu: it was stopped or never started.</summary>
    public bool AwaitsStart(IPartitionProcessor processor) => processor.IsStopped && !_joined[processor.Index];

    /// <summary>True when each CPU but <paramref name="caller"/> is stopped or has joined.</summary>
    public bool AllOthersStopped(IProcessor? caller)
    {
        foreach (IPartitionProcessor processor in All)
        {
            if (processor.Index != (caller?.Index ?? 0) && !processor.IsStopped)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Stops a CPU until <see cref="Wake"/>; its registers stay.</summary>
    public void Join(IPartitionProcessor processor)
    {
        _joined[processor.Index] = true;
        processor.Stop();
    }

    /// <summary>Prods a CPU: one that has joined goes on where it was.</summary>
    public void Wake(IPartitionProcessor processor)
    {
        if (!HasJoined(processor))
        {
            processor.Prod();
            return;
        }

        _joined[processor.Index] = false;
        (ulong pc, ulong msr) = (processor.Pc, processor.Msr);
        processor.Start(pc, r3: 0);
        processor.Msr = msr;
    }

    /// <summary>A system reset interrupt; it ends a join too.</summary>
    public void SystemReset(IPartitionProcessor processor)
    {
        if (HasJoined(processor))
        {
            Wake(processor);
        }

        if (!processor.IsStopped)
        {
            processor.SystemReset();
        }
    }

    /// <summary>Starts a stopped CPU. False when it runs, or has joined.</summary>
    /// <param name="processor">The CPU.</param>
    /// <param name="caller">Its partition's choices of translation and interrupt mode become the new CPU's.</param>
    /// <param name="pc">Logical real address.</param>
    /// <param name="r3">Its r3.</param>
    public bool TryStart(IPartitionProcessor processor, IPartitionProcessor caller, ulong pc, ulong r3)
    {
        if (!AwaitsStart(processor))
        {
            return false;
        }

        processor.Lpcr = (processor.Lpcr & ~LogicalPartitionControl.GuestChoices) | (caller.Lpcr & LogicalPartitionControl.GuestChoices);
        processor.Start(pc, r3);
        return true;
    }

    /// <summary>Changes bits of LPCR on all CPUs.</summary>
    public void SetLpcr(ulong value, ulong mask)
    {
        foreach (IPartitionProcessor processor in All)
        {
            processor.Lpcr = (processor.Lpcr & ~mask) | (value & mask);
        }
    }

    /// <summary>Nobody has joined: the machine was reset.</summary>
    public void Reset() => Array.Clear(_joined);

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        for (int i = 0; i < _joined.Length; i++)
        {
            state.Field("joined", ref _joined[i]);
        }
    }
}
