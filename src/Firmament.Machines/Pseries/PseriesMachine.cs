using System.Globalization;
using Firmament.Core;
using Firmament.Core.Backends;
using Firmament.Core.Interrupts;
using Firmament.Core.Memory;
using Firmament.Core.Replay;
using Firmament.Core.State;
using Firmament.Devices.Buses;
using Firmament.Devices.Buses.Spapr;
using Firmament.Devices.Buses.Vio;
using Firmament.Devices.Buses.Virtio;
using Firmament.Devices.Interrupts;
using Firmament.Firmware.Architecture;
using Firmament.Firmware.Drivers.Papr;
using Firmament.Machines.Cards;
using Firmament.Machines.Configuration;
using Firmament.Machines.Drivers;
using Firmament.Machines.Placement;
using Firmament.Machines.Pseries.Hypercalls;
using Firmament.Machines.Pseries.Rtas;
using Firmament.Machines.Pseries.Tree;
using Firmament.PowerPC;
using Firmament.PowerPC.Mmu;

namespace Firmament.Machines.Pseries;

/// <summary>
/// A logical partition of IBM's POWER servers (PAPR), with the devices and the numbers QEMU gives its pseries machine. Source: LoPAPR 1.1,
/// the pseries reference.
/// </summary>
internal sealed class PseriesMachine : Machine
{
    private readonly List<Cpu> _cpus = [];
    private readonly PartitionTranslation _translation;
    private readonly PseriesInterrupts _interrupts;
    private readonly TceTables _tables;
    private readonly VioBus _vio;
    private readonly List<SpaprVty?> _terminals = [];
    private readonly List<SpaprPhb> _bridges = [];
    private readonly DriveSet _drives;
    private readonly CardSet _cards;
    private readonly ChaCha20Stream _random;
    private readonly PseriesTopology _topology;
    private readonly PartitionClock _timeOfDay;
    private readonly PseriesFirmware _firmware;

    /// <summary>Builds the machine; the caller resets it.</summary>
    /// <exception cref="UserErrorException">The configuration is impossible.</exception>
    public PseriesMachine(MachineConfiguration configuration, HostServices services)
        : base(configuration, services)
    {
        _topology = PseriesOptions.Topology(configuration, Kind);
        CpuModel model = ProcessorFactory.Find(configuration.Cpu ?? Kind.DefaultCpu);
        _translation = new PartitionTranslation
        {
            HashTableShift = _topology.HashTableShift,
            HasRadix = _topology.Cpu.HasRadix,
            RealModeArea = _topology.RealModeAreaBytes,
            AllowsResize = _topology.ResizesHashTable,
        };
        _drives = new DriveSet(configuration.Drives, Kind.OwnDrives, services.OpenDrive);
        try
        {
            for (int i = 0; i < _topology.Cpus; i++)
            {
                _cpus.Add(new Cpu(
                    model, Map, Clock, Tracer, PseriesTree.TimeBaseFrequency, first: i == 0 ? null : _cpus[0], index: i, translation: _translation,
                    translateAfter: ProcessorFactory.TranslateAfter(configuration.Engine), codeCacheBytes: configuration.CodeCacheBytes)
                {
                    ThreadsPerCore = _topology.ThreadsPerCore,
                    TimeShift = TimeShift,
                    RandomNumbers = NextRandom,
                });
            }

            Processors = [.. _cpus.Select(static cpu => new CpuProcessor(cpu))];
            Clock.DeadlineMoved = StopProcessors;
            _interrupts = new PseriesInterrupts(
                [.. _cpus.Select(static cpu => new InterruptLine($"cpu{cpu.Index} external", cpu.SetExternalInterrupt))],
                Ram,
                () => RunningProcessor,
                _topology.Initial.Interrupts,
                Tracer);
            _interrupts.Xive.MapInto(Map);
            _tables = new TceTables(Ram, Tracer);
            _vio = new VioBus(_tables, _interrupts.Connect);
            foreach (ICharacterBackend? serial in services.SerialPorts)
            {
                _terminals.Add(serial == null ? null : _vio.Place(new SpaprVty($"serial{_terminals.Count}", serial, Journal, Tracer)));
            }

            SpaprNvram nvram = _vio.Place(new SpaprNvram(SpaprNvram.DefaultSize));
            Dictionary<string, PciBus> buses = AddBridges();
            _cards = new CardSet(configuration, services, _drives, _bridges[0].Bus, Clock, Journal, Tracer, Endianness.Little)
            {
                HasMessages = true,
                TranslatesDma = true,
                Buses = buses,
                Vio = _vio,
                Memory = Ram,
                FirstSlot = 0,
            };
            _cards.PlaceAll();
            _random = new ChaCha20Stream(SeededBytes.For(configuration.Seed, "h-random"));
            _timeOfDay = new PartitionClock(Clock, configuration.RtcBase.UtcDateTime);
            _firmware = new PseriesFirmware(this, configuration, new TerminalConsole(_vio.FindTerminal(0)), ConsolePath, _timeOfDay, nvram.Size, AskFor)
            {
                DeviceCalls =
                [
                    new MemoryHypercalls(_translation, Map, _cpus).AddTo,
                    new XicsHypercalls(_interrupts, () => Clock.Now.ToTicks(PseriesTree.TimeBaseFrequency)).AddTo,
                    new XiveHypercalls(_interrupts).AddTo,
                    new TermHypercalls(_vio).AddTo,
                    new VioHypercalls(_vio).AddTo,
                    new LanHypercalls(_vio).AddTo,
                    new TceHypercalls(_tables).AddTo,
                ],
                Buses = [new VioBinding(_vio, _tables).AddTo, .. _bridges.Select<SpaprPhb, Action<FirmwareDevices>>(bridge => devices => Bind(bridge, devices))],
            };
            _firmware.Partition = new PseriesPartition(new PseriesPartitionParts
            {
                Topology = _topology,
                Processors = _cpus,
                Ram = Ram,
                Clock = Clock,
                Platform = _firmware,
                Tree = () => LiveTree,
                Interrupts = new XicsRtas(_interrupts),
                Pci = new PciRtas(_bridges),
                Vio = new VioRtas(_vio),
                EpowInterrupt = _interrupts.Connect(PseriesInterruptNumbers.PowerEvent),
                ArchitectureChanged = ArchitectureChanged,
                Random = _cards.HasRandomSource ? NextRandom : null,
            });
            _interrupts.Connect(PseriesInterruptNumbers.HotPlugEvent);
            _firmware.Partition.Processors.Conferred = (_, _) => StopProcessors();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override string Name => "pseries";

    /// <inheritdoc/>
    public override IReadOnlyList<IMachineProcessor> Processors { get; } = [];

    /// <summary>The tree of the present boot, or null before the first.</summary>
    public DeviceTree.DeviceTree? LiveTree => _firmware?.Tree;

    /// <inheritdoc/>
    internal override FirmwareDevices? FirmwareDevices => _firmware.Devices;

    /// <summary>Bytes from address 0 that real mode reaches.</summary>
    public ulong RealModeAreaBytes => _topology.RealModeAreaBytes;

    /// <inheritdoc/>
    public override MachineStatistics Statistics => base.Statistics with
    {
        FirmwareCalls = _firmware.ClientCalls,
        RtasCalls = _firmware.RtasCalls,
        Hypercalls = _firmware.Hypercalls,
    };

    /// <inheritdoc/>
    protected override bool InterruptPending => false;

    private string? ConsolePath => _vio.FindTerminal(0) is { } terminal ? $"/vdevice/{terminal.Name}" : null;

    /// <inheritdoc/>
    public override InputChannel? ConsoleInput(int port) => (uint)port < (uint)_terminals.Count ? _terminals[port]?.Input : null;

    /// <inheritdoc/>
    public override InputChannel? CharacterInput(string id) => _cards.ConsoleInput(id);

    /// <inheritdoc/>
    public override byte[]? ScreenDump() => _cards.ScreenDump();

    /// <inheritdoc/>
    public override void SendBreak(int port)
    {
        // A virtual terminal has no line to break; Linux takes Ctrl-O for it (hvc_console).
        const byte BreakCharacter = 0x0f;
        ConsoleInput(port)?.Post([BreakCharacter]);
    }

    /// <inheritdoc/>
    public override bool TryInterruptAll()
    {
        foreach (Cpu cpu in _cpus)
        {
            _firmware.Partition.Processors.SystemReset(cpu);
        }

        return true;
    }

    /// <inheritdoc/>
    public override string? InfoText(string topic) => topic switch
    {
        "qtree" => Firmament.DeviceTree.Text.TreeOutline.Write(LiveTree ?? DescribeBoot()),
        "pci" => PciListing.Write(_bridges.Select(static bridge => bridge.Bus)),
        "cpus" => string.Concat(_cpus.Select(cpu => $"{(cpu.Index == 0 ? '*' : ' ')} CPU #{cpu.Index}: {_topology.Cpu.Name}{(cpu.IsStopped ? ", stopped" : "")}\n")),
        _ => base.InfoText(topic),
    };

    /// <inheritdoc/>
    public override void Visit(StateVisitor state)
    {
        base.Visit(state);
        state.Component("translation", _translation);
        state.Component("interrupts", _interrupts);
        state.Component("tce", _tables);
        state.Component("vio", _vio);
        foreach (SpaprPhb bridge in _bridges)
        {
            state.Component(bridge.Bus.Name, bridge);
        }

        state.Component("random", _random);
        state.Component("time-of-day", _timeOfDay);
        state.Component("firmware", _firmware);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _cards?.Dispose();
        _drives.Dispose();
        base.Dispose();
        _translation.Dispose();
    }

    /// <inheritdoc/>
    public override DeviceTree.DeviceTree DescribeBoot() => _firmware.Describe(BuildTree());

    /// <inheritdoc/>
    protected override void ResetBoard()
    {
        _vio.Reset();
        foreach (SpaprPhb bridge in _bridges)
        {
            bridge.Reset();
        }

        _firmware.Partition.Reset();
        foreach (Cpu cpu in _cpus)
        {
            cpu.Lpcr = _topology.Cpu.DecrementerBits != 0 ? LogicalPartitionControl.LargeDecrementer : 0;
            if (cpu.Index != 0)
            {
                cpu.Stop();
            }
        }
    }

    /// <inheritdoc/>
    protected override void Boot()
    {
        _firmware.Boot(BuildTree());
        _firmware.PrepareNvram();
    }

    /// <inheritdoc/>
    protected override void SettleInput() => _cards.Settle();

    /// <inheritdoc/>
    protected override void TurnBegins(int index) => _firmware.Partition.Areas.Dispatched(_cpus[index], _cpus[index].IsCeded);

    /// <inheritdoc/>
    protected override void TurnEnds(int index) => _firmware.Partition.Areas.Preempted(index);

    // QEMU names the first bridge's bus pci.0, and another's after its device: ID.0.
    private Dictionary<string, PciBus> AddBridges()
    {
        Dictionary<string, PciBus> buses = [];
        AddBridge(0, ["pci.0", "pci"]);
        foreach (DeviceConfiguration device in Configuration.Devices.Where(static device => device.Driver == "spapr-pci-host-bridge"))
        {
            if (!int.TryParse(device["index"], NumberStyles.None, CultureInfo.InvariantCulture, out int index) || index < 1 || index >= SpaprPhb.MostBridges)
            {
                throw new UserErrorException($"A PCI host bridge needs a number of its own; give spapr-pci-host-bridge,index=1 (to {SpaprPhb.MostBridges - 1}).");
            }

            if (_bridges.Any(bridge => bridge.Index == index))
            {
                throw new UserErrorException($"Two PCI host bridges want index={index}; give each its own.");
            }

            string name = device["id"] ?? $"pci.{index}";
            AddBridge(index, [name, name + ".0"]);
        }

        return buses;

        void AddBridge(int index, string[] names)
        {
            SpaprPhb bridge = new(index, _tables, _interrupts, _interrupts.Connect, Tracer);
            bridge.MapTo(Map);
            _bridges.Add(bridge);
            foreach (string name in names)
            {
                buses.TryAdd(name, bridge.Bus);
            }
        }
    }

    /// <summary>Adds what is on a bridge's bus. All its functions share one DMA window.</summary>
    private void Bind(SpaprPhb bridge, FirmwareDevices devices)
    {
        ulong index = (ulong)bridge.Index;
        PciWindows windows = new(
            Map,
            new PhbConfigAccess(bridge),
            SpaprPhb.IoBase + (index * SpaprPhb.IoLength),
            SpaprPhb.MemoryBase + (index * SpaprPhb.MemoryLength),
            SpaprPhb.MemoryBusAddress,
            SpaprPhb.MemoryLength);
        TceMapper dma = devices.Keep($"{bridge.Bus.Name} window", new TceMapper(new TceWindow(_tables, bridge.Windows[0])));
        new PciBinding(bridge.Bus, $"/pci@{bridge.Buid:x}", windows, Endianness.Little).AddTo(devices, dma);
    }

    private DeviceTree.DeviceTree BuildTree()
    {
        DeviceTree.DeviceTree tree = PseriesTree.Build(_topology, ConsolePath);
        _vio.WriteTo(tree.Root);
        foreach (SpaprPhb bridge in _bridges)
        {
            SpaprPhbPlacement.Write(bridge, tree.Root, InterruptControllerNode.Phandle);
        }

        if (_cards.HasRandomSource)
        {
            // Linux's pseries-rng takes H_RANDOM only from a node of this family.
            tree.Root.AddChild("ibm,platform-facilities")
                .SetString("device_type", "ibm,platform-facilities")
                .SetCells("#address-cells", 1)
                .SetCells("#size-cells", 0)
                .AddChild("ibm,random-v1")
                .SetString("device_type", "ibm,random-v1")
                .SetString("compatible", "ibm,random");
        }

        return tree;
    }

    private void ArchitectureChanged(ClientArchitecture architecture)
    {
        _interrupts.Select(architecture.Interrupts);
        if (architecture.Mmu == MmuMode.Radix)
        {
            _translation.ResetToRadix();
        }
        else
        {
            _translation.ResetToHash();
        }
    }

    private ulong NextRandom()
    {
        Span<byte> bytes = stackalloc byte[8];
        _random.Fill(bytes);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }
}
