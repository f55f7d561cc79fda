using System.Globalization;
using Firmament.Core;
using Firmament.Core.Backends;
using Firmament.Core.Interrupts;
using Firmament.Core.Memory;
using Firmament.Core.Replay;
using Firmament.Core.State;
using Firmament.Devices.Bridges;
using Firmament.Devices.Buses;
using Firmament.Devices.Storage;
using Firmament.Firmware.Drivers;
using Firmament.Machines.Cards;
using Firmament.Machines.Configuration;
using Firmament.Machines.Drivers;
using Firmament.Machines.Placement;
using PciSetup = Firmament.Machines.Configuration.PciSetup;
using Tree = Firmament.DeviceTree.DeviceTree;

namespace Firmament.Machines.Pegasos2;

/// <summary>
/// The bPlan Pegasos II: a G4, the MV64361 with two PCI buses, the VT8231 on the second of them. Source: the pegasos2 reference.
/// </summary>
/// <remarks>Not modelled: the Gigabit Ethernet port, AGP cards, FireWire, the second (Rhine) Ethernet; use a virtio card.</remarks>
internal sealed class Pegasos2Machine : Machine
{
    private const int SouthBridgeDevice = 12;
    private const int AcknowledgedByPic = 31;
    private readonly ICharacterBackend _serial;
    private readonly InputChannel _serialInput;
    private readonly DriveSet _drives;
    private readonly CardSet _cards;
    private readonly Mv64361 _bridge;
    private readonly Vt8231 _south;
    private readonly BoardSetup _board;
    private readonly IReadOnlyList<PciHostPlacement> _hosts;
    private readonly Pegasos2Firmware _firmware;

    /// <summary>Builds the machine; the caller resets it.</summary>
    /// <exception cref="UserErrorException">The configuration is impossible.</exception>
    public Pegasos2Machine(MachineConfiguration configuration, HostServices services)
        : base(configuration, services)
    {
        if (configuration.InstructionsPerNanosecond != 1)
        {
            throw new UserErrorException("Another speed than one instruction in a nanosecond is not built yet; leave the speed out.");
        }

        Processors = [ProcessorFactory.Create(configuration.Cpu ?? Kind.DefaultCpu, Map, Clock, Tracer, Pegasos2Tree.TimeBaseFrequency, configuration, TimeShift)];
        Clock.DeadlineMoved = StopProcessors;
        _serial = (services.SerialPorts.Count > 0 ? services.SerialPorts[0] : null) ?? new NullCharacterBackend();
        _drives = new DriveSet(configuration.Drives, Kind.OwnDrives, services.OpenDrive);
        try
        {
            SystemMemory memory = new(Ram);
            _bridge = new Mv64361(Map, Clock, Tracer, memory)
            {
                CpuInterrupt = new InterruptLine("cpu int", Processor.SetExternalInterrupt),
            };
            _south = new Vt8231(
                _bridge.GppInput(AcknowledgedByPic), _serial, configuration.RtcBase.UtcDateTime, configuration.MemoryBytes, Clock, Tracer)
            {
                SystemReset = () => AskFor(new StopResult(StopReason.Reset)),
            };
            _south.PowerManagement.PowerOff = () => AskFor(new StopResult(StopReason.PowerOff));
            _south.PlaceOn(_bridge.Pci1, SouthBridgeDevice);
            _bridge.InterruptAcknowledge1 = _south.Pic.Acknowledge;
            for (int pin = 0; pin < 4; pin++)
            {
                _bridge.ConnectPciInterrupt(pin, _south.PirqInput(pin));
            }

            PlaceIde();
            _cards = new CardSet(configuration, services, _drives, _bridge.Pci1, Clock, Journal, Tracer, Endianness.Big) { Memory = Ram };
            _cards.PlaceAll();
        }
        catch
        {
            Dispose();
            throw;
        }

        _serialInput = Journal.CreateChannel("serial0", bytes => _south.Uart.Receive(bytes));
        _board = new BoardSetup(Map);
        _hosts =
        [
            new(_bridge.Pci1, 0xfe00_0000, 0x1_0000, 0x8000_0000, 0x4000_0000, 33_333_333, static node =>
            {
                node.SetCells("8259-interrupt-acknowledge", BoardSetup.Bridge + 0xcb4);
                node.SetCells("pci-bridge-number", 0);
                node.SetCells("bus-range", 0, 0);
            }),
            new(_bridge.Pci0, 0xf800_0000, 0x1_0000, 0xc000_0000, 0x2000_0000, 66_666_666, static node =>
            {
                node.SetCells("pci-bridge-number", 1);
                node.SetCells("bus-range", 0, 0);
            }),
        ];
        _firmware = new Pegasos2Firmware(
            this, configuration, new UartConsole(_serial, new LittleEndianBus(Map)), new BoardPci(_board), new BoardClock(_south.Rtc), AskFor, Nap)
        {
            Buses =
            [
                devices => Binding(_hosts[0], _board.Pci1).AddTo(devices, IdentityDma.Instance),
                devices => Binding(_hosts[1], _board.Pci0).AddTo(devices, IdentityDma.Instance),
            ],
        };
    }

    /// <inheritdoc/>
    public override string Name => "pegasos2";

    /// <inheritdoc/>
    public override IReadOnlyList<IMachineProcessor> Processors { get; }

    /// <inheritdoc/>
    protected override bool InterruptPending => _bridge.CpuInterrupt.Level;

    /// <summary>The tree of the present boot.</summary>
    public Tree Tree => _firmware.Tree ?? BuildTree();

    /// <inheritdoc/>
    internal override FirmwareDevices? FirmwareDevices => _firmware.Devices;

    /// <summary>Bus accesses and configuration cycles as the board's firmware makes them.</summary>
    public BoardSetup Board => _board;

    /// <inheritdoc/>
    public override MachineStatistics Statistics => base.Statistics with
    {
        FirmwareCalls = _firmware.ClientCalls,
        RtasCalls = _firmware.RtasCalls,
        Hypercalls = _firmware.Hypercalls,
    };

    /// <inheritdoc/>
    public override InputChannel? ConsoleInput(int port) => port == 0 ? _serialInput : null;

    /// <inheritdoc/>
    public override InputChannel? CharacterInput(string id) => _cards.ConsoleInput(id);

    /// <inheritdoc/>
    public override byte[]? ScreenDump() => _cards.ScreenDump();

    /// <inheritdoc/>
    public override void SendBreak(int port)
    {
        if (port == 0)
        {
            _south.Uart.ReceiveBreak();
        }
    }

    /// <inheritdoc/>
    public override string? InfoText(string topic) => topic switch
    {
        "pci" => PciListing.Write([_bridge.Pci1, _bridge.Pci0]),
        "qtree" => Firmament.DeviceTree.Text.TreeOutline.Write(Tree),
        "cpus" => $"* CPU #0: {Configuration.Cpu ?? Kind.DefaultCpu}, version 0x{Processor.Version:x8}\n",
        _ => base.InfoText(topic),
    };

    /// <inheritdoc/>
    public override void Visit(StateVisitor state)
    {
        base.Visit(state);
        state.Component("mv64361", _bridge);
        state.Component("firmware", _firmware);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _cards?.Dispose();
        _drives.Dispose();
        base.Dispose();
    }

    /// <summary>The tree that a boot would start with: what the board's buses hold now.</summary>
    public Tree BuildTree() => Pegasos2Tree.Build(Configuration.MemoryBytes, Processor.Version, _hosts);

    /// <inheritdoc/>
    public override Tree DescribeBoot() => _firmware.Describe(BuildTree());

    /// <inheritdoc/>
    protected override void ResetBoard()
    {
        // The bridge resets both buses, and with them the south bridge, its ISA devices and the cards.
        _bridge.Reset();
        _board.WriteRegisters();
        foreach (string bar in _board.SetUpCards(Configuration.PciSetup == PciSetup.Firmware))
        {
            Services.Note?.Invoke($"No address was left for PCI base address register {bar}; the guest may find one.");
        }
    }

    /// <inheritdoc/>
    protected override void Boot() => _firmware.Boot(BuildTree());

    /// <inheritdoc/>
    protected override void SettleInput() => _cards.Settle();

    private PciBinding Binding(PciHostPlacement host, IConfigAccess config) => new(
        host.Bus,
        $"/pci@{host.MemoryWindow:x}",
        new PciWindows(Map, config, host.IoWindow, host.MemoryWindow, host.MemoryWindow, host.MemorySize),
        Endianness.Big);

    private void PlaceIde()
    {
        IdeController ide = new(_south.Isa.ConnectIrq(14, "ide0"), _south.Isa.ConnectIrq(15, "ide1"), Tracer);
        (DriveConfiguration Drive, IBlockBackend? Image)?[] positions = _drives.Ide();
        for (int i = 0; i < positions.Length; i++)
        {
            if (positions[i] is { } place)
            {
                IdeChannel channel = i < 2 ? ide.Primary : ide.Secondary;
                string serial = place.Drive.Serial ?? string.Create(CultureInfo.InvariantCulture, $"FM{i + 1:d5}");
                if (place.Drive.Media == DriveMedia.Cdrom)
                {
                    channel.Attach(i & 1, new AtapiCdrom(place.Image, serial: serial));
                }
                else
                {
                    channel.Attach(i & 1, new AtaDisk(place.Image!, serial: serial));
                }
            }
        }

        _bridge.Pci1.Place(ide, SouthBridgeDevice, 1);
    }
}
