using Firmament.Core.Interrupts;
using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Core.Time;
using Firmament.Core.Tracing;
using Firmament.Devices.Buses;
using Firmament.Devices.Interrupts;

namespace Firmament.Devices.Bridges;

/// <summary>
/// The Marvell MV64361 system controller (Discovery II): processor interface with its address windows, two PCI host bridges, main interrupt
/// controller, general purpose pins, timers, on-chip SRAM. Sources: Marvell's public register list of the MV64360 family, pegasos2.md.
/// </summary>
/// <remarks>
/// SDRAM and device chip selects are stored: RAM is mapped by the machine. Not modelled, registers stored only: Ethernet (no PHY answers), IDMA, MPSC,
/// I²C, SDRAM controller, watchdog, doorbells and semaphores, data swapping in windows, PCI target windows.
/// Example: <c>var bridge = new Mv64361(map, scheduler, tracer, dma); bridge.Pci1.Place(card, device: 1); bridge.CpuInterrupt = cpuLine;</c>
/// </remarks>
public sealed partial class Mv64361 : IMmioTarget, IStateful
{
    private readonly MemoryMap _map;
    private readonly Tracer _tracer;
    private readonly uint[] _stored = new uint[0x4000];
    private readonly Dictionary<int, MemoryRegion> _mapped = [];
    private readonly Mv64361Interrupts _interrupts = new();
    private readonly Mv64361Gpp _gpp;
    private readonly Mv64361Timers _timers;
    private readonly Mv64361Sram _sram = new();
    private readonly Mv64361ConfigPorts _config0;
    private readonly Mv64361ConfigPorts _config1;
    private readonly SharedLine[] _pciInterrupts = new SharedLine[4];
    private readonly InterruptLine[] _pciOutputs = new InterruptLine[4];
    private readonly List<InterruptLine>[] _pciListeners = [[], [], [], []];

    /// <summary>Makes the chip in its power-on state, its windows mapped into <paramref name="map"/>.</summary>
    /// <param name="map">The processor's address space.</param>
    /// <param name="scheduler">The clock.</param>
    /// <param name="tracer">For accesses to what is not modelled.</param>
    /// <param name="systemMemory">What bus masters on both buses reach.</param>
    /// <param name="coreClock">Hertz; the timers count it.</param>
    public Mv64361(MemoryMap map, Scheduler scheduler, Tracer tracer, IDmaSpace systemMemory, uint coreClock = 133_333_333)
    {
        _map = map;
        _tracer = tracer;
        _gpp = new Mv64361Gpp(_interrupts);
        _timers = new Mv64361Timers(_interrupts, scheduler, coreClock);
        for (int pin = 0; pin < 4; pin++)
        {
            int wire = pin;
            _pciOutputs[pin] = new InterruptLine($"pci int{(char)('a' + pin)}", level => DrivePciInterrupt(wire, level));
            _pciInterrupts[pin] = new SharedLine(_pciOutputs[pin]);
        }

        Pci0 = new PciBus("pci.0", systemMemory, (device, pin) => ConnectPciPin("pci.0", device, pin), tracer);
        Pci1 = new PciBus("pci.1", systemMemory, (device, pin) => ConnectPciPin("pci.1", device, pin), tracer);
        Pci0.Place(new Mv64361HostBridge(), device: 0);
        Pci1.Place(new Mv64361HostBridge(), device: 0);
        _config0 = new Mv64361ConfigPorts(Pci0, tracer);
        _config1 = new Mv64361ConfigPorts(Pci1, tracer);
        Reset();
    }

    /// <summary>The 66 MHz bus (AGP).</summary>
    public PciBus Pci0 { get; }

    /// <summary>The 33 MHz bus, with the south bridge.</summary>
    public PciBus Pci1 { get; }

    /// <summary>The CPU interrupt 0 pin: high while any cause that its mask admits is active.</summary>
    public InterruptLine CpuInterrupt
    {
        get => _interrupts.Outputs[0];
        set => _interrupts.Outputs[0] = value;
    }

    /// <summary>The CPU interrupt 1 pin.</summary>
    public InterruptLine CpuInterrupt1
    {
        get => _interrupts.Outputs[1];
        set => _interrupts.Outputs[1] = value;
    }

    /// <summary>Answers the interrupt acknowledge cycle on PCI0 (read of 0xc34); null where no interrupt controller sits there.</summary>
    public Func<byte>? InterruptAcknowledge0 { get; set; }

    /// <summary>Answers the interrupt acknowledge cycle on PCI1 (read of 0xcb4).</summary>
    public Func<byte>? InterruptAcknowledge1 { get; set; }

    /// <summary>The wire of general purpose pin <paramref name="pin"/> (0 to 31). GPP12–15 are driven by the PCI interrupts.</summary>
    public InterruptLine GppInput(int pin) => _gpp.Input(pin);

    /// <summary>Also leads the board's PCI INTA (0) to INTD (3), ORed over both buses, to <paramref name="line"/>.</summary>
    public void ConnectPciInterrupt(int pin, InterruptLine line) => _pciListeners[pin].Add(line);

    /// <summary>The wire a device's pin (1 to 4) leads to: 0 = INTA … 3 = INTD. The board rotates by device number.</summary>
    public static int RoutePciPin(int device, int pin) => (pin - 1 + device) & 3;

    /// <summary>Power-on state of the chip and of everything on its buses.</summary>
    public void Reset()
    {
        _interrupts.Reset();
        _gpp.Reset();
        _timers.Reset();
        _config0.Reset();
        _config1.Reset();
        _sram.Reset();
        Array.Clear(_stored);
        foreach (var register in Registers)
        {
            _stored[register.Offset >> 2] = register.Reset;
        }

        Pci0.Reset();
        Pci1.Reset();
        MapWindows();
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Bytes("registers", System.Runtime.InteropServices.MemoryMarshal.AsBytes(_stored.AsSpan()));
        state.Component("interrupts", _interrupts);
        state.Component("gpp", _gpp);
        state.Component("timers", _timers);
        state.Component("config0", _config0);
        state.Component("config1", _config1);
        state.Component("sram", _sram);
        for (int pin = 0; pin < 4; pin++)
        {
            state.Component($"int{pin}", _pciInterrupts[pin]);
            _gpp.Input(12 + pin).VisitLevel(state, $"gpp{12 + pin}");
            for (int i = 0; i < _pciListeners[pin].Count; i++)
            {
                _pciListeners[pin][i].VisitLevel(state, $"int{pin}.{i}");
            }
        }

        state.Component(Pci0.Name, Pci0);
        state.Component(Pci1.Name, Pci1);
        if (state.IsLoading)
        {
            MapWindows();
        }
    }

    private InterruptLine ConnectPciPin(string bus, int device, int pin) =>
        _pciInterrupts[RoutePciPin(device, pin)].Connect($"{bus} device {device} int{(char)('a' + pin - 1)}");

    private void DrivePciInterrupt(int pin, bool level)
    {
        _gpp.Input(12 + pin).Set(level);
        foreach (InterruptLine line in _pciListeners[pin])
        {
            line.Set(level);
        }
    }
}
