using Firmament.Core.State;
using Firmament.Core.Time;
using Firmament.Devices.Buses.Spapr;
using Firmament.Devices.Buses.Vio;
using Firmament.Devices.Interrupts;
using Firmament.Firmware;
using Firmament.Firmware.Architecture;
using Firmament.Firmware.Hypercalls;
using Firmament.Firmware.Rtas;
using Firmament.Machines.Pseries.Hypercalls;
using Firmament.Machines.Pseries.Rtas;
using Firmament.Machines.Pseries.Tree;
using Firmament.PowerPC.Mmu;

namespace Firmament.Machines.Pseries;

/// <summary>What the partition's hypervisor and RTAS do, over the machine's devices and CPUs: every group of calls, made once.</summary>
internal sealed class PseriesServices : IStateful
{
    private readonly PseriesMachine _machine;
    private readonly PseriesTopology _topology;
    private readonly PartitionTranslation _translation;
    private readonly PseriesInterrupts _interrupts;
    private readonly VioBus _vio;
    private readonly TceTables _tables;
    private readonly PciRtas _pci;
    private readonly VirtualProcessorAreas _areas;
    private readonly ProcessorHypercalls _processorCalls;
    private readonly ProcessorModeHypercalls _modes;
    private SystemRtas? _system;
    private EventRtas? _events;
    private ProcessorWatchdogHypercalls? _watchdogs;

    /// <summary>Makes the services; nothing is reset yet.</summary>
    public PseriesServices(
        PseriesMachine machine, PseriesTopology topology, PartitionProcessors processors, PartitionTranslation translation, PseriesInterrupts interrupts,
        VioBus vio, TceTables tables, IReadOnlyList<SpaprPhb> bridges, IFirmwareConsole console, PartitionClock clock, Func<ulong>? random)
    {
        _machine = machine;
        _topology = topology;
        _translation = translation;
        _interrupts = interrupts;
        _vio = vio;
        _tables = tables;
        _pci = new PciRtas(bridges);
        Processors = processors;
        Console = console;
        Clock = clock;
        Architecture = new PseriesArchitecture(topology, processors, () => machine.LiveTree, Changed);
        _areas = new VirtualProcessorAreas(machine.Ram, topology.Cpus, TimeBase);
        _processorCalls = new ProcessorHypercalls(processors, _areas, Architecture.DomainsOf, random);
        _modes = new ProcessorModeHypercalls(processors);
    }

    /// <summary>The CPUs.</summary>
    public PartitionProcessors Processors { get; }

    /// <summary>The firmware's console.</summary>
    public IFirmwareConsole Console { get; }

    /// <summary>The time of day.</summary>
    public PartitionClock Clock { get; }

    /// <summary>What the client has chosen.</summary>
    public PseriesArchitecture Architecture { get; }

    /// <summary>What CPUs share with the hypervisor.</summary>
    public VirtualProcessorAreas Areas => _areas;

    /// <summary>Platform events; after <see cref="Connect"/>.</summary>
    public EventRtas Events => _events!;

    /// <summary>Makes what needs the firmware; once, when it exists.</summary>
    public void Connect(IFirmwarePlatform platform)
    {
        _system = new SystemRtas(platform, _topology, () => _machine.LiveTree);
        _events = new EventRtas(platform, _interrupts.Connect(PseriesInterruptNumbers.PowerEvent));
        _interrupts.Connect(PseriesInterruptNumbers.HotPlugEvent);
        _watchdogs = new ProcessorWatchdogHypercalls(_machine.Clock, Processors, platform);
    }

    /// <summary>The RTAS calls of a boot.</summary>
    public RtasCalls BindRtas(IFirmwarePlatform platform) => new PseriesRtas
    {
        Common = new CommonRtas(platform),
        Processors = new ProcessorRtas(Processors),
        System = _system!,
        Connectors = new ConnectorRtas(_topology),
        Events = _events!,
        Interrupts = new XicsRtas(_interrupts),
        Pci = _pci,
        Vio = new VioRtas(_vio),
    }.Bind(_topology.MostCpus);

    /// <summary>Adds every hypercall there is.</summary>
    public void AddHypercalls(HypercallTable table)
    {
        _processorCalls.AddTo(table);
        _modes.AddTo(table);
        new ProcessorAreaHypercalls(_areas, _topology.Cpus).AddTo(table);
        _watchdogs!.AddTo(table);
        new MemoryHypercalls(_translation, _machine.Map, Processors.All).AddTo(table);
        new XicsHypercalls(_interrupts, TimeBase).AddTo(table);
        new XiveHypercalls(_interrupts).AddTo(table);
        new TermHypercalls(_vio).AddTo(table);
        new VioHypercalls(_vio).AddTo(table);
        new LanHypercalls(_vio).AddTo(table);
        new TceHypercalls(_tables).AddTo(table);
    }

    /// <summary>Power-on.</summary>
    public void Reset()
    {
        _areas.Reset();
        _system!.Reset();
        _events!.Reset();
        _watchdogs!.Reset();
        Processors.Reset();
        Architecture.Reset();
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Component("processors", Processors);
        state.Component("clock", Clock);
        state.Component("architecture", Architecture);
        state.Component("areas", _areas);
        state.Component("system", _system!);
        state.Component("events", _events!);
        state.Component("watchdogs", _watchdogs!);
    }

    private ulong TimeBase() => _machine.Clock.Now.ToTicks(PseriesTree.TimeBaseFrequency);

    private void Changed(ClientArchitecture architecture)
    {
        _interrupts.Select(architecture.Interrupts == InterruptMode.Xive ? PseriesInterruptMode.Xive : PseriesInterruptMode.Xics);
        if (architecture.Mmu == MmuMode.Radix)
        {
            _translation.ResetToRadix();
        }
        else
        {
            _translation.ResetToHash();
        }
    }
}
