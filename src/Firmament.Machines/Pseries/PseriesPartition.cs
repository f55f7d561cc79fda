using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Core.Time;
using Firmament.Firmware;
using Firmament.Firmware.Hypercalls;
using Firmament.Firmware.Rtas;
using Firmament.Machines.Pseries.Hypercalls;
using Firmament.Machines.Pseries.Rtas;
using Firmament.Machines.Pseries.Tree;
using Firmament.PowerPC;

namespace Firmament.Machines.Pseries;

/// <summary>
/// The partition as its guest asks about it: CPUs with their areas, modes and watchdogs, RTAS, events, client architecture support. The
/// machine gives it CPUs and devices and adds its hypercalls to the firmware's table.
/// </summary>
internal sealed class PseriesPartition : IStateful
{
    private readonly ProcessorWatchdogHypercalls _watchdogs;
    private readonly Action<HypercallTable>[] _groups;

    /// <summary>Makes the partition.</summary>
    public PseriesPartition(PseriesPartitionParts parts)
    {
        PseriesTopology topology = parts.Topology;
        Processors = new PartitionProcessors(parts.Processors);
        Areas = new VirtualProcessorAreas(parts.Ram, parts.Processors.Count, () => parts.Clock.Now.ToTicks(PseriesTree.TimeBaseFrequency));
        Architecture = new PseriesArchitecture(topology, Processors, parts.Tree, parts.ArchitectureChanged);
        Events = new EventRtas(parts.Platform, parts.EpowInterrupt);
        NonMaskable = new NonMaskableRtas(parts.Platform, topology, parts.Ram, parts.Tree);
        foreach (IPartitionProcessor processor in parts.Processors)
        {
            processor.NonMaskableHandlers = NonMaskable;
        }

        Rtas = new PseriesRtas
        {
            Common = new CommonRtas(parts.Platform),
            Processors = new ProcessorRtas(Processors),
            System = new SystemRtas(parts.Platform, topology),
            NonMaskable = NonMaskable,
            Connectors = new ConnectorRtas(topology),
            Events = Events,
            Interrupts = parts.Interrupts,
            Pci = parts.Pci,
            Vio = parts.Vio,
        }.Bind(topology.MostCpus);
        _watchdogs = new ProcessorWatchdogHypercalls(parts.Clock, Processors, parts.Platform);
        _groups =
        [
            new ProcessorHypercalls(Processors, Areas, Architecture.DomainsOf, parts.Random).AddTo,
            new ProcessorAreaHypercalls(Areas, parts.Processors.Count).AddTo,
            new ProcessorModeHypercalls(Processors, parts.ByteOrderChanged).AddTo,
            new ProcessorArchitectureHypercalls(Architecture, parts.Ram, parts.Tree).AddTo,
            _watchdogs.AddTo,
        ];
    }

    /// <summary>The CPUs.</summary>
    public PartitionProcessors Processors { get; }

    /// <summary>What the CPUs have registered; the run loop keeps their dispatch counts.</summary>
    public VirtualProcessorAreas Areas { get; }

    /// <summary>What the client has chosen.</summary>
    public PseriesArchitecture Architecture { get; }

    /// <summary>Events for the guest: <see cref="EventRtas.RaiseShutdown"/> is the power button.</summary>
    public EventRtas Events { get; }

    /// <summary>The guest's handlers of non-maskable interrupts.</summary>
    public NonMaskableRtas NonMaskable { get; }

    /// <summary>The RTAS calls, for <see cref="FirmwareOptions.Rtas"/>.</summary>
    public RtasCalls Rtas { get; }

    /// <summary>Adds the hypercalls.</summary>
    public void AddTo(HypercallTable table)
    {
        foreach (Action<HypercallTable> add in _groups)
        {
            add(table);
        }
    }

    /// <summary>Power-on: nothing registered, chosen, joined or pending.</summary>
    public void Reset()
    {
        Processors.Reset();
        Areas.Reset();
        Events.Reset();
        NonMaskable.Reset();
        _watchdogs.Reset();
        Architecture.Reset();
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Component("processors", Processors);
        state.Component("areas", Areas);
        state.Component("architecture", Architecture);
        state.Component("events", Events);
        state.Component("non-maskable", NonMaskable);
        state.Component("watchdogs", _watchdogs);
    }
}
