using Firmament.Core.Interrupts;
using Firmament.Core.State;
using Firmament.Firmware.Architecture;
using Firmament.Machines.Pseries.Hypercalls;
using Firmament.Machines.Pseries.Tree;
using Firmament.PowerPC;

namespace Firmament.Machines.Pseries;

/// <summary>What the machine's client has chosen, and the machine's side of choosing it.</summary>
internal sealed class PseriesArchitecture : IArchitectureHost, IStateful
{
    private readonly PseriesTopology _topology;
    private readonly PartitionProcessors _processors;
    private readonly Func<DeviceTree.DeviceTree?> _tree;
    private readonly Action<ClientArchitecture> _changed;

    /// <summary>Makes the machine as it is before its client chooses.</summary>
    /// <param name="topology">What the machine has.</param>
    /// <param name="processors">The CPUs.</param>
    /// <param name="tree">The live tree.</param>
    /// <param name="changed">Called when <see cref="Current"/> has changed, with it: the interrupt controllers and the translation follow.</param>
    public PseriesArchitecture(
        PseriesTopology topology, PartitionProcessors processors, Func<DeviceTree.DeviceTree?> tree, Action<ClientArchitecture> changed)
    {
        _topology = topology;
        _processors = processors;
        _tree = tree;
        _changed = changed;
        Offer = topology.Offer;
        Current = topology.Initial;
    }

    /// <summary>What the machine is.</summary>
    public ClientArchitecture Current { get; private set; }

    /// <inheritdoc/>
    public ArchitectureOffer Offer { get; }

    /// <summary>Nothing is chosen: the machine was reset. The tree is made anew by whoever resets.</summary>
    public void Reset()
    {
        Current = _topology.Initial;
        _changed(Current);
    }

    /// <summary>The associativity domains of a CPU, for H_HOME_NODE_ASSOCIATIVITY.</summary>
    public IReadOnlyList<uint> DomainsOf(int cpu) => NumaAffinity.CpuDomains(_topology, cpu, Current.UsesAffinityForm2);

    /// <inheritdoc/>
    public bool AnotherProcessorRuns(IProcessor? caller) => !_processors.AllOthersStopped(caller);

    /// <inheritdoc/>
    public void Apply(ClientArchitecture architecture)
    {
        Current = architecture;
        if (_tree() is { } tree)
        {
            PseriesTree.Apply(tree, _topology, architecture);
        }

        _changed(architecture);
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        uint level = Current.LogicalPvr;
        int interrupts = (int)Current.Interrupts;
        int mmu = (int)Current.Mmu;
        bool invalidates = Current.GuestInvalidates;
        bool isa300 = Current.KnowsIsa300;
        state.Field("level", ref level);
        state.Field("interrupts", ref interrupts);
        state.Field("mmu", ref mmu);
        state.Field("guest-invalidates", ref invalidates);
        state.Field("isa300", ref isa300);
        byte[] answer = new byte[OptionVector.MostBytes];
        for (int i = 0; i < answer.Length; i++)
        {
            answer[i] = Current.Answer[i + 1];
        }

        state.Bytes("answer", answer);
        if (state.IsLoading)
        {
            // Controllers and translation restore their own modes; the tree restores its names and properties.
            Current = new ClientArchitecture
            {
                LogicalPvr = level,
                Interrupts = interrupts == (int)InterruptMode.Xive ? InterruptMode.Xive : InterruptMode.Xics,
                Mmu = mmu == (int)MmuMode.Radix ? MmuMode.Radix : MmuMode.Hash,
                GuestInvalidates = invalidates,
                KnowsIsa300 = isa300,
                Answer = new OptionVector(answer),
            };
        }
    }
}
