using Firmament.Core.Backends;
using Firmament.Core.Interrupts;
using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Core.Time;
using Firmament.Core.Tracing;
using Firmament.Devices.Buses;
using Firmament.Devices.Input;
using Firmament.Devices.Interrupts;
using Firmament.Devices.Serial;
using Firmament.Devices.Timers;

namespace Firmament.Devices.Bridges;

/// <summary>
/// The VIA VT8231 south bridge: function 0 (PCI to ISA) with everything on its ISA side, and functions 2 to 6, which <see cref="PlaceOn"/> puts on the bus.
/// Function 1 (IDE) is a device of its own; the machine places it at the same device number. Sources: VIA VT82C686B data sheet (the
/// VT8231's own differs in the SuperIO), pegasos2.md section 4.
/// </summary>
/// <remarks>
/// Not modelled: ROM decoding, infrared, the PCI bridge's timing registers, distributed DMA; their configuration bytes keep what is written.
/// Example: <c>var south = new Vt8231(...); south.PlaceOn(bridge.Pci1, 12);</c>
/// </remarks>
public sealed class Vt8231 : PciFunction
{
    private readonly InterruptLine[] _pirqs = new InterruptLine[4];
    private readonly InterruptLine[] _routed = new InterruptLine[16];
    private readonly Vt8231SuperIo _superIo;
    private readonly FastReset _port92;
    private readonly FloppyInput _floppyInput;
    private readonly Vt8231Function[] _functions;

    /// <summary>Makes the chip; <see cref="PlaceOn"/> puts it on its bus.</summary>
    /// <param name="intr">The 8259 pair's output.</param>
    /// <param name="console">What the UART sends goes here.</param>
    /// <param name="baseTime">The clock's date and time at virtual time 0.</param>
    /// <param name="ramBytes">What the memory module's SPD EEPROM describes.</param>
    /// <param name="scheduler">The clock.</param>
    /// <param name="tracer">For what is not modelled.</param>
    public Vt8231(InterruptLine intr, ICharacterBackend console, DateTime baseTime, ulong ramBytes, Scheduler scheduler, Tracer tracer)
        : base(0x1106, 0x8231, 0x060100, 0x10)
    {
        Define16(0x04, 0x0087, 0x0008);
        Define16(0x06, 0x0200, 0, writeOneToClear: 0x3000);
        Define8(0x0c, 0, 0);
        Define8(0x0d, 0, 0);
        Define8(0x0e, 0x80, 0); // several functions
        Define8(0x3c, 0, 0xff);
        for (int offset = 0x40; offset < 0x100; offset++)
        {
            Define8(offset, 0, 0xff);
        }

        Define8(0x58, 0x40, 0xff);
        Define8(0x67, 0x08, 0xff);
        Define8(0x6b, 0x01, 0xff);

        Pic = new I8259Pair(intr);
        Isa = new IsaBus(Pic);
        Uart = new Ns16550("uart", console, Isa.ConnectIrq(3, "uart"), scheduler, tracer);
        Parallel = new ParallelPort();
        Floppy = new I82077(Isa.ConnectIrq(6, "floppy"), tracer);
        Timer = new I8254(Isa.ConnectIrq(0, "timer"), scheduler);
        Rtc = new Ds1385Rtc(baseTime, Isa.ConnectIrq(8, "rtc"), scheduler);
        Keyboard = new I8042(Isa.ConnectIrq(1, "keyboard"), Isa.ConnectIrq(12, "mouse"), scheduler, tracer);
        IsaDma = new IsaDma();
        Usb = [new Vt8231Usb(0, scheduler), new Vt8231Usb(1, scheduler)];
        PowerManagement = new Vt8231PowerManagement(ramBytes, scheduler, tracer);
        Audio = Vt8231Audio.CreateAudio(tracer);
        Modem = Vt8231Audio.CreateModem(tracer);
        _functions = [Usb[0], Usb[1], PowerManagement, Audio, Modem];
        _superIo = new Vt8231SuperIo(MapSuperIo);
        _port92 = new FastReset(this);
        _floppyInput = new FloppyInput(Floppy);
        for (int pin = 0; pin < 4; pin++)
        {
            _pirqs[pin] = new InterruptLine($"pirq{(char)('a' + pin)}", _ => RouteInterrupts());
        }

        for (int irq = 0; irq < 16; irq++)
        {
            _routed[irq] = Isa.ConnectIrq(irq, $"pci to irq {irq}");
        }

        PowerManagement.SystemControlChanged = RouteInterrupts;
        Keyboard.ResetRequested = () => SystemReset?.Invoke();
        MapFixedPorts();
        Reset();
    }

    /// <inheritdoc/>
    public override string Name => "isa";

    /// <summary>The ISA bus behind the bridge. IDE in legacy mode claims its ports and IRQ 14 and 15 here.</summary>
    public IsaBus Isa { get; }

    /// <summary>The interrupt controllers; <see cref="I8259Pair.Acknowledge"/> answers the host bridge's acknowledge cycle.</summary>
    public I8259Pair Pic { get; }

    /// <summary>The serial port; it answers once the SuperIO is configured (0x2f8, IRQ 3).</summary>
    public Ns16550 Uart { get; }

    /// <summary>The parallel port.</summary>
    public ParallelPort Parallel { get; }

    /// <summary>The floppy controller.</summary>
    public I82077 Floppy { get; }

    /// <summary>The interval timer and port 0x61.</summary>
    public I8254 Timer { get; }

    /// <summary>The clock and CMOS memory, also for RTAS.</summary>
    public Ds1385Rtc Rtc { get; }

    /// <summary>Keyboard and mouse.</summary>
    public I8042 Keyboard { get; }

    /// <summary>The DMA controllers.</summary>
    public IsaDma IsaDma { get; }

    /// <summary>Functions 2 and 3.</summary>
    public IReadOnlyList<Vt8231Usb> Usb { get; }

    /// <summary>Function 4.</summary>
    public Vt8231PowerManagement PowerManagement { get; }

    /// <summary>Function 5.</summary>
    public Vt8231Audio Audio { get; }

    /// <summary>Function 6.</summary>
    public Vt8231Audio Modem { get; }

    /// <summary>Called when software pulses the reset line: keyboard controller command 0xfe or port 0x92 bit 0.</summary>
    public Action? SystemReset { get; set; }

    /// <summary>The wire of PIRQA (0) to PIRQD (3).</summary>
    public InterruptLine PirqInput(int pin) => _pirqs[pin];

    /// <summary>Places functions 0 and 2 to 6 at a device number; function 1 stays free for IDE.</summary>
    public void PlaceOn(PciBus bus, int device)
    {
        bus.Place(this, device, 0);
        for (int i = 0; i < _functions.Length; i++)
        {
            bus.Place(_functions[i], device, i + 2);
            _functions[i].RouteInterrupt(RouteInterrupts);
        }

        Isa.Attach(bus);
        PowerManagement.Attach();
    }

    /// <inheritdoc/>
    public override void WriteConfig(int offset, uint value, int size)
    {
        base.WriteConfig(offset, value, size);
        if (offset < 0x58 && offset + size > 0x50)
        {
            MapSuperIo();
            RouteInterrupts();
        }
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        base.Reset();
        _superIo.Reset();
        Pic.Reset();
        Uart.Reset();
        Parallel.Reset();
        Floppy.Reset();
        Timer.Reset();
        Rtc.Reset();
        Keyboard.Reset();
        IsaDma.Reset();
        _port92.Reset();
        MapSuperIo();
        RouteInterrupts();
    }

    /// <inheritdoc/>
    public override void Visit(StateVisitor state)
    {
        base.Visit(state);
        state.Component("superio", _superIo);
        state.Component("pic", Pic);
        state.Component("uart", Uart);
        state.Component("parallel", Parallel);
        state.Component("floppy", Floppy);
        state.Component("pit", Timer);
        state.Component("rtc", Rtc);
        state.Component("i8042", Keyboard);
        state.Component("dma", IsaDma);
        state.Component("port92", _port92);
        for (int irq = 0; irq < 16; irq++)
        {
            _routed[irq].VisitLevel(state, $"routed{irq}");
        }

        state.Component("irqs", Isa);
        if (state.IsLoading)
        {
            MapSuperIo();
        }
    }

    private void MapFixedPorts()
    {
        IsaDma.Map(Isa);
        Isa.Map("pic master", 0x20, 2, Pic.MasterPorts);
        Timer.Map(Isa);
        Keyboard.Map(Isa);
        Rtc.Map(Isa);
        Isa.Map("port 92", 0x92, 1, _port92);
        Isa.Map("pic slave", 0xa0, 2, Pic.SlavePorts);
        Isa.Map("elcr", 0x4d0, 2, Pic.EdgeLevelPorts);
    }

    // The configuration ports overlap the floppy controller's; they win while ISA configuration 0x50 bit 2 is set.
    private void MapSuperIo()
    {
        foreach (IMmioTarget target in (ReadOnlySpan<IMmioTarget>)[_superIo, Uart, Parallel, Floppy, _floppyInput])
        {
            Isa.Unmap(target);
        }

        if ((ReadConfig(0x50, 1) & 4) != 0)
        {
            Isa.Map("superio", 0x3f0, 2, _superIo);
        }

        if (_superIo.SerialEnabled)
        {
            Isa.Map("uart", _superIo.SerialPort, 8, Uart);
        }

        if (_superIo.ParallelEnabled)
        {
            Isa.Map("parallel", _superIo.ParallelPort, 3, Parallel);
        }

        if (_superIo.FloppyEnabled)
        {
            // 0x3f6 belongs to IDE.
            Isa.Map("floppy", _superIo.FloppyPort, 6, Floppy);
            Isa.Map("floppy dir", _superIo.FloppyPort + 7, 1, _floppyInput);
        }
    }

    // PIRQA: 0x55 bits 7:4, PIRQB: 0x56 bits 3:0, PIRQC: 0x56 bits 7:4, PIRQD: 0x57 bits 7:4; 0 = not routed.
    private int PirqRoute(int pin) => (int)(pin switch
    {
        0 => ReadConfig(0x55, 1) >> 4,
        1 => ReadConfig(0x56, 1) & 15,
        2 => ReadConfig(0x56, 1) >> 4,
        _ => ReadConfig(0x57, 1) >> 4,
    });

    private void RouteInterrupts()
    {
        int levels = 0;
        for (int pin = 0; pin < 4; pin++)
        {
            levels |= (_pirqs[pin].Level ? 1 : 0) << PirqRoute(pin);
        }

        foreach (Vt8231Function function in _functions)
        {
            levels |= (function.InterruptLevel ? 1 : 0) << function.InterruptIrq;
        }

        levels |= (PowerManagement.SystemControlLevel ? 1 : 0) << PowerManagement.SystemControlIrq;
        for (int irq = 1; irq < 16; irq++)
        {
            _routed[irq].Set((levels & (1 << irq)) != 0);
        }
    }

    /// <summary>Port 0x3f7 of the floppy controller.</summary>
    private sealed class FloppyInput(I82077 floppy) : IMmioTarget
    {
        public ulong Read(ulong offset, int size) => floppy.Read(7, size);

        public void Write(ulong offset, ulong value, int size) => floppy.Write(7, value, size);
    }

    /// <summary>Port 0x92: bit 0 resets the processor, bit 1 is the A20 gate, which does nothing on this processor.</summary>
    private sealed class FastReset(Vt8231 owner) : IMmioTarget, IStateful
    {
        private byte _value;

        public ulong Read(ulong offset, int size) => _value;

        public void Write(ulong offset, ulong value, int size)
        {
            bool pulse = (value & ~(ulong)_value & 1) != 0;
            _value = (byte)(value & 0x03);
            if (pulse)
            {
                owner.SystemReset?.Invoke();
            }
        }

        public void Reset() => _value = 0;

        public void Visit(StateVisitor state) => state.Field("value", ref _value);
    }
}
